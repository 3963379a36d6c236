"""Sentences that stand where there is nothing to be seen yet."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel


def centred(text: str) -> QLabel:
    """A hint for an empty panel."""
    label = hint(text)
    label.setContentsMargins(16, 24, 16, 24)
    return label


def hint(text: str) -> QLabel:
    """A hint in place of a picture, which may be small."""
    label = QLabel(text)
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    label.setWordWrap(True)
    label.setProperty("role", "muted")
    return label
