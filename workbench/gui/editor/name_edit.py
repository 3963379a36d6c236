"""A card's name edited where it stands."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit

from workbench.gui.editor.refusal import refuse
from workbench.gui.editor.view import NetworkView

_LEAST = 150


class NameEdit(QLineEdit):
    """A line over the card's first one, which follows the card wherever it goes.

    Return keeps the name unless ``take(old, new)`` says why it cannot be, which is told here; Escape leaves it as it
    was, and so does a name that cannot be taken when the person goes elsewhere.
    """

    closed = Signal()

    def __init__(self, view: NetworkView, name: str, take: Callable[[str, str], str]) -> None:
        super().__init__(name, view.viewport())
        self._view, self._name, self._take = view, name, take
        self._done = False
        self.setObjectName("NameEdit")
        self.setAccessibleName(f"New name of {name}")
        self.textEdited.connect(lambda _: refuse(self, ""))
        view.moved_cards.connect(self._follow)
        self._follow()
        self.show()
        self.setFocus()
        start = name.rfind(".") + 1
        self.setSelection(start, len(name) - start)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Nothing goes on to the view, where Return opens the card and letters search for layers.
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._keep()
        elif event.key() == Qt.Key.Key_Escape:
            self._leave()
        else:
            super().keyPressEvent(event)
        event.accept()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason and not self._done:
            self._keep()
            self._leave()

    def _keep(self) -> None:
        new = self.text().strip()
        refused = "" if new in ("", self._name) else self._take(self._name, new)
        if refused:
            self.selectAll()
            refuse(self, refused)
        else:
            self._leave()

    def _leave(self) -> None:
        if self._done:
            return
        self._done = True
        refuse(self, "")
        had_focus = self.hasFocus()
        self.hide()
        self.deleteLater()
        if had_focus:
            self._view.setFocus()
        self.closed.emit()

    def _follow(self) -> None:
        if self._done:
            return
        place = self._view.name_line(self._name)
        if place is None:
            self._leave()
            return
        width, height = max(place.width(), _LEAST), self.sizeHint().height()
        self.setGeometry(place.left(), place.center().y() - height // 2, width, height)
