"""The plots of a training that share their steps."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from workbench.gui.training.curve_plot import CurvePlot

_LEAST_HEIGHT_OF_LOSSES = 150
"""With the learning rate below them."""


class Plots(QWidget):
    """``losses`` and, beside them, a ``second`` of the person's choice; the learning ``rates`` below the losses.

    ``room_changed`` when there has come to be room for the rates, or there is none any more.
    """

    room_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.losses, self.second = CurvePlot("loss"), CurvePlot("accuracy")
        self.rates = CurvePlot("rate", slim=True)
        self.rates.setFixedHeight(3 * self.fontMetrics().lineSpacing() + 16)
        self.rates.hide()
        for plot in (self.second, self.rates):
            plot.setXLink(self.losses)
        left, row = QVBoxLayout(), QHBoxLayout(self)
        left.setSpacing(0)
        left.addWidget(self.losses, 1)
        left.addWidget(self.rates)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addLayout(left, 3)
        row.addWidget(self.second, 2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        fits = self.height() >= _LEAST_HEIGHT_OF_LOSSES + self.rates.height()
        if fits == self.rates.isHidden():
            self.rates.setVisible(fits)
            self.room_changed.emit()
