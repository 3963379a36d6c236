"""Squeeze, bottleneck and gates of a squeeze-and-excitation block, as rows of bars."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from workbench.gui.theme import Appearance, Theme
from workbench.gui.vector_bars import draw_bars
from workbench.inspection import Gates
from workbench.inspection.arithmetic import figure

_WORDS = ("squeeze: mean of each map", "bottleneck", "gate of each channel")


class GatesView(QWidget):
    """Three rows, the channel of the value marked in the first and the last."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._theme = appearance.theme
        self._gates: Gates | None = None
        self._channel = 0
        self._pointed: tuple[int, int] | None = None
        self.setAccessibleName("Squeeze and excitation")
        self.setMouseTracking(True)
        self.setMinimumSize(QSize(120, 110))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        appearance.changed.connect(self._set_theme)

    @property
    def rows(self) -> tuple[Any, ...]:
        """The three vectors that are drawn."""
        return (self._gates.squeezed, self._gates.hidden, self._gates.gates) if self._gates else ()

    def show_gates(self, gates: Gates, channel: int) -> None:
        self._gates, self._channel = gates, channel
        self.setAccessibleDescription(f"gate of channel {channel}: {figure(float(gates.gates[channel]))}")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._gates is None:
            return
        painter = QPainter(self)
        high = self.height() / 3
        for number, (values, word, layer) in enumerate(zip(self.rows, _WORDS, self._gates.layers, strict=True)):
            room = QRectF(0, number * high, self.width(), high)
            text, bars = QRectF(room), QRectF(room)
            line = self.fontMetrics().height() + 2
            text.setHeight(line)
            bars.setTop(room.top() + line)
            bars.setBottom(room.bottom() - 4)
            marked = self._pointed[1] if self._pointed and self._pointed[0] == number else None
            if marked is None and number != 1:
                marked = self._channel
            told = f"{word} ({layer})" + (f", {marked}: {figure(float(values[marked]))}" if marked is not None else "")
            painter.setPen(QColor(self._theme.muted))
            told = painter.fontMetrics().elidedText(told, Qt.TextElideMode.ElideMiddle, self.width())
            painter.drawText(text, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, told)
            draw_bars(painter, bars, values, self._theme, marked, 1.0 if number == 2 else None)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._gates is None:
            return
        row = min(2, int(event.position().y() / (self.height() / 3)))
        values = self.rows[row]
        at = int(event.position().x() / self.width() * len(values))
        self._pointed = (row, at) if 0 <= at < len(values) else None
        self.update()

    def leaveEvent(self, event: Any) -> None:
        super().leaveEvent(event)
        self._pointed = None
        self.update()

    def _set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()
