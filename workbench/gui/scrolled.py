"""What scrolls where it is given too little room."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget


class Scrolled(QScrollArea):
    """Has a widget scrolled where a window is too small for it, or the font too large, so that neither is widened."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self._inside = widget
        self.setWidget(widget)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return super().eventFilter(watched, event)

    def _fit(self) -> None:
        # Qt's own way would give a widget with lines that wrap all the height that it wishes for, and scroll it.
        room = self.viewport().size().expandedTo(self._inside.minimumSizeHint())
        layout = self._inside.layout()
        if layout is not None and layout.hasHeightForWidth():  # words that wrap would cut what stands beside them
            room = room.expandedTo(QSize(0, layout.minimumHeightForWidth(room.width())))
        self._inside.resize(room)
