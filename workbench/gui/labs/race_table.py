"""Who takes part in a race, a row a network: what is different about it, and what it has come to."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPixmap, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QSizePolicy, QTableWidget, QTableWidgetItem

from workbench.gui.figures import count
from workbench.gui.labs.gap_bar import GapBar
from workbench.labs.race import COLOURS, Variant
from workbench.training import Epoch

_COLUMNS = ("network", "what is different", "weights", "epochs", "training", "best val.", "gap", "accuracy")
_LEAST_WORDS = 16
"""Characters in a line of what is different."""

_EPOCHS, _GAP = _COLUMNS.index("epochs"), _COLUMNS.index("gap")


class RaceTable(QTableWidget):
    """``ticked`` when a network begins or ceases to take part."""

    ticked = Signal()

    def __init__(self) -> None:
        super().__init__(0, len(_COLUMNS))
        for column, title in enumerate(_COLUMNS):
            head = QTableWidgetItem(title)
            side = Qt.AlignmentFlag.AlignLeft if column < 2 else Qt.AlignmentFlag.AlignRight
            head.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
            self.setHorizontalHeaderItem(column, head)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.verticalHeader().setMinimumSectionSize(33)  # two lines
        self.setShowGrid(False)
        # All networks are seen at once, and the plots have the rest.
        self.setSizeAdjustPolicy(QAbstractItemView.SizeAdjustPolicy.AdjustToContents)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.setTextElideMode(Qt.TextElideMode.ElideNone)
        self.setItemDelegateForColumn(_GAP, GapBar(self, _GAP))
        self.setAccessibleName("Networks")
        self.setProperty("role", "table")
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        self.itemChanged.connect(lambda item: self.ticked.emit() if item.column() == 0 else None)

    def minimumSizeHint(self) -> QSize:
        """Who takes part and what is different; where the figures have no room beside, they scroll."""
        return QSize(self.horizontalHeader().sectionSize(0) + self._words, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        header, modes = self.horizontalHeader(), QHeaderView.ResizeMode
        others = sum(header.sectionSize(column) for column in range(len(_COLUMNS)) if column != 1)
        mode = modes.Stretch if others + self._words <= self.viewport().width() else modes.Interactive
        if mode != header.sectionResizeMode(1):
            header.setSectionResizeMode(1, mode)
            header.resizeSection(1, self._words)
            self.resizeRowsToContents()

    @property
    def _words(self) -> int:
        """The least width of what is different."""
        return _LEAST_WORDS * self.fontMetrics().averageCharWidth()

    def fill(self, variants: Sequence[Variant]) -> None:
        """Show these, who have come to nothing yet and all take part."""
        from workbench.compiler import analyse

        self.blockSignals(True)
        self.clearContents()
        self.setRowCount(len(variants))
        for row, variant in enumerate(variants):
            name = QTableWidgetItem(_blot(colour_of(row)), variant.name)
            name.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable)
            name.setCheckState(Qt.CheckState.Checked)
            self.setItem(row, 0, name)
            self._put(row, 1, variant.change)
            self._put(row, 2, count(analyse(variant.project.graph).parameters))
        self.blockSignals(False)

    def takes_part(self, row: int) -> bool:
        item = self.item(row, 0)
        return item is not None and item.checkState() == Qt.CheckState.Checked

    def forget(self) -> None:
        """Show nothing of what anybody has come to."""
        for row in range(self.rowCount()):
            for column in range(_EPOCHS, len(_COLUMNS)):
                self._put(row, column, "")

    def tell(self, row: int, epochs: Sequence[Epoch]) -> None:
        """What one network has come to."""
        last, best = epochs[-1], min(epoch.validation_loss for epoch in epochs)
        gap = last.validation_loss - last.train_loss_eval
        told = f"{gap:+.3f}".replace("-", "−")
        losses = (f"{last.train_loss_eval:.3f}", f"{best:.3f}", told)
        for column, text in enumerate((str(last.epoch), *losses, f"{last.validation_accuracy:.1%}"), _EPOCHS):
            self._put(row, column, text)
        self._put(row, _GAP, told).setData(Qt.ItemDataRole.UserRole, gap)

    def tell_end(self, row: int, sentence: str) -> None:
        """Why one network's training has ended."""
        item = self.item(row, 0)
        if item is not None:
            item.setToolTip(sentence)

    def _put(self, row: int, column: int, text: str) -> QTableWidgetItem:
        item = self.item(row, column)
        if item is None:
            item = QTableWidgetItem()
            if column > 1:
                item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self.setItem(row, column, item)
        item.setText(text)
        if column == 1:
            item.setToolTip(text)
        return item


def colour_of(row: int) -> QColor:
    """The colour of a network's row and of its curve."""
    return QColor(COLOURS[row % len(COLOURS)])


def _blot(colour: QColor) -> QIcon:
    pixels = QPixmap(12, 12)
    pixels.fill(colour)
    return QIcon(pixels)
