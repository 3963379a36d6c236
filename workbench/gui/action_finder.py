"""The command palette: every action found by typing a few letters of it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QDialog, QHeaderView, QLineEdit, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from workbench.gui.actions import ACTIONS
from workbench.gui.menus import Actions

_ACTION = Qt.ItemDataRole.UserRole


class ActionFinder(QDialog):
    """Type, choose, done. What cannot be done now is listed too, but cannot be chosen."""

    def __init__(self, actions: Actions, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName("Find an action")
        self._actions = actions
        self._line = QLineEdit()
        self._line.setPlaceholderText("What do you want to do?")
        self._line.setAccessibleName("Find an action")
        self._list = QTreeWidget()
        self._list.setAccessibleName("Actions")
        self._list.setColumnCount(2)
        self._list.setHeaderHidden(True)
        self._list.setRootIsDecorated(False)
        self._list.header().setStretchLastSection(False)
        self._list.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self._list.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.addWidget(self._line)
        layout.addWidget(self._list)
        self.resize(520, 380)
        self.move(parent.mapToGlobal(parent.rect().center()) - self.rect().center())
        self._line.textChanged.connect(self._filter)
        self._list.itemActivated.connect(lambda _: self._run())
        self._list.itemClicked.connect(lambda _: self._run())
        self._filter("")
        self._line.setFocus()

    @property
    def shown(self) -> list[str]:
        """The menus and texts of the actions that are listed."""
        return [row.text(0) for row in self._rows()]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self._step(1 if event.key() == Qt.Key.Key_Down else -1)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._run()
        else:
            super().keyPressEvent(event)

    def _rows(self) -> list[QTreeWidgetItem]:
        found = (self._list.topLevelItem(number) for number in range(self._list.topLevelItemCount()))
        return [row for row in found if row is not None]

    def _filter(self, text: str) -> None:
        self._list.clear()
        words = text.casefold().split()
        for action in ACTIONS:
            made = self._actions[action.name]
            known = f"{action.menu} {made.text()}".casefold()
            if action.name != "palette" and all(word in known for word in words):
                key = QKeySequence(action.shortcut).toString(QKeySequence.SequenceFormat.NativeText)
                row = QTreeWidgetItem(self._list, [f"{action.menu}: {made.text()}", key])
                row.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                row.setIcon(0, made.icon())
                row.setData(0, _ACTION, action.name)
                row.setDisabled(not made.isEnabled())
        if not self._rows():
            QTreeWidgetItem(self._list, ["No action is called so."]).setDisabled(True)
        self._step(0)

    def _step(self, step: int) -> None:
        """Choose the next row that can be chosen, or the first one."""
        rows = [number for number, row in enumerate(self._rows()) if not row.isDisabled()]
        current = self._list.currentIndex().row()
        if rows:
            at = rows.index(current) + step if current in rows else 0
            self._list.setCurrentItem(self._rows()[rows[max(0, min(at, len(rows) - 1))]])

    def _run(self) -> None:
        row = self._list.currentItem()
        name = row.data(0, _ACTION) if row is not None and not row.isDisabled() else None
        if name:
            self.close()
            self._actions[name].trigger()
