"""The generalization gap as a thermometer: how far validation loss stands above training loss."""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from workbench.gui.theme import Appearance, Theme

_FULL = 0.25
"""The gauge is full where the gap is this share of what guessing costs."""


class GapGauge(QWidget):
    """Cool where there is no gap, hot where it is full."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._theme = appearance.theme
        self._heat = 0.0
        self.setFixedSize(56, 10)
        self.setAccessibleName("Generalization gap")
        appearance.changed.connect(self._set_theme)
        self.hide()

    @property
    def heat(self) -> float:
        """0 to 1."""
        return self._heat

    def show_gap(self, gap: float, classes: int) -> None:
        """The validation loss less the training loss, both with the same weights; nothing where it is not a number."""
        self.setVisible(math.isfinite(gap))
        if not math.isfinite(gap):
            return
        full = _FULL * math.log(max(2, classes))
        self._heat = min(1.0, max(0.0, gap / full))
        words = f"Validation loss stands {abs(gap):.3f} {'above' if gap >= 0 else 'below'} training loss"
        self.setToolTip(f"{words} (both in eval mode). The gauge is full at {full:.2f}, a quarter of guessing's loss.")
        self.setAccessibleDescription(words)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme = QPainter(self), self._theme
        painter.fillRect(self.rect(), QColor(theme.border))
        width = max(3.0, self.width() * self._heat)
        painter.fillRect(QRectF(0, 0, width, self.height()), self._colour())

    def _colour(self) -> QColor:
        """From good over warning to error."""
        theme = self._theme
        stops = [QColor(theme.good), QColor(theme.warning), QColor(theme.error)]
        place = self._heat * 2
        first = min(1, int(place))
        share = place - first
        low, high = stops[first], stops[first + 1]
        mixed = [round(a + (b - a) * share) for a, b in zip(_rgb(low), _rgb(high), strict=True)]
        return QColor(*mixed)

    def _set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()


def _rgb(colour: QColor) -> tuple[int, int, int]:
    return colour.red(), colour.green(), colour.blue()
