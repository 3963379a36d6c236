"""The command palette: every action found by typing a few letters of it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QDialog, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from workbench.gui.actions import ACTIONS, Actions

_ACTION = Qt.ItemDataRole.UserRole


class ActionFinder(QDialog):
    """Type, choose, done."""

    def __init__(self, actions: Actions, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._actions = actions
        self._line = QLineEdit()
        self._line.setPlaceholderText("What do you want to do?")
        self._line.setAccessibleName("Find an action")
        self._list = QListWidget()
        self._list.setAccessibleName("Actions")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.addWidget(self._line)
        layout.addWidget(self._list)
        self.resize(460, 360)
        self.move(parent.mapToGlobal(parent.rect().center()) - self.rect().center())
        self._line.textChanged.connect(self._filter)
        self._list.itemActivated.connect(lambda _: self._run())
        self._list.itemClicked.connect(lambda _: self._run())
        self._filter("")
        self._line.setFocus()

    @property
    def shown(self) -> list[str]:
        """The texts of the actions that are listed."""
        return [self._list.item(row).text() for row in range(self._list.count())]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            step = 1 if event.key() == Qt.Key.Key_Down else -1
            self._list.setCurrentRow(max(0, min(self._list.currentRow() + step, self._list.count() - 1)))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._run()
        else:
            super().keyPressEvent(event)

    def _filter(self, text: str) -> None:
        self._list.clear()
        words = text.casefold().split()
        for row in ACTIONS:
            action = self._actions[row.name]
            known = f"{row.menu} {action.text()}".casefold()
            if row.name != "palette" and all(word in known for word in words):
                item = QListWidgetItem(f"{row.menu}: {action.text()}    {row.shortcut}")
                item.setIcon(action.icon())
                item.setData(_ACTION, row.name)
                if not action.isEnabled():
                    item.setFlags(Qt.ItemFlag.NoItemFlags)
                self._list.addItem(item)
        self._list.setCurrentRow(0)

    def _run(self) -> None:
        item = self._list.currentItem()
        action: QAction | None = self._actions[item.data(_ACTION)] if item else None
        if action is not None and action.isEnabled():
            self.close()
            action.trigger()
