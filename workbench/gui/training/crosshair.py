"""Hair lines through what is pointed at in a plot, and in words what stands there."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtCore import Qt

from workbench.gui.theme import Theme

_MOST_SHARE = 0.4
"""Of a plot's height that the words may cover."""


class Crosshair:
    """Three items of a plot, to be put into it with `add_to` whenever it was cleared."""

    def __init__(self) -> None:
        self.across, self.down = pg.InfiniteLine(angle=90), pg.InfiniteLine(angle=0)
        self.words = pg.TextItem()
        self.words.setZValue(20)

    def add_to(self, plot: pg.PlotWidget) -> None:
        for item in (self.across, self.down, self.words):
            item.setVisible(False)
            plot.addItem(item, ignoreBounds=True)

    @property
    def place(self) -> tuple[float, float] | None:
        """The step and the value through which both go; None where they do not."""
        if not (self.across.isVisible() and self.down.isVisible()):
            return None
        return float(self.across.value()), float(self.down.value())

    def has_room(self, plot: pg.PlotWidget, words: str) -> bool:
        """Whether so many lines would leave most of the plot to be seen."""
        lines = words.count("\n") + 1
        return bool(lines * plot.fontMetrics().height() <= _MOST_SHARE * plot.getPlotItem().getViewBox().height())

    def show(self, plot: pg.PlotWidget, x: float | None, y: float | None, words: str) -> None:
        """Through a step, and a value where one is given; the words stand at the top of the plot."""
        self.words.setVisible(bool(words))
        if words and x is not None and y is not None:
            (left, right), (_, high) = plot.getPlotItem().getViewBox().viewRange()
            self.words.setText(words)
            self.words.setAnchor((float(2 * x > left + right), 0.0))
            self.words.setPos(x, high)
        for hair, value in ((self.across, x), (self.down, y)):
            hair.setVisible(value is not None)
            if value is not None:
                hair.setValue(value)

    def set_theme(self, theme: Theme) -> None:
        for hair in (self.across, self.down):
            hair.setPen(pg.mkPen(theme.muted, width=1, style=Qt.PenStyle.DotLine))
        self.words.setColor(theme.text)
        self.words.fill, self.words.border = pg.mkBrush(theme.raised), pg.mkPen(theme.border)
