"""A person's own words about a run, kept in its directory."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QPlainTextEdit

from workbench.project import write_atomically
from workbench.runs import layout


class RunNotes(QPlainTextEdit):
    """Saved when the keyboard goes elsewhere, and when another run is shown."""

    def __init__(self, attempt: Callable[[Callable[[], object]], None]) -> None:
        super().__init__()
        self._attempt = attempt
        self._path: Path | None = None
        self.setPlaceholderText("Notes about this run")
        self.setAccessibleName("Notes about this run")
        self.setTabChangesFocus(True)

    def show_run(self, directory: str) -> None:
        """Show the notes of the run that is kept there; '' for none."""
        path = Path(directory) / layout.NOTES if directory else None
        if path == self._path:
            return
        self._attempt(self.save)
        self._path = path
        self.setEnabled(path is not None)
        try:
            text = path.read_text(encoding="utf-8") if path else ""
        except (OSError, UnicodeDecodeError):
            text = ""
        self.setPlainText(text)
        self.document().setModified(False)

    def save(self) -> None:
        """Raises `WriteError` where they cannot be kept."""
        if self._path is not None and self.document().isModified() and self._path.parent.is_dir():
            write_atomically(self._path, self.toPlainText().encode())
            self.document().setModified(False)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._attempt(self.save)
