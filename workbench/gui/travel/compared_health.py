"""How the layers fared in two epochs of a training, side by side, those first that changed most."""

from __future__ import annotations

import math

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QBrush
from PySide6.QtWidgets import QHeaderView, QLabel, QStackedLayout, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from workbench.graph import Graph
from workbench.gui.editor.tints import FIGURES, Figure, shade
from workbench.gui.hints import centred
from workbench.gui.theme import Appearance, Theme
from workbench.gui.travel.moment import Moment
from workbench.inspection import LayerHealth

_CHANGE = Qt.ItemDataRole.UserRole
_ROW_HIGH = 24
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter

_WHEN = "It is measured once a second at most: by the window while it trains, by 'workbench train --health'."


class ComparedHealth(QWidget):
    """A line a layer; a figure that fell is purple, one that rose orange, the stronger the more it did."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._theme = appearance.theme
        self._told = QLabel()
        self._told.setProperty("role", "muted")
        self.table = QTreeWidget()
        self.table.setAccessibleName("Health of every layer in the two epochs")
        self.table.setProperty("role", "table")
        self.table.setRootIsDecorated(False)
        self.table.setUniformRowHeights(True)
        self.table.setAllColumnsShowFocus(True)
        self.table.setHeaderLabels(["Layer", *(figure.column for figure in FIGURES)])
        header = self.table.header()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        header.setSortIndicator(-1, Qt.SortOrder.DescendingOrder)
        header.setSortIndicatorClearable(True)
        for column, figure in enumerate(FIGURES, 1):
            self.table.headerItem().setTextAlignment(column, _RIGHT)
            self.table.headerItem().setToolTip(column, f"{figure.help}. Click to sort by how much it changed.")
        self.table.setSortingEnabled(True)
        self._hint = centred("")
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._told)
        layout.addWidget(self.table, 1)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._hint)
        self._stack.addWidget(page)
        appearance.changed.connect(self._set_theme)

    @property
    def hint(self) -> str:
        """Why nothing can be compared; '' where something is."""
        return self._hint.text() if self._stack.currentIndex() == 0 else ""

    def show_moments(self, graph: Graph, one: Moment, other: Moment) -> None:
        """Compare how the layers fared by the ends of two epochs."""
        if one.measured is None or other.measured is None:
            lacks = one if one.measured is None else other
            self._say(f"How the layers fared was not measured up to epoch {lacks.record.epoch}. {_WHEN}")
            return
        (at, before), (then, after) = one.measured, other.measured
        if at == then and one.record.epoch != other.record.epoch:
            self._say(f"Between the two epochs it was not measured anew how the layers fared. {_WHEN}")
            return
        self._told.setText(
            f"Epoch {one.record.epoch} (measured at step {at:,}) → epoch {other.record.epoch} (at step {then:,}). "
            "What changed most stands first."
        )
        header = self.table.header()
        sorted_by, order = header.sortIndicatorSection(), header.sortIndicatorOrder()
        self.table.setSortingEnabled(False)
        self.table.clear()
        rows = [
            _Row(node.name, before[node.name], after[node.name])
            for node in graph.nodes
            if node.name in before and node.name in after
        ]
        rows.sort(key=lambda row: -row.most)
        self.table.addTopLevelItems(rows)
        header.setSortIndicator(sorted_by, order)
        self.table.setSortingEnabled(True)
        self._paint()
        self._stack.setCurrentIndex(1)

    def _say(self, why: str) -> None:
        self._hint.setText(why)
        self._stack.setCurrentIndex(0)

    def _paint(self) -> None:
        for place in range(self.table.topLevelItemCount()):
            row = self.table.topLevelItem(place)
            for column in range(1, self.table.columnCount()):
                change = row.data(column, _CHANGE) if row is not None else None
                if row is not None and change:
                    row.setBackground(column, QBrush(shade(self._theme, change, 0.45)))

    def _set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._paint()


class _Row(QTreeWidgetItem):
    def __init__(self, name: str, before: LayerHealth, after: LayerHealth) -> None:
        pairs = [(getattr(before, figure.name), getattr(after, figure.name)) for figure in FIGURES]
        texts = [_beside(figure, *pair) for figure, pair in zip(FIGURES, pairs, strict=True)]
        super().__init__([name, *texts])
        self.setSizeHint(0, QSize(0, _ROW_HIGH))
        changes = [change(figure, *pair) for figure, pair in zip(FIGURES, pairs, strict=True)]
        self.most = max(map(abs, changes))
        for column, by in enumerate(changes, 1):
            self.setData(column, _CHANGE, by)
            self.setTextAlignment(column, _RIGHT)

    def __lt__(self, other: QTreeWidgetItem) -> bool:
        tree = self.treeWidget()
        column = tree.sortColumn() if tree is not None else 0
        if column <= 0 or not isinstance(other, _Row):
            return self.text(0) < other.text(0)
        return abs(self.data(column, _CHANGE)) < abs(other.data(column, _CHANGE))


def change(figure: Figure, before: float, after: float) -> float:
    """How far a figure moved on its scale: one that is told by magnitudes by its ratio, any other by its difference."""
    if math.isnan(before) or math.isnan(after) or before == after:
        return 0.0
    if figure.log and min(before, after) <= 0:
        return 1.0 if after > before else -1.0
    return figure.place(after) - figure.place(before)


def _beside(figure: Figure, before: float, after: float) -> str:
    texts = [figure.text(value).replace("-", "−") for value in (before, after)]
    return " → ".join(texts) if any(texts) else ""
