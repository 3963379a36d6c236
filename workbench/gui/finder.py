"""A list in which a person finds something by typing a few letters of it."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon, QKeyEvent
from PySide6.QtWidgets import QDialog, QHeaderView, QLineEdit, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

_NAME = Qt.ItemDataRole.UserRole


@dataclass(frozen=True)
class Choice:
    """Something that can be found, with what is said at its right; one that is not ``enabled`` cannot be chosen."""

    name: str
    text: str
    aside: str = ""
    icon: QIcon | None = None
    enabled: bool = True


class Finder(QDialog):
    """Type, choose, done. It is as large whatever it holds, and what does not fit scrolls."""

    def __init__(self, title: str, question: str, nothing: str, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName(title)
        self._nothing = nothing
        self._line = QLineEdit()
        self._line.setPlaceholderText(question)
        self._line.setAccessibleName(title)
        self._list = QTreeWidget()
        self._list.setAccessibleName("What is found")
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
        window = parent.window()
        self.move(window.mapToGlobal(window.rect().center()) - self.rect().center())
        self._line.textChanged.connect(self._filter)
        self._list.itemActivated.connect(lambda _: self._take())
        self._list.itemClicked.connect(lambda _: self._take())
        self._filter("")
        self._line.setFocus()

    @abstractmethod
    def choices(self) -> Iterable[Choice]:
        """Everything that can be found, in its order."""

    @abstractmethod
    def choose(self, name: str) -> None:
        """Do what was found; the list is closed by then."""

    @property
    def shown(self) -> list[str]:
        """The texts that are listed."""
        return [row.text(0) for row in self._rows()]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self._step(1 if event.key() == Qt.Key.Key_Down else -1)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take()
        else:
            super().keyPressEvent(event)

    def _rows(self) -> list[QTreeWidgetItem]:
        found = (self._list.topLevelItem(number) for number in range(self._list.topLevelItemCount()))
        return [row for row in found if row is not None]

    def _filter(self, text: str) -> None:
        self._list.clear()
        words = text.casefold().split()
        for choice in self.choices():
            if not all(word in choice.text.casefold() for word in words):
                continue
            row = QTreeWidgetItem(self._list, [choice.text, choice.aside])
            row.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            if choice.icon is not None:
                row.setIcon(0, choice.icon)
            row.setData(0, _NAME, choice.name)
            row.setDisabled(not choice.enabled)
        if not self._rows():
            QTreeWidgetItem(self._list, [self._nothing]).setDisabled(True)
        self._step(0)

    def _step(self, step: int) -> None:
        """Choose the next row that can be chosen, or the first one."""
        rows = [number for number, row in enumerate(self._rows()) if not row.isDisabled()]
        current = self._list.currentIndex().row()
        if rows:
            at = rows.index(current) + step if current in rows else 0
            self._list.setCurrentItem(self._rows()[rows[max(0, min(at, len(rows) - 1))]])

    def _take(self) -> None:
        row = self._list.currentItem()
        name = row.data(0, _NAME) if row is not None and not row.isDisabled() else None
        if name:
            self.close()
            self.choose(name)
