"""The palette: every layer and block template by category, searched, dragged or double-clicked."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QMimeData, QPoint, QSize, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QBrush, QColor, QDesktopServices, QIcon, QKeyEvent, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QMenu, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from workbench.gui import places
from workbench.gui.editor import own_blocks
from workbench.gui.editor.inspector import Try
from workbench.gui.editor.view import LAYER_TYPE
from workbench.gui.theme import Appearance, Theme
from workbench.layers import CATALOGUE, TEMPLATES

_WHAT = Qt.ItemDataRole.UserRole
_MINE = "mine:"


class LayerPalette(QWidget):
    """``chosen(what)``: ``layer:Conv2d`` or ``template:BasicBlock`` is to be inserted below the selection.

    ``left`` tells that a search has come to its end and the keyboard is free for the network again.
    """

    chosen = Signal(str)
    left = Signal()

    def __init__(self, appearance: Appearance, attempt: Try) -> None:
        super().__init__()
        self._attempt = attempt
        self._search = _Search()
        self._search.setPlaceholderText("Search layers")
        self._search.setAccessibleName("Search layers")
        self._search.setClearButtonEnabled(True)
        self._tree = _Tree()
        self._tree.setAccessibleName("Layers")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 0)
        layout.addWidget(self._search)
        layout.addWidget(self._tree)
        self._search.textChanged.connect(self._filter)
        self._search.returnPressed.connect(self._take_first)
        self._search.stepped.connect(self._tree.setFocus)
        self._search.given_up.connect(self.left)
        self._tree.itemActivated.connect(self._take)
        self._tree.itemChanged.connect(self._rename)
        self._tree.discarding.connect(self._discard)
        self._tree.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._tree.customContextMenuRequested.connect(self._show_menu)
        appearance.changed.connect(self._fill)
        self._fill(appearance.theme)

    def search(self, text: str) -> None:
        """Begin searching, as when a person types on the canvas."""
        self._search.setText(text)
        self._search.setFocus()
        self._search.end(False)

    def refresh(self) -> None:
        """A block has been saved."""
        self._fill(self._theme)

    def _fill(self, theme: Theme) -> None:
        self._theme = theme
        self._tree.blockSignals(True)
        self._tree.clear()
        categories: dict[str, QTreeWidgetItem] = {}
        rows = [("Blocks", "Block", f"template:{t.name}", t.name, t.help) for t in TEMPLATES.values()]
        rows += [
            (entry.category, entry.category, f"layer:{kind}", kind, entry.help) for kind, entry in CATALOGUE.items()
        ]
        rows += [("My blocks", "Block", f"mine:{name}", name, str(path)) for name, path in own_blocks.saved().items()]
        order = {"My blocks": -1, "Convolution": 0, "Blocks": 9}
        for title, category, what, name, help in sorted(rows, key=lambda row: order.get(row[0], 5)):
            if title not in categories:
                categories[title] = QTreeWidgetItem(self._tree, [title])
                categories[title].setFlags(Qt.ItemFlag.ItemIsEnabled)
                categories[title].setForeground(0, QBrush(theme.category("Block")))
            row = QTreeWidgetItem(categories[title], [name])
            row.setData(0, _WHAT, what)
            row.setToolTip(0, help)
            row.setIcon(0, _swatch(theme, category))
            if what.startswith(_MINE):
                row.setFlags(row.flags() | Qt.ItemFlag.ItemIsEditable)
        self._tree.blockSignals(False)
        self._tree.expandAll()
        self._filter(self._search.text())

    def _filter(self, text: str) -> None:
        wanted = text.casefold().split()
        for category in self._categories():
            shown = 0
            for row in _rows(category):
                known = f"{row.text(0)} {category.text(0)} {row.toolTip(0)}".casefold()
                hidden = not all(word in known for word in wanted)
                row.setHidden(hidden)
                shown += not hidden
            category.setHidden(not shown)
        first = self._first()
        if wanted and first is not None:
            self._tree.setCurrentItem(first)

    def _first(self) -> QTreeWidgetItem | None:
        """The row that a search means: its name begins with the text, contains it, or else the first shown."""
        text = self._search.text().casefold()
        rows = [row for category in self._categories() for row in _rows(category) if not row.isHidden()]
        return min(
            rows,
            key=lambda row: (
                not row.text(0).casefold().startswith(text),
                text not in row.text(0).casefold(),
                # Sorting is stable: within one rank the catalogue's order holds.
            ),
            default=None,
        )

    def _take_first(self) -> None:
        row = self._first()
        if row is not None:
            self._take(row)
            self._search.clear()
            self.left.emit()

    def _take(self, row: QTreeWidgetItem) -> None:
        what = row.data(0, _WHAT)
        if what:
            self.chosen.emit(what)

    def menu_of(self, row: QTreeWidgetItem) -> QMenu | None:
        """What can be done with a row; None for a category."""
        what = row.data(0, _WHAT)
        if not what:
            return None
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Insert below the selection", lambda: self._take(row))
        if what.startswith(_MINE):
            name = what.removeprefix(_MINE)
            menu.addSeparator()
            menu.addAction("Rename", lambda: self._tree.editItem(row, 0))
            menu.addAction("Show the folder", lambda: QDesktopServices.openUrl(_folder()))
            menu.addAction("Move to the trash", lambda: self._discard(name))
        return menu

    def _show_menu(self, position: QPoint) -> None:
        row = self._tree.itemAt(position)
        menu = self.menu_of(row) if row is not None else None
        if menu is not None:
            menu.popup(self._tree.viewport().mapToGlobal(position))

    def _rename(self, row: QTreeWidgetItem) -> None:
        old, new = row.data(0, _WHAT).removeprefix(_MINE), row.text(0).strip()
        if new and new != old:
            self._attempt(lambda: own_blocks.rename(old, new))
        # The rows are made anew once the line that has edited this one is gone.
        QTimer.singleShot(0, self, self.refresh)

    def _discard(self, name: str) -> None:
        self._attempt(lambda: own_blocks.discard(name))
        self.refresh()

    def _categories(self) -> list[QTreeWidgetItem]:
        return _rows(self._tree.invisibleRootItem())


class _Tree(QTreeWidget):
    """The rows; F2 and Delete belong to a block of one's own that is chosen here, not to the network."""

    discarding = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setHeaderHidden(True)
        self.setIndentation(12)
        self.setIconSize(QSize(13, 13))
        self.setRootIsDecorated(True)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._mine(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        name = self._mine(event)
        if name and event.key() == Qt.Key.Key_Delete:
            self.discarding.emit(name)
        else:
            super().keyPressEvent(event)

    def _mine(self, event: QKeyEvent) -> str:
        """The block of one's own that the key is meant for."""
        row = self.currentItem()
        what = row.data(0, _WHAT) if row is not None else None
        meant = event.key() in (Qt.Key.Key_F2, Qt.Key.Key_Delete) and self.state() != self.State.EditingState
        return what.removeprefix(_MINE) if meant and what and what.startswith(_MINE) else ""

    def mimeData(self, items: Sequence[QTreeWidgetItem]) -> QMimeData:
        data = QMimeData()
        what = items[0].data(0, _WHAT) if items else None
        if what:
            data.setData(LAYER_TYPE, what.encode())
        return data


class _Search(QLineEdit):
    stepped = Signal()
    given_up = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down:
            self.stepped.emit()
            return
        if event.key() == Qt.Key.Key_Escape:
            self.clear()
            self.given_up.emit()
            return
        super().keyPressEvent(event)


def _rows(item: QTreeWidgetItem) -> list[QTreeWidgetItem]:
    found = (item.child(number) for number in range(item.childCount()))
    return [row for row in found if row is not None]


def _folder() -> QUrl:
    return QUrl.fromLocalFile(str(places.templates()))


def _swatch(theme: Theme, category: str) -> QIcon:
    """A square of the category's colour, with pixels enough for any screen; on a selected row it has a rim, because
    that may be of the same colour."""
    swatch = QIcon()
    for mode, rim in ((QIcon.Mode.Normal, Qt.PenStyle.NoPen), (QIcon.Mode.Selected, QPen(QColor(theme.on_accent), 6))):
        pixmap = QPixmap(64, 64)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(theme.category(category))
        painter.setPen(rim)
        painter.drawRoundedRect(8, 8, 48, 48, 14, 14)
        painter.end()
        swatch.addPixmap(pixmap, mode)
    return swatch
