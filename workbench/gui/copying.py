"""What is dropped here stays where it came from."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QDropEvent


def accept_a_copy(event: QDropEvent) -> None:
    """Accept what is dragged, as a copy: a file manager that proposes to move a file would take it away after that."""
    event.setDropAction(Qt.DropAction.CopyAction)
    event.accept()
