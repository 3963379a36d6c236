"""One plot of curves over steps, with its legend below it and marks for what happened on the way."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor

from workbench.gui.theme import Theme

_LEGEND_HEIGHT = 20


class CurvePlot(pg.PlotWidget):
    """A plot whose range doubles when it is full instead of following every point."""

    pointed = Signal(float, float)

    def __init__(self, title: str) -> None:
        super().__init__()
        self._title = title
        self.setAccessibleName(f"Curves of the {title}")
        self._lines: dict[str, pg.PlotDataItem] = {}
        self._marks: dict[str, pg.InfiniteLine] = {}
        self._fill: pg.FillBetweenItem | None = None
        self._ticks: pg.VTickGroup | None = None
        self._cursor: pg.InfiniteLine | None = None
        self._reach = 0.0
        self._following = True
        self.setMenuEnabled(False)
        self.hideButtons()
        self.setMinimumHeight(110)
        item = self.getPlotItem()
        item.setContentsMargins(2, 4, 8, 2)
        # Below the axis, where it covers no line, and inside the plot, so that exported pictures have it too.
        self._legend = pg.LegendItem(colCount=6, labelTextSize="8pt", horSpacing=14, verSpacing=-4)
        self._legend.setFixedHeight(_LEGEND_HEIGHT)
        item.legend = self._legend
        item.layout.addItem(self._legend, 4, 1)
        item.getViewBox().sigRangeChangedManually.connect(self._moved_by_hand)
        self.scene().sigMouseMoved.connect(self._tell_point)

    def begin(self, title: str = "") -> None:
        """Forget every line."""
        self._title = title or self._title
        self.clear()
        self._legend.clear()
        self._lines, self._marks, self._fill, self._reach = {}, {}, None, 0.0
        self._ticks = self._cursor = None
        self.follow()
        self.set_theme(self._theme)

    def follow(self) -> None:
        """Let the range follow the data again."""
        self._following = True
        self.enableAutoRange("y", True)
        if self._reach:
            self.setXRange(0, self._reach, padding=0.01)

    def reach(self, step: float) -> None:
        """Make room up to a step: twice as much as is needed, so that there is rarely anything to do."""
        if step <= self._reach:
            return
        self._reach = max(64.0, step * 1.6)
        if self._following:
            self.setXRange(0, self._reach, padding=0.01)

    def set_log(self, on: bool) -> None:
        self.setLogMode(False, on)

    def line(self, name: str, x: np.ndarray, y: np.ndarray, number: int = -1) -> None:
        """Draw, or draw anew, the line of that name."""
        if name not in self._lines:
            shown = None if name == "raw" else name
            self._lines[name] = self.plot(
                pen=self._pen(name, number), name=shown, skipFiniteCheck=False, connect="finite"
            )
        self._lines[name].setData(x, y)

    def gap(self, x: np.ndarray, low: np.ndarray, high: np.ndarray) -> None:
        """Fill the generalization gap between the two curves."""
        if self._fill is None and "validation" in self._lines:
            self._fill = pg.FillBetweenItem(self._lines["training, eval mode"], self._lines["validation"])
            self._fill.setZValue(-5)
            self._fill.setBrush(self._gap_brush())
            self.addItem(self._fill)

    def mark(self, name: str, x: float | None, text: str) -> None:
        """A dashed upright at x."""
        if name not in self._marks:
            if x is None:
                return
            # Words of neighbours stand at different heights.
            height = 0.92 - 0.17 * (len(self._marks) % 4)
            options = {"position": height, "color": self._theme.muted}
            self._marks[name] = pg.InfiniteLine(x, 90, label=text, labelOpts=options)
            self._marks[name].setPen(pg.mkPen(self._theme.muted, style=Qt.PenStyle.DashLine))
            self.addItem(self._marks[name])
        elif x is not None:
            self._marks[name].setValue(x)

    def cursor(self, x: float | None) -> None:
        """A solid upright at the step that is looked at; none where that is the present."""
        if self._cursor is None:
            if x is None:
                return
            self._cursor = pg.InfiniteLine(x, 90)
            self._cursor.setZValue(10)
            self._cursor.setPen(pg.mkPen(self._theme.text, width=1.5))
            self.addItem(self._cursor, ignoreBounds=True)
        self._cursor.setVisible(x is not None)
        if x is not None:
            self._cursor.setValue(x)

    def ticks(self, steps: Sequence[int]) -> None:
        """Short uprights at the lower edge: one for each checkpoint."""
        if self._ticks is None:
            self._ticks = pg.VTickGroup(yrange=[0, 0.06])
            self._ticks.setPen(pg.mkPen(self._theme.muted, width=1))
            self.addItem(self._ticks, ignoreBounds=True)
        self._ticks.setXVals(list(steps))

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.setBackground(theme.surface)
        item = self.getPlotItem()
        item.setLabel("left", self._title, color=theme.muted)
        for side in ("left", "bottom"):
            axis = item.getAxis(side)
            axis.setPen(theme.border)
            axis.setTextPen(theme.muted)
        item.showGrid(x=False, y=True, alpha=0.15)
        self._legend.setLabelTextColor(theme.text)
        for _, label in self._legend.items:
            label.setText(label.text, color=theme.text)
        for number, (name, line) in enumerate(self._lines.items()):
            line.setPen(self._pen(name, number))
        if self._fill is not None:
            self._fill.setBrush(self._gap_brush())
        if self._cursor is not None:
            self._cursor.setPen(pg.mkPen(theme.text, width=1.5))

    def _gap_brush(self) -> object:
        colour = QColor(self._theme.gap)
        colour.setAlpha(40)
        return pg.mkBrush(colour)

    def _pen(self, name: str, number: int) -> object:
        theme = self._theme
        pale = QColor(theme.training)
        pale.setAlpha(80)
        known: dict[str, object] = {
            "raw": pg.mkPen(pale, width=1),
            "training": pg.mkPen(theme.training, width=2),
            "training, eval mode": pg.mkPen(theme.training, width=1, style=Qt.PenStyle.DashLine),
            "validation": pg.mkPen(theme.validation, width=2),
        }
        shades = list(theme.categories.values())
        return known.get(name) or pg.mkPen(shades[(number + 1) % len(shades)], width=1.5)

    def _moved_by_hand(self, *_: object) -> None:
        self._following = False

    def _tell_point(self, position: object) -> None:
        box = self.getPlotItem().getViewBox()
        if box.sceneBoundingRect().contains(position):
            point = box.mapSceneToView(position)
            self.pointed.emit(point.x(), point.y())
