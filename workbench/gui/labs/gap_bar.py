"""The column of a race's table that tells the gap."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QTableWidget

_MOST_HEIGHT = 22


class GapBar(QStyledItemDelegate):
    """The gap as a bar behind its figure, as long as the table's largest."""

    def __init__(self, table: QTableWidget, column: int) -> None:
        super().__init__(table)
        self._column = column

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        model, role = index.model(), Qt.ItemDataRole.UserRole
        gaps = [abs(model.index(row, self._column).data(role) or 0.0) for row in range(model.rowCount())]
        own, most = index.data(role) or 0.0, max(gaps, default=0.0)
        if most > 0 and own > 0:
            bar = QRectF(option.rect).adjusted(2, 4, -2, -4)
            bar.adjust(0, beyond := max(0.0, (bar.height() - _MOST_HEIGHT) / 2), 0, -beyond)
            bar.setLeft(bar.right() - bar.width() * own / most)
            colour = QColor(option.palette.highlight().color())
            colour.setAlphaF(0.3)
            painter.fillRect(bar, colour)
        super().paint(painter, option, index)
