"""The names of a plot's lines, in as few rows as there is room for."""

from __future__ import annotations

import math

import pyqtgraph as pg
from PySide6.QtGui import QFont, QFontMetrics

from workbench.gui.theme import Theme

_POINTS = 8
_ROW = 16
_SAMPLE_WIDTH = 44
_MOST_ROWS = 3


class CurveLegend(pg.LegendItem):
    """Stands below the axis, where it covers no line, and inside the plot, so that exported pictures have it too."""

    def __init__(self) -> None:
        super().__init__(labelTextSize=f"{_POINTS}pt", horSpacing=8, verSpacing=-4)
        self.layout.setContentsMargins(9, 0, 9, 0)
        self.setMinimumWidth(0)  # or it would widen the plot, whose last steps would be cut off
        self._is_told_beside = False

    @property
    def names(self) -> list[str]:
        return [label.text for _, label in self.items]

    def has_room(self, width: int) -> bool:
        """Whether one more name can be told."""
        return len(self.items) < self._columns(width) * _MOST_ROWS

    def tell_beside(self, is_told: bool, width: int) -> None:
        """Leave the names to the plot beside this one, which has the same lines."""
        if is_told != self._is_told_beside:
            self._is_told_beside = is_told
            self.fit(width)

    def fit(self, width: int) -> None:
        """As many names in a row as there is room for; a legend that is wider would widen the plot, hidden too."""
        self.setVisible(not self._is_told_beside)
        columns = self._columns(width)
        if columns != self.columnCount:
            self.setColumnCount(columns)
        rows = max(1, math.ceil(len(self.items) / columns))
        self.setMaximumWidth(min(width, self._needed(columns) + _SAMPLE_WIDTH))
        self.setFixedHeight(0 if self._is_told_beside else _ROW * rows + 6)

    def set_theme(self, theme: Theme) -> None:
        self.setLabelTextColor(theme.text)
        for _, label in self.items:
            label.setText(label.text, color=theme.text)

    def _columns(self, width: int) -> int:
        wide = self._widths()
        room = width - _SAMPLE_WIDTH // 3
        for columns in range(len(wide), 1, -1):
            if self._needed(columns) <= room:
                return columns
        return max(1, room // max(wide))

    def _needed(self, columns: int) -> int:
        """The width with which no name is cut in so many columns."""
        wide = self._widths()
        return sum(max(wide[column::columns], default=0) for column in range(columns))

    def _widths(self) -> list[int]:
        font = QFont()
        font.setPointSize(_POINTS)
        metrics = QFontMetrics(font)
        return [metrics.horizontalAdvance(name) + _SAMPLE_WIDTH for name in self.names] or [_SAMPLE_WIDTH]
