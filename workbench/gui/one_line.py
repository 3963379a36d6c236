"""A label of one line, which ends in an ellipsis where there is no room, and is told whole by its tool tip."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy

from workbench.gui.quiet_label import QuietLabel


class OneLine(QuietLabel):
    """Never asks for more width than there is, nor for other room for another text."""

    def __init__(self, role: str, text: str = "") -> None:
        super().__init__(role)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._help = ""
        self.setText(text)

    def explain(self, help: str) -> None:
        """What the tool tip says where the whole text is to be seen."""
        if help != self._help:
            self._help = help
            self._tell()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tell()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)

    def _take(self, text: str) -> None:
        super()._take(text)
        self._tell()

    def _tell(self) -> None:
        is_cut = self.fontMetrics().horizontalAdvance(self.text()) > self.width()
        told = self._text if is_cut else self._help
        if told != self.toolTip():
            self.setToolTip(told)
