"""The edit history: every step by its name. A click goes there, forth or back; nothing is lost until the next edit."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractListModel, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QIcon, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QListView,
    QMenu,
    QPushButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from workbench.gui.document import Document, Step
from workbench.gui.icons import icon
from workbench.gui.theme import Appearance, Theme

_ICON = 16


class EditHistory(QWidget):
    """``compare_wanted(place)``: a step is to be compared with the network as it is now."""

    compare_wanted = Signal(int)

    def __init__(self, document: Document, appearance: Appearance) -> None:
        super().__init__()
        self._document = document
        self.steps = _Steps(document, appearance.theme, self)
        self.list = _List()
        self.list.setModel(self.steps)
        self._rows = _Rows(document, appearance.theme, self)
        self.list.setItemDelegate(self._rows)
        self.compare_button = QPushButton("Compare with now")
        self.compare_button.setToolTip("Show the chosen step and the network as it is now side by side")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 4, 6, 6)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.compare_button)
        self.list.compare_wanted.connect(self.compare_wanted)
        self.list.clicked.connect(lambda index: document.go_to(index.row()))
        self.list.activated.connect(lambda index: document.go_to(index.row()))
        self.list.customContextMenuRequested.connect(self._menu)
        self.list.selectionModel().currentChanged.connect(lambda *_: self._enable())
        self.compare_button.clicked.connect(lambda: self.compare_wanted.emit(self.list.currentIndex().row()))
        appearance.changed.connect(self._set_theme)
        document.state_changed.connect(self._show)
        self._show()

    @property
    def titles(self) -> list[str]:
        """What the rows say, from the first step to the last."""
        return [self.steps.index(row).data() for row in range(self.steps.rowCount())]

    def _show(self) -> None:
        self.steps.follow()
        here = self.steps.index(self._document.place)
        self.list.setCurrentIndex(here)
        self.list.scrollTo(here)
        self._enable()

    def _enable(self) -> None:
        self.compare_button.setEnabled(self.list.currentIndex().row() not in (-1, self._document.place))

    def _menu(self, position: QPoint) -> None:
        place = self.list.indexAt(position).row()
        if place < 0:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Go there", lambda: self._document.go_to(place))
        menu.addAction("Compare with now", lambda: self.compare_wanted.emit(place))
        menu.popup(self.list.viewport().mapToGlobal(position))

    def _set_theme(self, theme: Theme) -> None:
        self.steps.theme = theme
        self._rows.set_theme(theme)
        self.list.viewport().update()


class _Steps(QAbstractListModel):
    """The document's steps as rows; Qt asks only for those that are seen."""

    def __init__(self, document: Document, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._document = document
        self.theme = theme
        self._steps: tuple[Step, ...] = ()

    def follow(self) -> None:
        """The document has changed."""
        steps = self._document.steps
        if steps != self._steps:
            self.beginResetModel()
            self._steps = steps
            self.endResetModel()
        else:
            self.dataChanged.emit(self.index(0), self.index(len(steps) - 1))

    def rowCount(self, parent: Any = None) -> int:
        return len(self._steps)

    def data(self, index: Any, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, place = index.row(), self._document.place
        title = self._steps[row].title or "As it was opened"
        if role == Qt.ItemDataRole.DisplayRole:
            return title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{title}, {'now' if row == place else 'undone' if row > place else 'done'}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return title if row == place else f"{title}\nClick to {'undo' if row < place else 'redo'} up to here"
        if role == Qt.ItemDataRole.FontRole and row == place:
            font = QFont()
            font.setBold(True)
            return font
        if role == Qt.ItemDataRole.ForegroundRole and row > place:
            return QColor(self.theme.muted)
        return None


class _List(QListView):
    """``compare_wanted(place)``: the sign at the right end of a row was clicked, which goes nowhere."""

    compare_wanted = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Edits")
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 80)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._compared_at(event) is None:
            super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        place = self._compared_at(event)
        if place is None:
            super().mouseReleaseEvent(event)
        else:
            self.compare_wanted.emit(place)

    def _compared_at(self, event: QMouseEvent) -> int | None:
        position = event.position().toPoint()
        index = self.indexAt(position)
        if not index.isValid() or index.row() == self.currentIndex().row():
            return None
        return index.row() if compare_rect(self.visualRect(index)).contains(position) else None


class _Rows(QStyledItemDelegate):
    """A row: a mark where the project is now, the step's name, and under the mouse what compares it with now."""

    def __init__(self, document: Document, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._document, self._theme = document, theme
        self._icon: QIcon | None = None

    def set_theme(self, theme: Theme) -> None:
        self._theme, self._icon = theme, None

    def sizeHint(self, option: QStyleOptionViewItem, index: Any) -> QSize:
        size = super().sizeHint(option, index)
        return QSize(size.width(), max(size.height(), _ICON + 8))

    def initStyleOption(self, option: QStyleOptionViewItem, index: Any) -> None:
        super().initStyleOption(option, index)
        place = self._document.place
        option.text = f"{'▸' if index.row() == place else '   '} {option.text}"

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Any) -> None:
        hovered = option.state & QStyle.StateFlag.State_MouseOver
        if not hovered or index.row() == self._document.place:
            super().paint(painter, option, index)
            return
        sign = compare_rect(option.rect)
        option.rect.setRight(sign.left() - 4)
        super().paint(painter, option, index)
        self._icon = self._icon or icon("mdi6.compare", self._theme)
        self._icon.paint(painter, sign)


def compare_rect(row: QRect) -> QRect:
    """Where in a row the sign stands that compares it with now."""
    return QRect(row.right() - _ICON - 4, row.center().y() - _ICON // 2, _ICON, _ICON)
