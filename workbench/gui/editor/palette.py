"""The palette: every layer and block template by category, searched, dragged or double-clicked."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QBrush, QIcon, QKeyEvent, QPainter, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from workbench.gui.editor import own_blocks
from workbench.gui.editor.view import LAYER_TYPE
from workbench.gui.theme import Appearance, Theme
from workbench.layers import CATALOGUE, TEMPLATES

_WHAT = Qt.ItemDataRole.UserRole


class LayerPalette(QWidget):
    """``chosen(what)``: ``layer:Conv2d`` or ``template:BasicBlock`` is to be inserted below the selection."""

    chosen = Signal(str)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
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
        self._tree.itemActivated.connect(self._take)
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

    def _take(self, row: QTreeWidgetItem) -> None:
        what = row.data(0, _WHAT)
        if what:
            self.chosen.emit(what)

    def _categories(self) -> list[QTreeWidgetItem]:
        return _rows(self._tree.invisibleRootItem())


class _Tree(QTreeWidget):
    def __init__(self) -> None:
        super().__init__()
        self.setHeaderHidden(True)
        self.setIndentation(12)
        self.setRootIsDecorated(True)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)

    def mimeData(self, items: Sequence[QTreeWidgetItem]) -> QMimeData:
        data = QMimeData()
        what = items[0].data(0, _WHAT) if items else None
        if what:
            data.setData(LAYER_TYPE, what.encode())
        return data


class _Search(QLineEdit):
    stepped = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down:
            self.stepped.emit()
            return
        super().keyPressEvent(event)


def _rows(item: QTreeWidgetItem) -> list[QTreeWidgetItem]:
    found = (item.child(number) for number in range(item.childCount()))
    return [row for row in found if row is not None]


def _swatch(theme: Theme, category: str) -> QIcon:
    pixmap = QPixmap(12, 12)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(theme.category(category))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.drawRoundedRect(1, 1, 10, 10, 3, 3)
    painter.end()
    return QIcon(pixmap)
