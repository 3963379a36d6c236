"""The names of a plot's lines, in as few rows as there is room for."""

from __future__ import annotations

import math

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetrics

from workbench.gui.theme import Theme

_POINTS = 8
_ROW = 16
_SAMPLE_WIDTH = 44
_MOST_ROWS = 3
_HIGH, _LOW_ROW = 240, 70
"""Height of a plot that has room for all rows, and of a lower one for each row that its own lines need."""

_OWN = 3
"""Names that a low plot tells where it can: those of the run that is watched, which come first."""

_MOST_NAMES = 40
"""Of them also those that are told by the tool tip alone."""


class CurveLegend(pg.LegendItem):
    """Stands below the axis, where it covers no line, and inside the plot, so that exported pictures have it too.

    What it has no room for is told as ``+ 4 more``, and by name in its tool tip.
    """

    def __init__(self) -> None:
        super().__init__(labelTextSize=f"{_POINTS}pt", horSpacing=8, verSpacing=-4)
        self.layout.setContentsMargins(9, 0, 9, 0)
        self.setMinimumWidth(0)  # or it would widen the plot, whose last steps would be cut off
        self._is_told_beside = False
        self._more = pg.LabelItem("", justify="left", size=f"{_POINTS}pt")
        self._more.setParentItem(self)
        self._more.hide()
        self._beyond = 0
        self._placed: tuple[object, ...] | None = None

    @property
    def names(self) -> list[str]:
        """Of all lines, also of those that are only counted."""
        return [label.text for _, label in self.items]

    @property
    def shown(self) -> list[str]:
        """What can be read."""
        told = [label.text for _, label in self.items if label.isVisible()]
        return told + [self._more.text] * self._more.isVisible()

    @property
    def has_room(self) -> bool:
        """Whether one more name can be told, here or by the tool tip; of others it is enough to count them."""
        return len(self.items) < _MOST_NAMES

    def count_beyond(self, count: int) -> None:
        """There are so many lines more than those whose names were given."""
        self._beyond = count

    def tell_beside(self, is_told: bool, width: int) -> None:
        """Leave the names to the plot beside this one, which has the same lines."""
        if is_told != self._is_told_beside:
            self._is_told_beside = is_told
            self.fit(width)

    def fit(self, width: int) -> None:
        """As many names in a row as there is room for; a legend that is wider would widen the plot, hidden too."""
        self.setVisible(not self._is_told_beside)
        view = self.getViewWidget()
        height = view.height() if view is not None else _HIGH
        most, enough = (_MOST_ROWS, len(self.items)) if height >= _HIGH else (max(1, height // _LOW_ROW), _OWN)
        for rows in range(1, most + 1):
            columns, shown = self._arranged(width - _SAMPLE_WIDTH // 3, rows)
            if shown >= min(enough, len(self.items)):
                break
        self._place(columns, shown)
        cells = self._cells(shown)
        rows = max(1, math.ceil(len(cells) / columns))
        self.setMaximumWidth(min(width, _needed(cells, columns) + _SAMPLE_WIDTH))
        self.setFixedHeight(0 if self._is_told_beside else _ROW * rows + 6)

    def set_theme(self, theme: Theme) -> None:
        self.setLabelTextColor(theme.text)
        for _, label in self.items:
            label.setText(label.text, color=theme.text)
        self._more.setText(self._more.text, color=theme.muted)

    def updateSize(self) -> None:
        """As large as its names need; pyqtgraph would also put it into the corner until the plot is laid out again."""
        place = self.pos()
        super().updateSize()
        self.setPos(place)

    def _arranged(self, room: int, rows: int) -> tuple[int, int]:
        """Columns, and how many names are told in so many rows of this width: none is cut but one that is alone."""
        for shown in range(len(self.items), 0, -1):
            cells = self._cells(shown)
            columns = next((n for n in range(len(cells), 1, -1) if _needed(cells, n) <= room), 1)
            if math.ceil(len(cells) / columns) <= rows:
                return columns, shown
        return 1, min(1, len(self.items))

    def _cells(self, shown: int) -> list[int]:
        """The width of each name that is told, and of what counts the others."""
        font = QFont()
        font.setPointSize(_POINTS)
        metrics = QFontMetrics(font)
        more = len(self.items) - shown + self._beyond
        counted = [metrics.horizontalAdvance(_counted(more)) + 16] if more else []
        return [metrics.horizontalAdvance(name) + _SAMPLE_WIDTH for name in self.names[:shown]] + counted

    def _place(self, columns: int, shown: int) -> None:
        wanted = columns, self.names, shown, self._beyond
        if self._placed == wanted:
            return
        self._placed = wanted
        self.columnCount = columns
        for place in range(self.layout.count() - 1, -1, -1):
            self.layout.removeAt(place)
        for number, (sample, label) in enumerate(self.items):
            sample.setVisible(number < shown)
            label.setVisible(number < shown)
            row, column = divmod(number, columns)
            if number >= shown:
                # What is hidden stands below, across all columns, which it would widen: it has to be in the layout
                # to be taken out of it again.
                row = 2 * number + 1
                self.layout.addItem(sample, row, 0, 1, 2 * columns)
                self.layout.addItem(label, row + 1, 0, 1, 2 * columns)
                continue
            self.layout.addItem(sample, row, 2 * column, alignment=Qt.AlignmentFlag.AlignVCenter)
            self.layout.addItem(label, row, 2 * column + 1)
        rest = self.names[shown:]
        more = len(rest) + self._beyond
        self._more.setVisible(more > 0)
        if more:
            self._more.setText(_counted(more))
            self.layout.addItem(self._more, shown // columns, 2 * (shown % columns), 1, 2)
        self.setToolTip("\n".join(rest))
        self.updateSize()


def _counted(more: int) -> str:
    return f"+ {more} more"


def _needed(cells: list[int], columns: int) -> int:
    """The width with which no name is cut in so many columns."""
    return sum(max(cells[column::columns], default=0) for column in range(columns))
