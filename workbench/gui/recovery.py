"""After a crash: what other windows left behind, offered once each."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QDialog, QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from workbench.gui.drafts import LeftBehind


class RecoveryDialog(QDialog):
    """``chosen(left)``: open this one. What is neither opened nor discarded is offered again at the next start."""

    chosen = Signal(object)

    def __init__(self, found: list[LeftBehind], parent: QWidget) -> None:
        super().__init__(parent)
        self._waiting = list(found)
        self.setWindowTitle("Work that was not saved")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(480)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(12)
        lines = "A window was" if len(found) == 1 else f"{len(found)} windows were"
        heading = QLabel(f"{lines} not closed as usual. Nothing was written to your own files.")
        heading.setWordWrap(True)
        heading.setProperty("role", "heading")
        layout.addWidget(heading)
        for left in found:
            layout.addWidget(_Row(left, self))
        later = QPushButton("Later")
        later.clicked.connect(self.reject)
        bottom = QHBoxLayout()
        bottom.addStretch(1)
        bottom.addWidget(later)
        layout.addLayout(bottom)
        self.finished.connect(self._leave)

    def open_work(self, left: LeftBehind) -> None:
        """Open one; the others are left for the next start."""
        self._waiting.remove(left)
        self.accept()
        self.chosen.emit(left)

    def discard(self, left: LeftBehind, row: QWidget) -> None:
        self._waiting.remove(left)
        left.remove()
        row.hide()
        if not self._waiting:
            self.accept()

    def _leave(self) -> None:
        for left in self._waiting:
            left.leave()


class _Row(QFrame):
    """One window's work: what it was, and what to do with it."""

    def __init__(self, left: LeftBehind, dialog: RecoveryDialog) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 4)
        layout.setSpacing(6)
        label = QLabel(describe(left))
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        layout.addWidget(label)
        buttons = QHBoxLayout()
        if left.project is not None:
            button = QPushButton("Open")
            button.clicked.connect(lambda: dialog.open_work(left))
            buttons.addWidget(button)
        if left.crash:
            copy = QPushButton("Copy the crash report")
            copy.setToolTip("It stays on this machine until you paste it somewhere.")
            copy.clicked.connect(lambda: QApplication.clipboard().setText(left.crash))
            buttons.addWidget(copy)
        discard = QPushButton("Discard")
        discard.clicked.connect(lambda: dialog.discard(left, self))
        buttons.addWidget(discard)
        buttons.addStretch(1)
        layout.addLayout(buttons)


def describe(left: LeftBehind) -> str:
    """One sentence on what was left."""
    when = left.when.strftime("%d %B, %H:%M")
    if left.project is None:
        return f"The program broke down on {when}; there was no unsaved work."
    name = left.project.graph.name or "a network"
    origin = f", from {left.origin.path}" if left.origin.path else ", saved in no file yet"
    ended = "; the program broke down" if left.crash else ""
    return f"{name}, as it was on {when}{origin}{ended}."
