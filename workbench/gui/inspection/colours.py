"""Colours of maps and filters, and the bar that tells what they stand for."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from workbench.gui.pixels import NOTHING
from workbench.gui.theme import Appearance, Theme

_CALM_MILLISECONDS = 300

SIGNED = "Blue and red"
COLOURS = {
    "Viridis": "viridis", "Grey": None, "Inferno": "inferno", "Plasma": "plasma", "Cividis": "cividis", SIGNED: None,
}  # fmt: skip
"""What a person chooses from: all even to the eye. The last has its middle at zero."""

# Blue for negative, white for zero, red for positive: ColorBrewer's RdBu, as Matplotlib has it.
_RED_BLUE = ("#053061", "#2166ac", "#4393c3", "#92c5de", "#d1e5f0", "#f7f7f7",
             "#fddbc7", "#f4a582", "#d6604d", "#b2182b", "#67001f")  # fmt: skip


@cache
def lookup(name: str) -> np.ndarray[Any, Any]:
    """Colours of the values 0 to 254, RGBA ``(256, 4)``; 255 is transparent."""
    if name == SIGNED:
        stops = np.array([QColor(colour).getRgb() for colour in _RED_BLUE], np.float64)
        places = np.linspace(0, len(stops) - 1, NOTHING)
        table = np.stack([np.interp(places, np.arange(len(stops)), stops[:, c]) for c in range(4)], 1)
        table = np.concatenate([table.round(), np.zeros((1, 4))]).astype(np.uint8)
    elif COLOURS[name] is None:
        table = np.repeat(np.arange(256, dtype=np.uint8)[:, None], 4, 1)
    else:
        table = pg.colormap.get(COLOURS[name]).getLookupTable(nPts=256, alpha=True).copy()
    table[:, 3] = 255
    table[NOTHING] = 0
    return table


def quantised(values: np.ndarray[Any, Any], low: Any, high: Any) -> np.ndarray[Any, Any]:
    """Values from low to high as uint8 0 to 254; both may be arrays that broadcast."""
    # An untrained network of thousands of layers has values near the largest that 32 bits hold.
    low, high = np.asarray(low, np.float64), np.asarray(high, np.float64)
    span = high - low
    scale = np.divide(NOTHING - 1, span, out=np.zeros_like(span), where=span > 0)
    return np.clip((values - low) * scale, 0, NOTHING - 1).astype(np.uint8)


def figure(value: float) -> str:
    """A value in few letters, with a true minus."""
    return f"{value:.3g}".replace("-", "−")


class ColourBar(QWidget):
    """The colours from left to right, and the values at both ends."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._theme = appearance.theme
        self._table = lookup("Viridis")
        self._ends = ("", "")
        self._is_behind = False
        self._calm = QTimer(self)
        self._calm.setSingleShot(True)
        self._calm.setInterval(_CALM_MILLISECONDS)
        self._calm.timeout.connect(self._catch_up)
        self.setFixedHeight(18)
        self.setMinimumWidth(60)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        appearance.changed.connect(self._set_theme)

    @property
    def ends(self) -> tuple[str, str]:
        return self._ends

    def show_range(self, colours: str, low: float | None, high: float | None) -> None:
        """The values of the first and last colour; None where each map has its own."""
        self._show(lookup(colours), ("low", "high") if low is None or high is None else (figure(low), figure(high)))

    def hide_range(self) -> None:
        """Nothing is shown of which these would be the colours."""
        self._show(self._table, ("", ""))

    def _show(self, table: np.ndarray[Any, Any], ends: tuple[str, str]) -> None:
        """Take these, and paint them a few times a second at most: what changes faster cannot be read."""
        if table is self._table and ends == self._ends:
            return
        is_other = table is not self._table or not all(ends)
        self._table, self._ends = table, ends
        self._is_behind = True
        if is_other or not self._calm.isActive():
            self._catch_up()

    def _catch_up(self) -> None:
        if not self._is_behind:
            return
        self._is_behind = False
        self._calm.start()
        # It never takes less room again: each change has the whole window laid out, and these are many a second.
        room = sum(self.fontMetrics().horizontalAdvance(end) for end in self._ends)
        self.setFixedWidth(max(self.minimumWidth(), -(-room // 8) * 8 + 66))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not any(self._ends):
            return
        painter = QPainter(self)
        painter.setPen(QColor(self._theme.muted))
        left, right = (self.fontMetrics().horizontalAdvance(end) + 5 for end in self._ends)
        area = QRectF(self.rect())
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self._ends[0])
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, self._ends[1])
        row = np.ascontiguousarray(self._table[None, :NOTHING])
        image = QImage(row.data, NOTHING, 1, 4 * NOTHING, QImage.Format.Format_RGBA8888)
        painter.drawImage(QRectF(left, 5, self.width() - left - right, 8), image)

    def _set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()
