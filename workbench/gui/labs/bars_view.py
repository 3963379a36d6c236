"""A vector as bars that can be pointed at."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from workbench.gui.theme import Appearance, Theme
from workbench.gui.vector_bars import draw_bars


class BarsView(QWidget):
    """``pointed(number)`` when the mouse or the arrow keys go to a bar."""

    pointed = Signal(int)

    def __init__(self, name: str, appearance: Appearance) -> None:
        super().__init__()
        self._theme = appearance.theme
        self._values: Any = np.zeros(0)
        self._beside: Any = None
        self._most: float | None = None
        self._marked: int | None = None
        self.setAccessibleName(name)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(QSize(90, 60))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        appearance.changed.connect(self._set_theme)

    @property
    def values(self) -> Any:
        """What is drawn, ``(N,)``."""
        return self._values

    @property
    def marked(self) -> int | None:
        return self._marked

    def show_values(self, values: Any, beside: Any = None, most: float | None = None) -> None:
        """Draw values ``(N,)``, each held against that of ``beside``; the room is as high as ``most`` at least."""
        self._values, self._beside, self._most = values, beside, most
        self.update()

    def mark(self, number: int | None) -> None:
        """Have one bar stand out."""
        self._marked = number
        if number is not None and len(self._values):
            self.setAccessibleDescription(f"number {number}: {float(self._values[number]):.3g}")
        self.update()

    def place(self, number: int) -> QRectF:
        """Where a bar may stand."""
        step = self._room.width() / max(1, len(self._values))
        return QRectF(self._room.left() + number * step, 0, step, self.height())

    @property
    def _room(self) -> QRectF:
        return QRectF(self.rect()).adjusted(4, 4, -4, -4)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._theme.surface))
        if len(self._values):
            draw_bars(painter, self._room, self._values, self._theme, self._marked, self._most, self._beside)
        if self.hasFocus():
            painter.setPen(QPen(QColor(self._theme.accent), 1, Qt.PenStyle.DotLine))
            painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if len(self._values):
            at = int((event.position().x() - self._room.left()) / self._room.width() * len(self._values))
            self.pointed.emit(min(max(at, 0), len(self._values) - 1))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        by = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if by is None or not len(self._values):
            super().keyPressEvent(event)
            return
        here = 0 if self._marked is None else self._marked + by
        self.pointed.emit(min(max(here, 0), len(self._values) - 1))

    def _set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()
