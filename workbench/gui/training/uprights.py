"""What stands upright in a plot over steps: marks of what happened, ticks of checkpoints, the step looked at."""

from __future__ import annotations

import math
from collections.abc import Sequence

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
        self._cursor: pg.InfiniteLine | None = None

    @property
    def marked(self) -> dict[str, tuple[float, str]]:
        """Where a mark stands and what it says, by its name."""
        return {name: (float(mark.value()), mark.label.format) for name, mark in self._marks.items()}

    @property
    def ticked(self) -> list[float]:
        """The steps with a tick at the lower edge."""
        return [] if self._ticks is None else list(self._ticks.xvals)

    @property
    def looked_at(self) -> float | None:
        """The step at which the solid upright stands, where there is one."""
        return float(self._cursor.value()) if self._cursor is not None and self._cursor.isVisible() else None

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

    def cursor(self, x: float | None) -> None:
        """A solid upright at the step that is looked at; none where that is the present."""
        if self._cursor is None:
            if x is None:
                return
            self._cursor = pg.InfiniteLine(x, 90)
            self._cursor.setZValue(10)
            self._cursor.setPen(pg.mkPen(self._theme.text, width=1.5))
            self._plot.addItem(self._cursor, ignoreBounds=True)
        self._cursor.setVisible(x is not None)
        if x is not None:
            self._cursor.setValue(x)

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
        if self._cursor is not None:
            self._cursor.setPen(pg.mkPen(theme.text, width=1.5))
