"""How each layer fares, as a table: its figures now, and beside each a small line of how they came about."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import (
    QHeaderView,
    QLabel,
    QStackedLayout,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from workbench.graph import Graph
from workbench.gui.editor.tints import FIGURES, TintsOf, shade
from workbench.gui.hints import centred
from workbench.gui.theme import Appearance, Theme
from workbench.gui.training.health_history import HealthHistory

if TYPE_CHECKING:
    from workbench.compiler import Problem
    from workbench.inspection import LayerHealth

_LINE = Qt.ItemDataRole.UserRole
_PLACE = Qt.ItemDataRole.UserRole + 1
_USUAL_KIND = "BatchNorm2d"
_COMES = "While a training runs every layer stands here: units that never fire, activations, gradients."
_Index = QModelIndex | QPersistentModelIndex


class HealthPanel(QWidget):
    """``chosen(layer)``: a row was clicked or walked to."""

    chosen = Signal(str)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self.model = HealthModel(appearance.theme)
        self.table = QTreeView()
        self.table.setModel(self.model)
        self.table.setProperty("role", "table")
        self.table.setRootIsDecorated(False)
        self.table.setUniformRowHeights(True)
        self.table.setAllColumnsShowFocus(True)
        self.table.setAccessibleName("Health of every layer")
        self.table.setItemDelegate(_Delegate(appearance, self.table))
        self.table.setSortingEnabled(True)
        header = self.table.header()
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        header.setSortIndicatorClearable(True)
        header.setMinimumSectionSize(76)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        for column, width in enumerate((130, self.fontMetrics().horizontalAdvance(_USUAL_KIND) + 14)):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
            header.resizeSection(column, width)
        self.table.clicked.connect(lambda index: self.chosen.emit(self.model.layer(index.row())))
        self.table.activated.connect(lambda index: self.chosen.emit(self.model.layer(index.row())))
        self.told = QLabel()
        self.told.setProperty("role", "muted")
        self.told.setContentsMargins(10, 4, 10, 2)
        self._hint = centred(_COMES)
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.told)
        layout.addWidget(self.table, 1)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._hint)
        self._stack.addWidget(page)
        appearance.changed.connect(self.model.set_theme)

    def begin(self, hint: str = "") -> None:
        """Show nothing of a training, and why."""
        self.model.begin()
        self._hint.setText(hint or _COMES)
        self._stack.setCurrentIndex(0)

    def show_health(
        self,
        graph: Graph,
        layers: Mapping[str, LayerHealth],
        history: HealthHistory,
        tints: TintsOf,
        remarks: Sequence[Problem],
        told: str,
    ) -> None:
        """Show what has been measured; ``told`` says when it was."""
        self.told.setText(told)
        self.model.show_health(graph, layers, history, tints, {r.node: r.message for r in remarks if r.node})
        self._stack.setCurrentIndex(1)

    def select(self, layer: str) -> None:
        """Mark a layer's row."""
        row = self.model.row_of(layer)
        if row is not None:
            self.table.setCurrentIndex(self.model.index(row, 0))


class HealthModel(QAbstractTableModel):
    """One row a layer, in the order of the stack or sorted by a column."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._stack: list[tuple[str, str]] = []
        self._order: list[tuple[str, str]] = []
        self._layers: Mapping[str, LayerHealth] = {}
        self._history = HealthHistory()
        self._tints: TintsOf | None = None
        self._remarks: Mapping[str, str] = {}
        self._sorted: tuple[int, Qt.SortOrder] = (-1, Qt.SortOrder.AscendingOrder)

    def begin(self) -> None:
        self.beginResetModel()
        self._stack, self._order, self._layers, self._remarks = [], [], {}, {}
        self.endResetModel()

    def show_health(
        self,
        graph: Graph,
        layers: Mapping[str, LayerHealth],
        history: HealthHistory,
        tints: TintsOf,
        remarks: Mapping[str, str],
    ) -> None:
        self._layers, self._history, self._tints, self._remarks = layers, history, tints, remarks
        stack = [(node.name, node.kind) for node in graph.nodes if node.name in layers]
        if stack != self._stack:
            self.beginResetModel()
            self._stack, self._order = stack, self._in_order(stack)
            self.endResetModel()
            return
        self.sort(*self._sorted)
        self.dataChanged.emit(self.index(0, 0), self.index(len(stack) - 1, self.columnCount() - 1))

    def layer(self, row: int) -> str:
        return self._order[row][0]

    def row_of(self, layer: str) -> int | None:
        return next((row for row, (name, _) in enumerate(self._order) if name == layer), None)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._order)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else 2 + len(FIGURES)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return ("Layer", "Kind", *(figure.column for figure in FIGURES))[section]
        if role == Qt.ItemDataRole.ToolTipRole and section > 1:
            return FIGURES[section - 2].help
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        name, kind = self._order[index.row()]
        if index.column() < 2:
            if role == Qt.ItemDataRole.DisplayRole:
                return (name, kind)[index.column()]
            if role == Qt.ItemDataRole.ToolTipRole:
                return self._remarks.get(name)
            if role == Qt.ItemDataRole.ForegroundRole and name in self._remarks:
                return QBrush(QColor(self._theme.warning))
            return None
        figure = FIGURES[index.column() - 2]
        if role == Qt.ItemDataRole.DisplayRole:
            return figure.text(getattr(self._layers[name], figure.name)).replace("-", "−")
        if role == _LINE:
            steps, values = self._history.of(name, figure.name)
            with np.errstate(divide="ignore", invalid="ignore"):
                return steps, np.log10(values) if figure.log else values
        if role == _PLACE:
            found = self._tints(figure).get(name) if self._tints is not None else None
            return found.value if found is not None else None
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._sorted = (column, order)
        wanted = self._in_order(self._stack)
        if wanted == self._order:
            return
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        places = {name: row for row, (name, _) in enumerate(wanted)}
        after = [self.index(places[self._order[index.row()][0]], index.column()) for index in before]
        self._order = wanted
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def _in_order(self, stack: list[tuple[str, str]]) -> list[tuple[str, str]]:
        column, order = self._sorted
        falling = order == Qt.SortOrder.DescendingOrder
        if column < 0:
            return stack
        if column < 2:
            return sorted(stack, key=lambda row: row[column], reverse=falling)
        name = FIGURES[column - 2].name

        def key(row: tuple[str, str]) -> tuple[bool, float]:
            value = getattr(self._layers[row[0]], name)
            # What has no such figure stands below whatever the order.
            return (math.isnan(value), 0.0 if math.isnan(value) else -value if falling else value)

        return sorted(stack, key=key)


class _Delegate(QStyledItemDelegate):
    """Paints a figure at the right of its cell, its history as a line at the left, and how unusual it is as ground."""

    def __init__(self, appearance: Appearance, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = appearance.theme
        appearance.changed.connect(self._set_theme)

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(super().sizeHint(option, index).width(), 24)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        text = index.data(Qt.ItemDataRole.DisplayRole) if index.column() > 1 else None
        if text is None:
            super().paint(painter, option, index)
            return
        selected = bool(option.state & option.state.State_Selected)
        rect = QRectF(option.rect)
        place = index.data(_PLACE)
        painter.save()
        if selected:
            painter.fillRect(rect, option.palette.highlight())
        elif place:
            painter.fillRect(rect.adjusted(1, 1, -1, -1), shade(self._theme, place, 0.45))
        ink = option.palette.highlightedText().color() if selected else QColor(self._theme.text)
        painter.setPen(ink)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(rect.adjusted(0, 0, -8, 0), right, text)
        if text:
            steps, values = index.data(_LINE)
            _draw_history(painter, rect.adjusted(8, 5, -60, -5), steps, values, ink)
        painter.restore()

    def _set_theme(self, theme: Theme) -> None:
        self._theme = theme


def _draw_history(painter: QPainter, room: QRectF, steps: np.ndarray, values: np.ndarray, ink: QColor) -> None:
    known = np.isfinite(values)
    steps, values = steps[known], values[known]
    if len(values) < 2 or room.width() < 10:
        return
    low, high = float(values.min()), float(values.max())
    reach = float(steps[-1] - steps[0]) or 1.0
    # What has hardly changed is a level line and not enlarged noise.
    height = max(high - low, 0.05 * max(abs(low), abs(high)), 1e-12)
    middle = (low + high) / 2
    points = [
        QPointF(
            room.left() + room.width() * float(step - steps[0]) / reach,
            room.center().y() - room.height() * (float(value) - middle) / height,
        )
        for step, value in zip(steps, values, strict=True)
    ]
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(ink, 1))
    painter.drawPolyline(QPolygonF(points))
