"""What stands upright in a plot over steps: marks of what happened, ticks of checkpoints, the step looked at."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import pyqtgraph as pg

from workbench.gui.theme import Theme

_MOST_TICKS = 400


class Uprights:
    """Those of one plot, which has to be given a theme before the first is put into it."""

    _theme: Theme

    def __init__(self, plot: pg.PlotWidget) -> None:
        self._plot = plot
        self.forget()

    def forget(self) -> None:
        """The plot was cleared: none is there any more."""
        self._marks: dict[str, pg.InfiniteLine] = {}
        self._ticks: pg.VTickGroup | None = None
        self._cursors: list[pg.InfiniteLine] = []

    @property
    def marked(self) -> dict[str, tuple[float, str]]:
        """Where a mark stands and what it says, by its name."""
        return {name: (float(mark.value()), mark.label.format) for name, mark in self._marks.items()}

    @property
    def ticked(self) -> list[float]:
        """The steps with a tick at the lower edge."""
        return [] if self._ticks is None else list(self._ticks.xvals)

    @property
    def looked_at(self) -> dict[float, str]:
        """The steps at which solid uprights stand, and what each says."""
        return {float(one.value()): one.label.format for one in self._cursors}

    def mark(self, name: str, x: float | None, text: str) -> None:
        """A pale upright at x."""
        if name not in self._marks:
            if x is None:
                return
            # Words of neighbours stand at different heights.
            height = 0.92 - 0.17 * (len(self._marks) % 4)
            options = {"position": height, "color": self._theme.muted}
            self._marks[name] = pg.InfiniteLine(x, 90, label=text, labelOpts=options)
            # A dashed one takes a millisecond to draw, whenever a point of the curve comes.
            self._marks[name].setPen(pg.mkPen(self._theme.border))
            self._plot.addItem(self._marks[name], ignoreBounds=True)
        elif x is not None:
            self._marks[name].setValue(x)
            self._marks[name].label.setFormat(text)

    def look_at(self, places: Mapping[float, str]) -> None:
        """Solid uprights at the steps that are looked at, each with its words, which may be none."""
        for one in self._cursors:
            self._plot.removeItem(one)
        self._cursors = []
        for number, (x, words) in enumerate(places.items()):
            # Words of neighbours stand at different heights, and lower than those of what happened.
            options = {"position": 0.8 - 0.08 * (number % 2)}
            self._cursors.append(pg.InfiniteLine(x, 90, label=words, labelOpts=options))
            self._cursors[-1].setZValue(10)
            self._plot.addItem(self._cursors[-1], ignoreBounds=True)
        self._colour_cursors()

    def ticks(self, steps: Sequence[int]) -> None:
        """Short uprights at the lower edge: one for each checkpoint, and of very many only some."""
        if self._ticks is None:
            self._ticks = pg.VTickGroup(yrange=[0, 0.06])
            self._ticks.setPen(pg.mkPen(self._theme.muted, width=1))
            self._plot.addItem(self._ticks, ignoreBounds=True)
        self._ticks.setXVals(list(steps[:: math.ceil(len(steps) / _MOST_TICKS) or 1]))

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        for mark in self._marks.values():
            mark.setPen(pg.mkPen(theme.border))
            mark.label.setColor(theme.muted)
        if self._ticks is not None:
            self._ticks.setPen(pg.mkPen(theme.muted, width=1))
        self._colour_cursors()

    def _colour_cursors(self) -> None:
        for one in self._cursors:
            one.setPen(pg.mkPen(self._theme.text, width=1.5))
            one.label.setColor(self._theme.text)
