"""What is read off a plot that is too low to have it within."""

from __future__ import annotations

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QWidget

from workbench.gui.wrapped import Wrapped


class ReadAbove(Wrapped):
    """Stands in place of the controls above the plots, while there is something to be read."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("")
        self.setParent(parent)
        self.setAutoFillBackground(True)
        self.hide()

    def tell(self, words: str, over: QRect) -> None:
        """Lines of words, over this part of the parent and as far above it as they need; none to go away."""
        # A line may end between two figures, not within one; a dot between them would be left hanging there.
        self.setText("      ".join(part.replace(" ", "\u00a0") for part in words.splitlines()))
        height = max(over.height(), self.heightForWidth(over.width()))
        self.setGeometry(over.left(), over.bottom() + 1 - height, over.width(), height)
        self.raise_()
        self.setVisible(bool(words))
