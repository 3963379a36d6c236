"""The list of what went into a value, as a person sees it."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeySequence, QPainter, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from workbench.gui.inspection.value.terms import TermsModel
from workbench.gui.theme import Appearance, Theme

_WIDEST_NUMBER = "−0.0001234"
_NAME_WIDE = 90


class TermsTable(QTableView):
    """``taken(row)`` when a line is clicked, or Return pressed on it."""

    taken = Signal(int)

    def __init__(self, model: TermsModel, appearance: Appearance) -> None:
        super().__init__()
        self._bars = _Bars(model, appearance.theme)
        self.setModel(model)
        self.setItemDelegate(self._bars)
        self.setAccessibleName("What went into the value")
        self.setShowGrid(False)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.horizontalHeader().hide()
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 4)
        self.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        numbers_wide = self.fontMetrics().horizontalAdvance(_WIDEST_NUMBER) + 8
        self.setColumnWidth(1, numbers_wide)
        self.setMinimumWidth(_NAME_WIDE + numbers_wide)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.clicked.connect(self._take)
        enter = QShortcut(QKeySequence("Return"), self)
        enter.setContext(Qt.ShortcutContext.WidgetShortcut)
        enter.activated.connect(lambda: self._take(self.currentIndex()))
        appearance.changed.connect(self._set_theme)

    def _take(self, index: QModelIndex) -> None:
        if index.isValid():
            self.taken.emit(index.row())

    def _set_theme(self, theme: Theme) -> None:
        self._bars.theme = theme
        self.viewport().update()


class _Bars(QStyledItemDelegate):
    """Behind each channel's number a bar tells how much it gives, to the right of the middle or to the left."""

    def __init__(self, model: TermsModel, theme: Theme) -> None:
        super().__init__()
        self._model, self.theme = model, theme

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        term = self._model.terms[index.row()]
        if index.column() == 1 and term.channel is not None and self._model.most > 0:
            share = max(-1.0, min(1.0, term.value / self._model.most)) if term.value == term.value else 0.0
            rect = QRectF(option.rect).adjusted(2, 3, -2, -3)
            middle, half = rect.center().x(), rect.width() / 2
            colour = QColor(self.theme.error if share < 0 else self.theme.accent)
            colour.setAlpha(70)
            painter.fillRect(
                QRectF(min(middle, middle + share * half), rect.top(), abs(share) * half, rect.height()), colour
            )
        super().paint(painter, option, index)
