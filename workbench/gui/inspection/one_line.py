"""A label of one line, which ends in an ellipsis where there is no room, and is told whole by its tool tip."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy


class OneLine(QLabel):
    """Never asks for more width than there is.

    Qt lays out the whole window anew for each text that a label is given. Some of these change many times a second, and
    none needs other room for it: the text is kept here, and the label stays empty for Qt.
    """

    def __init__(self, role: str, text: str = "") -> None:
        super().__init__()
        self.setProperty("role", role)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._text = self._help = ""
        self.setText(text)

    def text(self) -> str:
        return self._text

    def setText(self, text: str) -> None:
        if text == self._text:
            return
        if self.accessibleName() == self._text:
            self.setAccessibleName(text)
        else:  # it is called otherwise
            self.setAccessibleDescription(text)
        self._text = text
        self._tell()
        self.update()

    def explain(self, help: str) -> None:
        """What the tool tip says where the whole text is to be seen."""
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

    def _tell(self) -> None:
        is_cut = self.fontMetrics().horizontalAdvance(self.text()) > self.width()
        told = self._text if is_cut else self._help
        if told != self.toolTip():
            self.setToolTip(told)
