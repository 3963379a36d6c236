"""The one line at the window's foot that says what has just happened."""

from __future__ import annotations

from PySide6.QtCore import QTimer

from workbench.gui.one_line import OneLine
from workbench.gui.theme import Appearance

_TOLD_MILLISECONDS = 8_000
_COMPLAINED_MILLISECONDS = 12_000


class Message(OneLine):
    """A sentence that goes away by itself."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__("")
        self._appearance = appearance
        self.setAccessibleName("Message")
        self._forget = QTimer(self)
        self._forget.setSingleShot(True)
        self._forget.timeout.connect(lambda: self.setText(""))

    def tell(self, message: str) -> None:
        self._show(message, "", _TOLD_MILLISECONDS)

    def complain(self, message: str) -> None:
        self._show(message, f"color: {self._appearance.theme.error}", _COMPLAINED_MILLISECONDS)

    def _show(self, message: str, style: str, milliseconds: int) -> None:
        self.setStyleSheet(style)
        self.setText(message)
        self._forget.start(milliseconds)
