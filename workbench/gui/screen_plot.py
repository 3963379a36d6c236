"""A plot whose lines are as wide to the eye on a dense screen as on another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from weakref import WeakKeyDictionary

import pyqtgraph as pg
from PySide6.QtCore import QEvent
from PySide6.QtGui import QColor, QPainter, QPen, QTransform

from workbench.gui.theme import Theme


class ScreenPlot(pg.PlotWidget):
    """Gives its lines anew where its window is moved to a screen of another density.

    Plots take the width of a pen in the screen's own pixels, of which a dense screen has several where another has one.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(enableMenu=False, **options)
        self._drawn: WeakKeyDictionary[Any, QPen] = WeakKeyDictionary()

    def draw_with(self, line: Any, colour: str | QColor, width: float = 2.0) -> None:
        """Have a line this colour, and this many of the window's pixels wide."""
        self._drawn[line] = pg.mkPen(colour, width=width)
        line.setPen(self.dense(self._drawn[line]))

    def dense(self, pen: QPen) -> QPen:
        """As wide as that to the eye, on the screen where the plot is."""
        wider = QPen(pen)
        wider.setWidthF(pen.widthF() * self.devicePixelRatioF())
        return wider

    def take_pens(self) -> None:
        """Give every line its pen for the screen where the plot is."""
        for line, pen in self._drawn.items():
            line.setPen(self.dense(pen))

    def dress(self, theme: Theme) -> None:
        """Take the theme's colours."""
        self.setBackground(theme.surface)
        for side in ("left", "bottom"):
            axis = self.getPlotItem().getAxis(side)
            axis.setPen(theme.border)
            axis.setTextPen(theme.muted)

    def tell_figures(self, there_are: bool) -> None:
        """Whether the axes bear figures: without a line they would stand for nothing."""
        for side in ("left", "bottom"):
            self.getPlotItem().getAxis(side).setStyle(showValues=there_are)

    def event(self, event: QEvent) -> bool:
        done: bool = super().event(event)
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self.take_pens()
        return done


def strokes(painter: QPainter, pen: QPen) -> Iterator[int]:
    """Draw a line each time: once with a pen that is wide enough, and with one of the screen's own pixels so often that
    the strokes beside each other are as wide as one of the window's.

    A dense screen's two strokes take a third of the time that a pen of two pixels takes.
    """
    density = painter.device().devicePixelRatio() if pen.widthF() <= 1 else 1.0
    if density < 1.5:
        yield 0
        return
    where = painter.transform()
    for number in range(round(density)):
        # Across the way that a loss goes, which falls.
        painter.setTransform(where * QTransform.fromTranslate(number / density, -number / density))
        yield number
    painter.setTransform(where)
