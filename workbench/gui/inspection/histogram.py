"""How often each value is in a map."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from workbench.gui.inspection.colours import figure
from workbench.gui.theme import Appearance, Theme

_BINS = 40


class Histogram(QWidget):
    """Bars of the values from lowest to highest; those that are exactly zero are told in words beside them."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._theme = appearance.theme
        self._counts = np.zeros(0, np.int64)
        self._range = (0.0, 0.0)
        self._zeros = 0.0
        self.setMinimumHeight(30)
        self.setAccessibleName("Histogram of the map's values")
        appearance.changed.connect(self._set_theme)

    @property
    def counts(self) -> np.ndarray[Any, Any]:
        """How many values are in each bar."""
        return self._counts

    @property
    def zeros(self) -> float:
        """Share of the values that are exactly zero. Where it is more than half, no bar counts them."""
        return self._zeros

    def show_values(self, values: np.ndarray[Any, Any]) -> None:
        flat = values[np.isfinite(values)]
        self._zeros = float((flat == 0).mean()) if flat.size else 0.0
        # Bins between values that differ in their last bits are too narrow for 32 bits.
        counted = (flat[flat != 0] if self._zeros > 0.5 else flat).astype(np.float64)
        if counted.size:
            low, high = float(counted.min()), float(counted.max())
            high = high if high > low else low + 1e-6 * max(1.0, abs(low))
            self._counts, _ = np.histogram(counted, _BINS, (low, high))
            self._range = (low, high)
        else:
            self._counts = np.zeros(0, np.int64)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme = QPainter(self), self._theme
        line = self.fontMetrics().height()
        area = QRectF(0, 0, self.width(), self.height())
        words = f"{self._zeros:.0%} zero" if self._zeros else ""
        if not self._counts.size:
            painter.setPen(QColor(theme.muted))
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, "every value is zero" if self._zeros else "")
            return
        floor = self.height() - line - 3
        top = line + 2 if words else 2
        across = self.width() / len(self._counts)
        scale = (floor - top) / self._counts.max()
        for place, count in enumerate(self._counts.tolist()):
            height = max(1.0, count * scale) if count else 0.0
            painter.fillRect(QRectF(place * across, floor - height, max(1.0, across - 1), height), QColor(theme.accent))
        low, high = self._range
        painter.setPen(QColor(theme.border))
        painter.drawLine(QPointF(0, floor + 0.5), QPointF(self.width(), floor + 0.5))
        painter.setPen(QColor(theme.muted))
        below = QRectF(0, floor + 2, self.width(), line)
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft, figure(low))
        painter.drawText(below, Qt.AlignmentFlag.AlignRight, figure(high))
        painter.drawText(QRectF(0, 0, self.width(), line), Qt.AlignmentFlag.AlignRight, words)

    def _set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()
