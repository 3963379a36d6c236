"""The list of all runs."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStyle, QTreeWidget

from workbench.gui.training.run_row import COLUMNS

_NAMES = [COLUMNS.index(title) for title in ("Run", "Network", "Data", "State")]
_TICK = QStyle.PixelMetric.PM_IndicatorWidth
_AROUND = 14
_LEAST_AVERAGES = 10
"""Characters of a name that stay to be seen."""


class RunList(QTreeWidget):
    """Where there is no room for every column, the longest of the names are shortened, and no figure."""

    def __init__(self) -> None:
        super().__init__()
        self.setRootIsDecorated(False)
        self.setHeaderLabels(list(COLUMNS))
        self.header().setStretchLastSection(False)  # it would keep a width for which there is no room
        self.setAccessibleName("Runs")
        self.setProperty("role", "runs")
        self.setEditTriggers(QTreeWidget.EditTrigger.NoEditTriggers)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)

    def share_room(self) -> None:
        """Give each column what it needs, as far as there is room."""
        header = self.header()
        for column, title in enumerate(COLUMNS):
            # By itself Qt keeps room for an arrow beside each title.
            needed = header.fontMetrics().horizontalAdvance(title) + _AROUND
            header.resizeSection(column, max(needed, self.sizeHintForColumn(column)))
        widths = {column: header.sectionSize(column) for column in _NAMES}
        least = _LEAST_AVERAGES * self.fontMetrics().averageCharWidth()
        over = header.length() - self.viewport().width()
        if over < 0:  # a row is marked in its whole width
            header.resizeSection(len(COLUMNS) - 1, header.sectionSize(len(COLUMNS) - 1) - over)
        while over > 0:
            longest = max(widths, key=lambda column: widths[column])
            next_one = max(width for column, width in widths.items() if column != longest)
            cut = min(over, max(1, widths[longest] - next_one), widths[longest] - least)
            if cut <= 0:
                break
            widths[longest] -= cut
            over -= cut
        if over > 0:  # it is scrolled all the same: then what can be ticked has its name whole too
            widths[0] = min(header.sectionSize(0), least + self.style().pixelMetric(_TICK) + _AROUND)
        for column, width in widths.items():
            header.resizeSection(column, width)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.share_room()
