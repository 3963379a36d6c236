"""A label whose text may change many times a second."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel


class QuietLabel(QLabel):
    """Keeps its text to itself and is empty for Qt, which lays out the whole window anew for each text of a label."""

    def __init__(self, role: str) -> None:
        super().__init__()
        self.setProperty("role", role)
        self._text = ""

    def text(self) -> str:
        return self._text

    def setText(self, text: str) -> None:
        if text != self._text:
            self._take(text)
            self.update()

    def _take(self, text: str) -> None:
        if self.accessibleName() == self._text:
            self.setAccessibleName(text)
        else:  # it is called otherwise
            self.setAccessibleDescription(text)
        self._text = text
