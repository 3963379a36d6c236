"""What stands upright in a plot over steps: marks of what happened, ticks of checkpoints, the step looked at."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

import pyqtgraph as pg

from workbench.gui.screen_plot import ScreenPlot
from workbench.gui.theme import Theme

_MOST_TICKS = 400

_MOST_SHARE = 0.3
"""Of the plot's height that words may take; those that find no room are told by the crosshair alone."""

_BESIDE = 8
"""Pixels between an upright and its words, and between words."""


class Uprights:
    """Those of one plot, which has to be given a theme before the first is put into it.

    Their words stand in rows at the plot's top: ``changed`` is called where these take another ``share`` of its height.
    """

    _theme: Theme

    def __init__(self, plot: ScreenPlot, changed: Callable[[], None]) -> None:
        self._plot, self._changed = plot, changed
        self.forget()
        box = plot.getPlotItem().getViewBox()
        for signal in (box.sigXRangeChanged, box.sigResized):
            signal.connect(lambda *_: self.arrange())

    def forget(self) -> None:
        """The plot was cleared: none is there any more."""
        self._marks: dict[str, pg.InfiniteLine] = {}
        self._ticks: pg.VTickGroup | None = None
        self._cursors: list[pg.InfiniteLine] = []
        self.share = 0.0

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

    def mark(self, name: str, x: float, text: str) -> None:
        """A pale upright at x."""
        mark = self._marks.get(name)
        if mark is None:
            self._marks[name] = mark = pg.InfiniteLine(x, 90, label=text, labelOpts={"color": self._theme.muted})
            # A dashed one takes a millisecond to draw, whenever a point of the curve comes.
            mark.setPen(pg.mkPen(self._theme.border))
            self._plot.addItem(mark, ignoreBounds=True)
        elif (mark.value(), mark.label.format) == (x, text):
            return
        else:
            mark.setValue(x)
            mark.label.setFormat(text)
        self.arrange()
        # Words that change sides may leave some of theirs where they stood: the plot is painted whole, once an epoch.
        self._plot.viewport().update()

    def look_at(self, places: Mapping[float, str]) -> None:
        """Solid uprights at the steps that are looked at, each with its words, which may be none."""
        for one in self._cursors:
            self._plot.removeItem(one)
        self._cursors = []
        for x, words in places.items():
            self._cursors.append(pg.InfiniteLine(x, 90, label=words))
            self._cursors[-1].setZValue(10)
            self._plot.addItem(self._cursors[-1], ignoreBounds=True)
        self._colour_cursors()
        self.arrange()

    def arrange(self) -> None:
        """Put each one's words into the first row where they cover no other's: those of what is looked at first."""
        box, metrics = self._plot.getPlotItem().getViewBox(), self._plot.fontMetrics()
        left, right = box.viewRange()[0]
        width, height, line = box.width(), box.height(), metrics.height()
        scale = width / (right - left)
        cursors = [(cursor.value() - left) * scale for cursor in self._cursors]
        rows: list[list[tuple[float, float]]] = [[] for _ in range(max(1, int(_MOST_SHARE * height / line)))]
        for one in (*self._cursors, *self._marks.values()):
            at = (one.value() - left) * scale
            room = metrics.horizontalAdvance(one.label.format) + _BESIDE if one.label.format else 0
            # A label stands at the side where the plot is wider.
            begin, end = (at, at + room) if 2 * at < width else (at - room, at)
            fits = [n for n, row in enumerate(rows) if all(end <= first or last <= begin for first, last in row)]
            is_crossed = any(begin < cursor < end for cursor in cursors)
            is_told = bool(room and fits and not is_crossed and 0 <= begin <= end <= width)
            if one.label.isVisible() != is_told:
                one.label.setVisible(is_told)
            if is_told:
                rows[fits[0]].append((begin, end))
                one.label.setPosition(1 - (fits[0] + 0.5) * line / max(height, line))
        share = min(0.5, sum(map(bool, rows)) * line / max(height, 1.0))
        if share != self.share:
            self.share = share
            self._changed()

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
            self._plot.draw_with(one, self._theme.text, 1.5)
            one.label.setColor(self._theme.text)
