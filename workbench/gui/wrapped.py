"""A label of words that wrap and change often."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel

_FLAGS = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
_TALLEST = 10_000


class Wrapped(QLabel):
    """Has the window laid out anew only where a text takes another number of lines, which Qt does for each text.

    The text is kept here, and the label stays empty for Qt.
    """

    def __init__(self, role: str, text: str = "") -> None:
        super().__init__()
        self.setProperty("role", role)
        self._text = ""
        policy = self.sizePolicy()
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setText(text)

    def text(self) -> str:
        return self._text

    def setText(self, text: str) -> None:
        if text == self._text:
            return
        before = self.heightForWidth(self.width())
        if self.accessibleName() == self._text:
            self.setAccessibleName(text)
        else:  # it is called otherwise
            self.setAccessibleDescription(text)
        self._text = text
        if self.heightForWidth(self.width()) != before:
            self.updateGeometry()
        self.update()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self.fontMetrics().boundingRect(QRect(0, 0, width, _TALLEST), _FLAGS, self._text or " ").height()

    def sizeHint(self) -> QSize:
        return QSize(0, self.heightForWidth(self.width()))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.fontMetrics().lineSpacing())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.rect(), _FLAGS, self._text)
