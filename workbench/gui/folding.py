"""A titled part of a page that opens and closes."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget


class Fold(QWidget):
    """The title with a button beside it, and below it what it hides or shows."""

    def __init__(self, title: str, inner: QWidget, is_open: bool) -> None:
        super().__init__()
        self._button = QToolButton()
        self._button.setCheckable(True)
        self._button.setAutoRaise(True)
        self._button.setAccessibleName(title)
        self._inner = inner
        self._title = QLabel(title)
        self._title.setProperty("role", "heading")
        self._title.setWordWrap(True)
        head = QHBoxLayout()
        head.setContentsMargins(0, 6, 0, 2)
        head.addWidget(self._button)
        head.addWidget(self._title, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(head)
        layout.addWidget(inner)
        self._button.toggled.connect(self._toggle)
        self._button.setChecked(is_open)
        self._toggle(is_open)

    def set_title(self, title: str) -> None:
        self._title.setText(title)
        self._button.setAccessibleName(title)

    def open(self) -> None:
        self._button.setChecked(True)

    def _toggle(self, on: bool) -> None:
        self._button.setText("▾" if on else "▸")
        self._inner.setVisible(on)
