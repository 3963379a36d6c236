"""One plot of curves over steps, with its legend below it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QPen, QPixmapCache, QResizeEvent
from PySide6.QtWidgets import QGraphicsItem

from workbench.gui.log_axis import LogAxis
from workbench.gui.roomy_axis import WholeAxis
from workbench.gui.theme import Theme
from workbench.gui.training.crosshair import Crosshair
from workbench.gui.training.curve_legend import CurveLegend
from workbench.gui.training.curve_pens import THIN, Kind, curve_pen, gap_brush
from workbench.gui.training.other_curves import OtherCurves
from workbench.gui.training.plot_line import Ends, PlotLine, ends_of, wider
from workbench.gui.training.plot_range import PlotRange
from workbench.gui.training.still_plot import StillPlot
from workbench.gui.training.uprights import Uprights

_LONGEST = "0.0005"

_KEPT_KILOBYTES = 100_000
"""Of pictures of axes with their grids: three as large as a screen of 4K. With Qt's own 10,000 those of a large plot on
a dense screen are forgotten and drawn anew with each frame, which then takes 50 ms instead of 20."""
_HALF_A_FIGURE = 8
"""Pixels that the first and the last step may be written beyond the axis."""


class CurvePlot(StillPlot):
    """``pointed`` tells step and value under the mouse, None where it has left; ``moved`` that a person sees another
    part; ``foot_changed`` that its legend may take another height. ``slim`` has none: it stands under a plot that does.
    """

    pointed = Signal(object)
    moved = Signal()
    foot_changed = Signal()
    _legend: CurveLegend | None = None

    def __init__(self, title: str, slim: bool = False) -> None:
        super().__init__(axisItems={"left": LogAxis("left"), "bottom": WholeAxis("bottom")})
        self._title = title
        self.setAccessibleName(f"Curves of the {title}")
        self._lines: dict[str, PlotLine] = {}
        self._others: dict[str, PlotLine] = {}
        self._other_curves = OtherCurves()
        self._samples: dict[str, pg.PlotDataItem] = {}
        self._range = PlotRange(self)
        self._ends_of_others: Ends = None
        # Nothing of what lies under it has to be painted with each frame.
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.hideButtons()
        self.setMinimumHeight(44 if slim else 110)
        item = self.getPlotItem()
        metrics = self.fontMetrics()
        self._axis_width = metrics.horizontalAdvance(_LONGEST) + metrics.height() - 2
        item.getAxis("left").setWidth(self._axis_width)
        item.getAxis("left").enableAutoSIPrefix(False)
        item.getAxis("bottom").setStyle(hideOverlappingLabels=_HALF_A_FIGURE)
        self.stand_on(0)
        self.tell_steps(True)
        QPixmapCache.setCacheLimit(_KEPT_KILOBYTES)
        for side in ("left", "bottom"):
            # Words and grid are drawn when the range changes, not with every point.
            item.getAxis(side).setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
            item.getAxis(side).setZValue(item.getViewBox().zValue() - 1)  # the grid lies under the curves
        self.crosshair, self.uprights = Crosshair(), Uprights(self, self.settle)
        if not slim:
            item.legend = self._legend = CurveLegend()
            item.layout.addItem(self._legend, 4, 1, Qt.AlignmentFlag.AlignLeft)
        self._add_standing()
        self.tell_figures(False)
        item.getViewBox().sigRangeChangedManually.connect(lambda *_: self.moved.emit())
        self.scene().sigMouseMoved.connect(self._tell_point)

    # range

    @property
    def sight(self) -> tuple[float, float] | None:
        """The steps in sight, where a person has zoomed or moved; None for all of them."""
        return self._range.sight

    @property
    def pixel(self) -> float:
        """Steps that are as wide as a pixel."""
        return self._own_curves.pixel

    def begin(self, title: str = "") -> None:
        """Forget every line."""
        self._title = title or self._title
        self.clear()
        if self._legend is not None:
            self._legend.clear()
            self._legend.count_beyond(0)
        self._lines = {}
        self._range.begin()
        self.uprights.forget()
        self._others, self._samples, self._ends_of_others = {}, {}, None
        self._add_standing()
        self.tell_figures(False)
        self.follow()
        self.set_theme(self._theme)

    def follow(self) -> None:
        """Let the range follow the data again."""
        self._range.follow()
        self.settle()

    def hold(self) -> None:
        """Leave the range as it is, whatever comes."""
        self._range.hold()

    def reach(self, step: float, is_growing: bool = True) -> None:
        """Make room up to a step, and for more where it is growing."""
        self._range.reach(step, is_growing)

    @property
    def is_log(self) -> bool:
        """Whether values are drawn by their logarithms."""
        return bool(self.getPlotItem().getAxis("left").logMode)

    def set_log(self, on: bool) -> None:
        self.setLogMode(False, on)
        self._range.measure_anew()
        self._ends_of_others = None  # measured on the other scale, as are the lines' own ends
        self._lines = {name: replace(line, ends=ends_of(self._scaled(line.y))) for name, line in self._lines.items()}

    def settle(self) -> None:
        """Have all lines in sight, if a person has not zoomed, and nothing done where they are."""
        self._range.settle((self._ends_of_others, *(line.ends for line in self._lines.values())), self.uprights.share)

    # place

    @property
    def foot(self) -> int:
        """Height of what stands below the steps, pixels."""
        return int(self._legend.minimumHeight()) if self._legend is not None else 0

    def stand_on(self, room: int) -> None:
        """Leave so many pixels below the plot: the steps stand level with those of the plot beside it."""
        self.getPlotItem().setContentsMargins(2, 4, 12, 2 + room)  # the last step is written half beyond the axis

    def tell_steps(self, are_told: bool) -> None:
        """Write the steps below the axis, or leave that to the plot under this one."""
        # Without room for them no figures are drawn.
        self.getPlotItem().getAxis("bottom").setHeight(self.fontMetrics().height() + 6 if are_told else 2)

    # lines

    @property
    def lines(self) -> dict[str, tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]]:
        """What is drawn, by name."""
        return {name: (line.x, line.y) for name, line in (self._lines | self._others).items()}

    @property
    def named(self) -> list[str]:
        """The names in the legend."""
        return self._legend.names if self._legend is not None else []

    def tell_beside(self, is_told: bool) -> None:
        """Leave the names to the plot beside this one, which has the same lines."""
        if self._legend is not None:
            self._legend.tell_beside(is_told, self._legend_width)
            self.foot_changed.emit()

    def line(
        self,
        name: str,
        x: np.ndarray[Any, Any],
        y: np.ndarray[Any, Any],
        kind: Kind,
        number: int = 0,
        first: int | None = None,
    ) -> None:
        """Draw, or draw anew, the line of that name; from the ``first`` point on it is another, where that is known."""
        before = self._lines.get(name)
        drawn = self._scaled(y)
        ends = wider(before.ends, drawn[first:].tolist()) if before is not None and first else ends_of(drawn)
        self._lines[name] = PlotLine(x, y, kind, number, ends)
        self._own_curves.show_curve(name, x, drawn, first)
        if before is None:
            self._own_curves.set_pen(name, self._pen(self._lines[name]))
            self.tell_figures(True)
            if kind != "raw":
                self._tell_name(name, self._lines[name])
            self._fit_legend()

    def show_others(self, lines: Sequence[tuple[str, np.ndarray[Any, Any], np.ndarray[Any, Any], Kind, int]]) -> None:
        """Draw the lines of other runs, each with its number, under all else and in place of those that lay there."""
        self._others = {name: PlotLine(x, y, kind, number) for name, x, y, kind, number in lines}
        drawn = [(other.x, self._scaled(other.y)) for other in self._others.values()]
        self._other_curves.show_lines(drawn, self._other_pens())
        self._ends_of_others = ends_of(np.concatenate([y for _, y in drawn])) if drawn else None
        self.tell_figures(bool(self._lines or self._others))
        if self._legend is None:
            return
        for name in self._samples.keys() - self._lines.keys():
            self._legend.removeItem(self._samples.pop(name))
        named = {name: other for name, other in self._others.items() if other.kind == "other"}
        for name, other in named.items():
            self._tell_name(name, other)
        self._legend.count_beyond(len(named.keys() - self._samples.keys()))
        self._fit_legend()

    def _tell_name(self, name: str, line: PlotLine) -> None:
        """Put a line into the legend, where there is room for its name."""
        if self._legend is not None and self._legend.has_room:
            self._samples[name] = pg.PlotDataItem(pen=self._pen(line, False))
            self._legend.addItem(self._samples[name], name)

    def _scaled(self, values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        if not self.is_log:
            return values
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.log10(values)

    def _other_pens(self) -> list[QPen]:
        return [self._pen(other) for other in self._others.values()]

    def _pen(self, line: PlotLine, may_be_thin: bool = True) -> QPen:
        pen = curve_pen(line.kind, line.number, self._theme)
        return pen if may_be_thin and line.kind in THIN else self.dense(pen)

    @property
    def lies_below(self) -> bool:
        return self.crosshair.words.isVisible() or bool(self.uprights.looked_at)

    def gap(self) -> None:
        """Fill the generalization gap between the two curves, from now on."""
        if {"training, eval mode", "validation"} <= self._lines.keys():
            self._own_curves.fill_between("training, eval mode", "validation")

    def cross(self, x: float | None, y: float | None = None, words: str = "") -> None:
        """Hair lines through a step, and through a value where one is given, with words for it."""
        self.crosshair.show(self, x, y, words)

    # looks

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.dress(theme)
        item = self.getPlotItem()
        item.setLabel("left", self._title, color=theme.muted)
        item.showGrid(x=False, y=True, alpha=0.15)
        if self._legend is not None:
            self._legend.set_theme(theme)
        self.take_pens()
        self.uprights.set_theme(theme)
        self.crosshair.set_theme(theme)
        self._own_curves.set_brush(gap_brush(theme))

    def take_pens(self) -> None:
        super().take_pens()
        for name, line in self._lines.items():
            self._own_curves.set_pen(name, self._pen(line))
        for name, sample in self._samples.items():
            sample.setPen(self._pen((self._lines | self._others)[name], False))
        self._other_curves.set_pens(self._other_pens())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_legend()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.pointed.emit(None)

    @property
    def _legend_width(self) -> int:
        return self.width() - self._axis_width - 12

    def _fit_legend(self) -> None:
        if self._legend is not None:
            self._legend.fit(self._legend_width)
            self.getPlotItem().layout.activate()  # at once: it could be painted meanwhile
            self.foot_changed.emit()

    def _add_standing(self) -> None:
        """What is there whatever is drawn."""
        self._own_curves.forget()
        self._other_curves.show_lines([], [])
        self._own_curves.setZValue(1)
        self._other_curves.setZValue(-2)
        self.addItem(self._own_curves)
        self.addItem(self._other_curves)
        self.crosshair.add_to(self)

    def _tell_point(self, position: object) -> None:
        box = self.getPlotItem().getViewBox()
        if box.sceneBoundingRect().contains(position):
            point = box.mapSceneToView(position)
            self.pointed.emit((point.x(), point.y()))
