"""Keys that mean something in one widget, and are not the window's while that widget has the keyboard."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QLabel, QWidget


class OwnKeys(QObject):
    """Calls what a key means in ``widget``: without this, Delete in a list would delete layers of the network."""

    def __init__(self, widget: QWidget, keys: Mapping[str, Callable[[], object]]) -> None:
        super().__init__(widget)
        self._keys = {QKeySequence(key): what for key, what in keys.items()}
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        is_key = event.type() in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress)
        if not is_key or not isinstance(event, QKeyEvent):
            return False
        what = self._keys.get(QKeySequence(event.keyCombination()))
        if what is None:
            return False
        event.accept()
        if event.type() == QEvent.Type.KeyPress:
            what()
        return True


class SelectableLabel(QLabel):
    """Words that can be selected with the mouse; Ctrl+C then copies them, and not the layers that are selected."""

    def __init__(self, text: str = "") -> None:
        super().__init__(text)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)

    def event(self, event: QEvent) -> bool:
        is_key = event.type() in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress)
        if not is_key or not isinstance(event, QKeyEvent) or not self.hasSelectedText():
            return super().event(event)
        if QKeySequence(event.keyCombination()) not in QKeySequence.keyBindings(QKeySequence.StandardKey.Copy):
            return super().event(event)
        event.accept()
        if event.type() == QEvent.Type.KeyPress:
            QApplication.clipboard().setText(self.selectedText().replace("\u2029", "\n"))
        return True
