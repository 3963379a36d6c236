"""The differences in words, one a line, with what each of them costs."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QBrush
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem

from workbench.compiler import Comparison
from workbench.compiler.differences import SIGNS, Cost, Group
from workbench.compiler.receptive_field import ReceptiveField
from workbench.gui.editor.comparison.marks import mark_colour
from workbench.gui.figures import count, size
from workbench.gui.theme import Appearance, Theme

_COLUMNS = ("", "Layer", "Difference", "Parameters", "MACs", "Memory", "Sees")
_ROW, _SIGN = 22, 48
_DIFFERENCES = Qt.ItemDataRole.UserRole


class DifferenceList(QTreeWidget):
    """``chosen(differences)``: the line of these was clicked, or reached with the keys."""

    chosen = Signal(object)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._filling = False
        self.setHeaderLabels(list(_COLUMNS))
        self.setAccessibleName("Differences")
        self.setProperty("role", "figures")
        self.setUniformRowHeights(True)
        self.setAllColumnsShowFocus(True)
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        for column in range(3, len(_COLUMNS)):
            self.headerItem().setTextAlignment(column, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.headerItem().setToolTip(5, "Bytes of the layer's output for one picture, in 32-bit numbers")
        self.headerItem().setToolTip(6, "Receptive field: how many pixels of the picture a value of its map has seen")
        self.currentItemChanged.connect(lambda item, _: self._tell(item))
        self.itemClicked.connect(self._tell)
        appearance.changed.connect(self._set_theme)

    def sizeHint(self) -> QSize:
        return QSize(600, 180)

    @property
    def lines(self) -> list[tuple[str, ...]]:
        """The texts of the lines that stand at the left edge."""
        items = [self.topLevelItem(row) for row in range(self.topLevelItemCount())]
        return [tuple(item.text(column) for column in range(len(_COLUMNS))) for item in items if item is not None]

    def show_comparison(self, comparison: Comparison) -> None:
        """List what differs between these two."""
        self._filling = True
        self.clear()
        for group in comparison.groups:
            item = self._line(self, group)
            if len(group.differences) > 1:
                for difference in group.differences:
                    self._line(item, Group(difference.what, difference.name, (difference,)))
        self._colour()
        self.setColumnWidth(0, _SIGN)
        for column in (1, 3, 4, 5, 6):
            self.resizeColumnToContents(column)
        self.setColumnWidth(1, min(self.columnWidth(1) + 12, 260))
        self._filling = False

    def show_line(self, row: int) -> None:
        """Choose one of the lines that stand at the left edge, as with the keys."""
        item = self.topLevelItem(row)
        if item is not None:
            self.setCurrentItem(item)

    def point_at(self, name: str, side: int) -> None:
        """Make the line about this layer of one side the current one; nothing where none is about it."""
        found = self._line_about(name, side)
        self._filling = True
        if found is not None:
            self.setCurrentItem(found)
        else:
            self.clearSelection()
        self._filling = False

    def _line_about(self, name: str, side: int) -> QTreeWidgetItem | None:
        def is_about(item: QTreeWidgetItem | None) -> bool:
            if item is None:
                return False
            names = [(d.before, d.after)[side] or "" for d in item.data(1, _DIFFERENCES)]
            return any(own == name or own.startswith(f"{name}.") for own in names)

        for row in range(self.topLevelItemCount()):
            item = self.topLevelItem(row)
            if item is not None and is_about(item):
                inner = [item.child(place) for place in range(item.childCount())]
                exact = [child for child in inner if is_about(child)]
                return exact[0] if len(exact) == 1 and len(inner) > 1 else item
        return None

    def _line(self, above: QTreeWidget | QTreeWidgetItem, group: Group) -> QTreeWidgetItem:
        item = QTreeWidgetItem(above, _cells(group))
        item.setData(1, _DIFFERENCES, group.differences)
        item.setData(0, _DIFFERENCES, group.what)
        item.setSizeHint(0, QSize(_SIGN, _ROW))
        for column in range(3, len(_COLUMNS)):
            item.setTextAlignment(column, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        sentence = ", ".join((group.words, *_told(group.cost)))
        item.setToolTip(2, f"{group.name}: {sentence}" if group.name else sentence)
        return item

    def _set_theme(self, _: Theme) -> None:
        self._colour()

    def _colour(self) -> None:
        rows = [self.topLevelItem(row) for row in range(self.topLevelItemCount())]
        for item in [*rows, *(row.child(n) for row in rows if row is not None for n in range(row.childCount()))]:
            if item is not None:
                item.setForeground(0, QBrush(mark_colour(self._appearance.theme, item.data(0, _DIFFERENCES))))
                font = self.font()
                font.setBold(True)
                item.setFont(0, font)

    def _tell(self, item: QTreeWidgetItem | None, _column: int = 0) -> None:
        if item is not None and not self._filling:
            self.chosen.emit(item.data(1, _DIFFERENCES))


def cost_text(cost: Cost) -> str:
    """``+13,840 parameters, +1.38 M MACs, +6.4 kB``; 'at no cost' where there is none."""
    return ", ".join(_told(cost)) or "at no cost"


def _told(cost: Cost) -> list[str]:
    parts = []
    if cost.parameters:
        parts.append(f"{_signed(cost.parameters, _exactly)} parameters")
    if cost.macs:
        parts.append(f"{_signed(cost.macs, count)} MACs")
    if cost.activation_bytes:
        parts.append(_signed(cost.activation_bytes, size))
    return parts


def _cells(group: Group) -> list[str]:
    cost = group.cost
    numbers = (
        _signed(cost.parameters, _exactly) if cost.parameters else "",
        _signed(cost.macs, count) if cost.macs else "",
        _signed(cost.activation_bytes, size) if cost.activation_bytes else "",
    )
    sees = _sees(group.differences[0].fields) if len(group.differences) == 1 else ""
    return [SIGNS[group.what], group.name, group.words, *numbers, sees]


def _sees(fields: tuple[ReceptiveField | None, ReceptiveField | None]) -> str:
    return " → ".join(dict.fromkeys(field_text(field) for field in fields if field is not None))


def field_text(field: ReceptiveField) -> str:
    """``16×16``."""
    if field.whole:
        return "all"
    return f"{float(field.height.size):g}×{float(field.width.size):g}"


def _signed(value: int, text: object) -> str:
    return f"{'+' if value > 0 else '−'}{text(abs(value))}"  # type: ignore[operator]


def _exactly(value: float) -> str:
    return f"{value:,.0f}" if value < 1e7 else count(value)
