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

    The steps stand at one height, below all that is to the left and below all that is to the right.

    ``room_changed`` when there has come to be room for the rates, or there is none any more.
    """

    room_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.losses, self.second = CurvePlot("loss"), CurvePlot("accuracy")
        self.rates = CurvePlot("rate", slim=True)
        self._slim = 4 * self.fontMetrics().lineSpacing() + 22
        self.rates.hide()
        for plot in (self.second, self.rates):
            plot.setXLink(self.losses)
        for plot in (self.losses, self.second):
            plot.foot_changed.connect(self._level)
        self._level()
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
        fits = self.height() >= _LEAST_HEIGHT_OF_LOSSES + self._slim
        if fits == self.rates.isHidden():
            self.rates.setVisible(fits)
            self.losses.tell_steps(not fits)
            self._level()
            self.room_changed.emit()

    def _level(self) -> None:
        lowest = self.losses if self.rates.isHidden() else self.rates
        foot = max(lowest.foot, self.second.foot)
        self.losses.stand_on(foot - lowest.foot if lowest is self.losses else 0)
        self.rates.stand_on(foot)
        self.rates.setFixedHeight(self._slim + foot)
        self.second.stand_on(foot - self.second.foot)
