"""A line above the network: something to know about it, and what can be done."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy


class LineAbove(QFrame):
    """Words that wrap, and buttons at the end of them. Hidden until there is something to say."""

    def __init__(self, accessible_name: str, *buttons: QPushButton) -> None:
        super().__init__()
        self.text = QLabel()
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setWordWrap(True)
        self.text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.text.setAccessibleName(accessible_name)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 2, 14, 4)
        layout.addWidget(self.text, 1)
        for button in buttons:
            layout.addWidget(button)
        self.hide()
