"""A line above the network that stays while what could not be saved is not saved."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QPushButton

from workbench.gui.training.line_above import LineAbove


class UnsavedBar(LineAbove):
    """Why, and what can be done; it goes when the project is saved, when another is opened, or when it is told to."""

    def __init__(self) -> None:
        self.path: Path | None = None
        self.again, self.elsewhere = QPushButton("Try again"), QPushButton("Save as …")
        self.dismiss = QPushButton("Hide")
        super().__init__("Why the project is not saved", self.again, self.elsewhere, self.dismiss)
        self.again.setToolTip("Save to the same file")
        self.dismiss.setToolTip("Hide this line; the changes stay unsaved, and a draft of them is kept")
        self.dismiss.clicked.connect(self.hide)

    def say(self, why: str, path: Path) -> None:
        """Tell why this file could not be written."""
        self.path = path
        self.text.setText(why)
        self.show()
