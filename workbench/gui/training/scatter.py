"""Images as points in a plane, coloured by class: a circle where the network is right, a cross where it is wrong."""

from __future__ import annotations

import colorsys
from functools import partial
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QStyle, QWidget

from workbench.gui.own_keys import OwnKeys
from workbench.gui.theme import Appearance, Theme

_WIDEST_LEGEND = 110
_SCROLL_BAR = QStyle.PixelMetric.PM_ScrollBarExtent
_TEN = ("#3f7fe0", "#e8862c", "#3aa655", "#d64550", "#9065c6", "#96705b", "#dd6fb5", "#808893", "#b3a72a", "#26b5c6")
"""Ten hues that are told apart on light and on dark; more classes go round the circle of hues."""


def class_colour(number: int, count: int) -> QColor:
    if count <= len(_TEN):
        return QColor(_TEN[number])
    lightness = (0.42, 0.58, 0.5)[number % 3]
    red, green, blue = colorsys.hls_to_rgb(number / count, lightness, 0.62)
    return QColor.fromRgbF(red, green, blue)


class ScatterView(QWidget):
    """``picked(place)`` when a point is clicked, ``pointed(place)`` when the mouse is over one, −1 when over none.

    By key: an arrow goes to the next point in its direction, Return picks it.
    """

    picked = Signal(int)
    pointed = Signal(int)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._theme = appearance.theme
        self._places = np.zeros(0, np.int64)
        self._points = np.zeros((0, 2), np.float32)
        self._labels = np.zeros(0, np.int64)
        self._wrong = np.zeros(0, bool)
        self._classes: tuple[str, ...] = ()
        self._only: int | None = None
        self._current: int | None = None
        self.plot = pg.PlotWidget(enableMenu=False)
        self.plot.hideButtons()
        self.plot.setAspectLocked(False)
        self.plot.getPlotItem().setContentsMargins(0, 8, 8, 4)  # a title is written lower than its axis reaches
        self.plot.setMinimumSize(120, 110)
        self.plot.setAccessibleName("Images by what the last layer goes by")
        self.plot.setToolTip("Arrow keys go from image to image; Return chooses one")
        arrows = {"Left": (-1, 0), "Right": (1, 0), "Up": (0, 1), "Down": (0, -1)}
        OwnKeys(
            self.plot,
            {key: partial(self._walk, *way) for key, way in arrows.items()}
            | dict.fromkeys(("Return", "Enter", "Space"), self._pick_current),
        )
        self.items = pg.ScatterPlotItem(pxMode=True, hoverable=True, hoverSize=11, tip=None)
        self.items.sigClicked.connect(lambda _, points, __: self._click(points))
        self.items.sigHovered.connect(lambda _, points, __: self._hover(points))
        self._marked = pg.ScatterPlotItem(pxMode=True, size=15, symbol="o")
        self._marked.setZValue(5)
        self.plot.addItem(self.items)
        self.plot.addItem(self._marked)
        self.legend = QListWidget()
        self.legend.setAccessibleName("Classes")
        self.legend.setToolTip("Click a class to see it alone; click it again for all")
        self.legend.setFixedWidth(_WIDEST_LEGEND)
        self.legend.setIconSize(QSize(10, 10))
        self.legend.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.legend.itemClicked.connect(lambda item: self._choose(self.legend.row(item)))
        OwnKeys(self.legend, dict.fromkeys(("Return", "Enter", "Space"), self._choose_current))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.plot, 1)
        layout.addWidget(self.legend)
        appearance.changed.connect(self._set_theme)
        self._set_theme(appearance.theme)

    @property
    def shown(self) -> int:
        """How many points are drawn."""
        return len(self.items.data)

    @property
    def current(self) -> int | None:
        """The place of the image that is ringed."""
        return self._current

    def clear(self) -> None:
        self.show_points(np.zeros(0, np.int64), np.zeros((0, 2)), np.zeros(0, np.int64), np.zeros(0, bool), ())

    def show_points(
        self,
        places: Any,
        points: Any,
        labels: Any,
        wrong: Any,
        classes: tuple[str, ...],
        axes: tuple[str, str] = ("", ""),
    ) -> None:
        """Draw images by place at ``points`` ``(N, 2)``, with the number of each one's class and whether the network
        is wrong about it."""
        self._places, self._points, self._labels, self._wrong = places, points, labels, wrong
        if classes != self._classes:
            self._classes, self._only = classes, None
            self._fill_legend()
        for side, words in zip(("bottom", "left"), axes, strict=True):
            self.plot.getAxis(side).setLabel(words)
        self.plot.enableAutoRange()
        self._current = None
        self._marked.setData([])
        self._draw()

    def mark(self, place: int | None) -> None:
        """Ring the image of that place, where it is among the points; the arrow keys go on from there."""
        self._current = place
        self._marked.setData(pos=self._points[self._places == (-1 if place is None else place)])

    def position_of(self, place: int) -> QPointF:
        """Where that image's point is in the plot, in its widget's pixels."""
        x, y = self._points[np.flatnonzero(self._places == place)[0]].tolist()
        return self.plot.mapFromScene(self.plot.getViewBox().mapViewToScene(QPointF(x, y))).toPointF()

    @property
    def _is_shown(self) -> Any:
        return np.ones(len(self._places), bool) if self._only is None else self._labels == self._only

    def _draw(self) -> None:
        count = len(self._classes)
        chosen = self._is_shown
        # Wrong ones last, so that they lie on top.
        order = np.flatnonzero(chosen)[np.argsort(self._wrong[chosen], kind="stable")]
        labels, wrong = self._labels[order].tolist(), self._wrong[order].tolist()
        brushes = [pg.mkBrush(class_colour(number, count)) for number in range(count)]
        edge = pg.mkPen(self._theme.surface, width=0.5)
        pens = [pg.mkPen(class_colour(number, count), width=2) for number in range(count)]
        self.items.setData(
            pos=self._points[order],
            data=self._places[order],
            brush=[brushes[label] for label in labels],
            pen=[pens[label] if bad else edge for label, bad in zip(labels, wrong, strict=True)],
            symbol=["x" if bad else "o" for bad in wrong],
            size=[9 if bad else 6 for bad in wrong],
        )

    def _fill_legend(self) -> None:
        self.legend.clear()
        for number, name in enumerate(self._classes):
            square = QPixmap(10, 10)
            square.fill(class_colour(number, len(self._classes)))
            item = QListWidgetItem(QIcon(square), name)
            item.setToolTip(name)
            self.legend.addItem(item)
        needed = self.legend.sizeHintForColumn(0) + self.legend.style().pixelMetric(_SCROLL_BAR) + 4
        self.legend.setFixedWidth(min(_WIDEST_LEGEND, needed))

    def _choose_current(self) -> None:
        if self.legend.currentRow() >= 0:
            self._choose(self.legend.currentRow())

    def _choose(self, number: int) -> None:
        self._only = None if self._only == number else number
        if self._only is None:
            self.legend.clearSelection()
        self._draw()

    def _click(self, points: Any) -> None:
        if len(points):
            self.picked.emit(int(points[-1].data()))

    def _walk(self, right: int, up: int) -> None:
        """Go to the nearest point in a direction, as the plot shows it; to the middle one at first."""
        shown = np.flatnonzero(self._is_shown)
        if not len(shown):
            return
        (left, width), (low, height) = ((low, high - low) for low, high in self.plot.getViewBox().viewRange())
        points = (self._points[shown] - (left, low)) / (width or 1, height or 1)
        here = np.flatnonzero(self._places[shown] == (-1 if self._current is None else self._current))
        if not len(here):
            found = int(np.abs(points - np.median(points, axis=0)).sum(1).argmin())
        else:
            away = points - points[here[0]]
            along, across = away @ (right, up), np.abs(away @ (up, right))
            far = np.where((along > 0) & (along >= across), along + 2 * across, np.inf)
            if not np.isfinite(far).any():
                return
            found = int(far.argmin())
        place = int(self._places[shown[found]])
        self.mark(place)
        self.pointed.emit(place)

    def _pick_current(self) -> None:
        if self._current is not None:
            self.picked.emit(self._current)

    def _hover(self, points: Any) -> None:
        self.pointed.emit(int(points[-1].data()) if len(points) else -1)

    def _set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.plot.setBackground(theme.surface)
        for side in ("left", "bottom"):
            axis = self.plot.getAxis(side)
            axis.setPen(theme.border)
            axis.setTextPen(theme.muted)
            axis.setStyle(showValues=False)
            axis.enableAutoSIPrefix(False)  # a power of ten of figures that are not told
        self._marked.setPen(pg.mkPen(theme.text, width=2))
        self._marked.setBrush(None)
        self._draw()
