"""Axes whose figures stand clear of each other, however small the plot."""

from __future__ import annotations

import math
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontMetricsF, QGuiApplication

_PARTS = {1: 0.2, 2: 0.5, 5: 1.0}
"""How far apart the ticks without figures stand, by the first digit of the distance of those with figures."""

_WANTED, _FEW = 1.8, 3
"""Times the room of a figure that each has in a plot that is large enough for a few of them."""
_BEYOND = 4
"""Pixels by which a figure may reach beyond an upright axis."""
_BETWEEN = 8
"""Pixels that are left free between two figures beside each other."""


class RoomyAxis(pg.AxisItem):
    """Of ticks in two sizes only the longer bear figures, and there are no more of them than figures have room."""

    def __init__(self, side: str, **options: Any) -> None:
        super().__init__(side, **options)
        self._are_powers_alone = False
        self._bear_figures()

    def setLogMode(self, *on: bool, **by_side: bool) -> None:
        super().setLogMode(*on, **by_side)
        self._bear_figures()

    def tickSpacing(self, low: float, high: float, size: float) -> list[tuple[float, float]]:
        metrics = QFontMetricsF(QGuiApplication.font())
        has_size = 0 < high - low < math.inf and size > 0
        if self.logMode and self.orientation == "bottom" and has_size:
            powers = (metrics.horizontalAdvance("10⁻¹⁰") + _BETWEEN) * (high - low) / size
            self._are_powers_alone = powers > 0.5  # between two there is no room for others
            return [(math.ceil(powers), 0)]
        if self.logMode or not has_size:
            found: list[tuple[float, float]] = super().tickSpacing(low, high, size)
            return found
        pixels = size / (high - low)
        power, digit, tight = math.floor(math.log10((high - low) / size)), 1, (0.0, 0.0)
        while True:
            distance = digit * 10.0**power
            room = self._room(distance, low, high, metrics)
            levels = distance, _PARTS[digit] * 10.0**power
            if distance * pixels >= room:
                tight = tight if tight[0] else levels
                if distance * pixels >= _WANTED * room:
                    break
            power, digit = (power + 1, 1) if digit == 5 else (power, 2 if digit == 1 else 5)
        count = math.floor(high / distance) - math.ceil(low / distance) + 1
        return [(distance, 0) for distance in (levels if count >= _FEW else tight)]

    def boundingRect(self) -> QRectF:
        rect: QRectF = super().boundingRect()
        # Beside a grid no figure would be written that reaches beyond its ends, be it by a pixel.
        return rect.adjusted(0, -_BEYOND, 0, _BEYOND) if self.orientation == "left" and self.grid else rect

    def _room(self, distance: float, low: float, high: float, metrics: QFontMetricsF) -> float:
        """What one of the figures takes at ticks that far apart, pixels."""
        if self.orientation in ("left", "right"):
            return metrics.height()
        ends = [math.ceil(low / distance) * distance, math.floor(high / distance) * distance]
        told = self.tickStrings(ends, self.autoSIPrefixScale * self.scale, distance)
        return float(max(map(metrics.horizontalAdvance, told))) + _BETWEEN

    def _bear_figures(self) -> None:
        self.setStyle(maxTextLevel=2 if self.logMode else 0)


class WholeAxis(RoomyAxis):
    """Of whole steps, or epochs, only."""

    def tickSpacing(self, low: float, high: float, size: float) -> list[tuple[float, float]]:
        return [(max(1.0, step), offset) for step, offset in super().tickSpacing(low, high, size)]
