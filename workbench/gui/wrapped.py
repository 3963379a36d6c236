"""A label of words that wrap and change often."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent

from workbench.gui.quiet_label import QuietLabel

_FLAGS = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
_TALLEST = 10_000


class Wrapped(QuietLabel):
    """Has the window laid out anew only where a text takes another number of lines."""

    def __init__(self, role: str, text: str = "") -> None:
        super().__init__(role)
        policy = self.sizePolicy()
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setText(text)

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

    def _take(self, text: str) -> None:
        before = self.heightForWidth(self.width())
        super()._take(text)
        if self.heightForWidth(self.width()) != before:
            self.updateGeometry()
