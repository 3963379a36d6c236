"""Activation maps, live: all maps of one layer as one mosaic, in one image, and any of them large."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from workbench.graph import Graph
from workbench.gui.icons import icon
from workbench.gui.inspection.colours import COLOURS, SIGNED, ColourBar, figure, lookup, quantised
from workbench.gui.inspection.image_view import ImageView
from workbench.gui.inspection.map_view import MapView
from workbench.gui.inspection.mosaic import Mosaic
from workbench.gui.inspection.one_line import OneLine
from workbench.gui.theme import Appearance, Theme
from workbench.inspection import FilterRows, Origin, Seen, Wishes, origin

_DEAD = "Dead: the same value everywhere, for this picture. A map that is dead for every picture has nothing to say."


class ActivationMaps(QWidget):
    """The maps of the chosen layer for the chosen picture. ``wishes_changed`` when it wants to see something else."""

    wishes_changed = Signal()

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._theme = appearance.theme
        self._seen: Seen | None = None
        self._graph: Graph | None = None
        self._layer = ""
        self._drawn = ""
        self._maps = np.zeros((0, 1, 1), np.float32)
        self._dead = np.zeros(0, bool)
        self._range = (0.0, 0.0)
        self._order: np.ndarray[Any, Any] | None = None
        self._mosaic = Mosaic(0, 1, 1, 1)
        self._marked = 0
        self._opened: int | None = None
        self._origin = Origin()
        self._about_all = self._about_one = ""
        self._build(appearance)
        appearance.changed.connect(self._set_theme)
        self._set_theme(appearance.theme)

    # what others see

    @property
    def layer(self) -> str:
        return self._layer

    @property
    def shown(self) -> np.ndarray[Any, Any] | None:
        """The mosaic as it is drawn, uint8; None before there is one."""
        return self.view.shown

    @property
    def values(self) -> np.ndarray[Any, Any]:
        """The maps that are drawn, float32 ``(C, H, W)``."""
        return self._maps

    @property
    def order(self) -> list[int]:
        """The maps' numbers in the order in which they stand."""
        return list(range(len(self._maps))) if self._order is None else self._order.tolist()

    @property
    def dead(self) -> list[int]:
        """The numbers of maps that are the same everywhere."""
        return np.flatnonzero(self._dead).tolist()

    @property
    def opened(self) -> int | None:
        """The number of the map that is shown large; None while all are shown."""
        return self._opened

    @property
    def told(self) -> str:
        """The line below the title: what is shown, or the value under the mouse."""
        return self._line.text()

    @property
    def wishes(self) -> Wishes:
        """What has to be looked at for this view."""
        if not self._layer:
            return Wishes()
        one = self._opened is not None and self._origin.layer
        return Wishes((self._layer,), (FilterRows(self._origin.layer, self._origin.filter, 1),) if one else ())

    # what others tell

    def watch(self, layer: str, graph: Graph) -> None:
        """Show this layer of a network from the next look on."""
        self._graph = graph
        if layer == self._layer:
            return
        self._layer = layer
        self._close()
        self._title.setText(layer)
        self.view.setEnabled(False)

    def say(self, message: str) -> None:
        """Nothing can be shown, and why."""
        self._hint.setText(message)
        self._pages.setCurrentWidget(self._hint)

    def show_seen(self, seen: Seen) -> None:
        """Draw what has come of the layer, unless it was drawn before."""
        if seen is self._seen:
            return
        self._seen = seen
        if self._layer not in seen.maps:
            return
        values = seen.maps[self._layer]
        maps = values if values.ndim == 3 else values.reshape(-1, 1, 1) if values.ndim == 1 else values[None]
        is_other = self._drawn != self._layer or maps.shape != self._maps.shape
        self._drawn, self._maps = self._layer, maps
        if is_other or not self.strongest.isChecked():
            self._sort()
        self._measure(seen)
        self._draw()
        if is_other and self._opened is not None:
            self._close()
        self._draw_opened()

    # looking closer

    def open(self, number: int) -> None:
        """Show one map large."""
        if not 0 <= number < len(self._maps) or self._graph is None:
            return
        self._opened = number
        known = self._layer in self._graph
        self._origin = origin(self._graph, self._layer, number) if known else Origin(why="The layer is gone.")
        self._pages.setCurrentWidget(self.large)
        self._back.setVisible(True)
        self.large.show_origin(self._origin)
        self._draw_opened()
        self.large.setFocus()
        self.wishes_changed.emit()

    def close_map(self) -> None:
        """Show all maps again."""
        if self._opened is not None:
            self._mark_place(self.order.index(self._opened) if self._opened < len(self._maps) else 0)
        self._close()
        self._tell_about()
        self.view.setFocus()
        self.wishes_changed.emit()

    def _close(self) -> None:
        self._opened, self._origin = None, Origin()
        self._back.setVisible(False)
        if self._pages.currentWidget() is self.large:
            self._pages.setCurrentWidget(self.view)

    def _step(self, by: int) -> None:
        if self._opened is not None:
            order = self.order
            self.open(order[(order.index(self._opened) + by) % len(order)])

    # building

    def _build(self, appearance: Appearance) -> None:
        self._title = OneLine("heading")
        self._line = OneLine("muted")
        self._bar = ColourBar(appearance)
        self._back = self._button("mdi6.arrow-left", "Show all maps (Escape)")
        self._back.clicked.connect(self.close_map)
        self._back.setVisible(False)
        self.strongest = self._button("mdi6.sort-descending", "Strongest first, by the mean of the absolute values")
        self.own_scale = self._button("mdi6.contrast-box", "Each map from its own lowest to its own highest value")
        for button in (self.strongest, self.own_scale):
            button.setCheckable(True)
        self._palette = self._button("mdi6.palette-outline", "Colours of the maps")
        self._palette.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._palette.setMenu(self._colour_menu())
        whole = self._button("mdi6.fit-to-page-outline", "Show the whole (0)")
        whole.clicked.connect(self.fit)
        self.view = ImageView("Activation maps", appearance)
        self.view.setMinimumHeight(60)
        self._crosses = pg.PlotCurveItem(connect="pairs", antialias=False)
        self.view.box.addItem(self._crosses, ignoreBounds=True)
        self.large = MapView(appearance)
        self._hint = QLabel("Select a layer to watch its maps.")
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._hint.setWordWrap(True)
        self._hint.setProperty("role", "muted")
        self._pages = QStackedWidget()
        for page in (self._hint, self.view, self.large):
            self._pages.addWidget(page)
        top, below = QHBoxLayout(), QHBoxLayout()
        top.setSpacing(0)
        top.addWidget(self._back)
        top.addWidget(self._title, 1)
        for button in (self.strongest, self.own_scale, self._palette, whole):
            top.addWidget(button)
        below.addWidget(self._line, 1)
        below.addWidget(self._bar)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 4, 10, 4)
        layout.setSpacing(2)
        layout.addLayout(top)
        layout.addLayout(below)
        layout.addWidget(self._pages, 1)
        self.strongest.toggled.connect(lambda _: self._sort_again())
        self.own_scale.toggled.connect(lambda _: self._draw())
        self.view.pointed.connect(self._point)
        self.view.clicked.connect(self._open_at)
        self.large.left.connect(self.close_map)
        self.large.stepped.connect(self._step)
        self.large.told.connect(lambda words: self._line.setText(words or self._about_one))

    def _button(self, name: str, help: str) -> QToolButton:
        button = QToolButton()
        button.setAutoRaise(True)
        button.setToolTip(help)
        button.setAccessibleName(help)
        button.setProperty("icon_name", name)
        return button

    def _colour_menu(self) -> QMenu:
        menu = QMenu(self)
        self._colours = QActionGroup(menu)
        for name in COLOURS:
            action = QAction(name, menu)
            action.setCheckable(True)
            self._colours.addAction(action)
            menu.addAction(action)
        self._colours.actions()[0].setChecked(True)
        self._colours.triggered.connect(lambda _: self._draw())
        return menu

    @property
    def colours(self) -> str:
        """The name of the colours in use."""
        return self._colours.checkedAction().text()

    def choose_colours(self, name: str) -> None:
        for action in self._colours.actions():
            if action.text() == name:
                action.trigger()

    def fit(self) -> None:
        """Show the whole mosaic, or the whole of the map that is open."""
        (self.view if self._opened is None else self.large.image).fit()

    # drawing

    def _sort(self) -> None:
        """The order stays while a training goes on, so that maps keep their places until another is asked for."""
        self._order = None
        if self.strongest.isChecked():
            strength = np.abs(self._maps).mean((1, 2))
            self._order = np.argsort(-np.nan_to_num(strength), kind="stable")

    def _sort_again(self) -> None:
        self._sort()
        self._draw()

    def _measure(self, seen: Seen) -> None:
        maps = self._maps
        lows, highs = maps.min((1, 2)), maps.max((1, 2))
        many = maps.shape[1] * maps.shape[2] > 1
        self._dead = lows == highs if many else highs == 0
        low, high = float(lows.min()), float(highs.max())
        broken = "" if np.isfinite(low + high) else ", with values that are not finite"
        if broken:
            finite = maps[np.isfinite(maps)]
            low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)
            self._maps = np.nan_to_num(maps, nan=low, posinf=high, neginf=low)
        self._range = (low, high)
        count, dead = len(maps), int(self._dead.sum())
        what = f"{count} map{'s' * (count > 1)} of {maps.shape[1]}×{maps.shape[2]}" if many else f"{count} values"
        if self._layer in seen.counts:
            what = f"the first {count} of {seen.counts[self._layer]} maps"
        self._about_all = f"{what}{f', {dead} dead' if dead and many else ''}{broken}"
        self._line.explain(_DEAD if dead and many else "")

    def _limits(self) -> tuple[Any, Any]:
        """The values of the first and last colour: of the layer, or ``(C, 1, 1)`` of each map."""
        if self.own_scale.isChecked():
            low, high = self._maps.min((1, 2), keepdims=True), self._maps.max((1, 2), keepdims=True)
        else:
            low, high = np.float32(self._range[0]), np.float32(self._range[1])
        if self.colours == SIGNED:
            high = np.maximum(np.abs(low), np.abs(high))
            low = -high
        return low, high

    def _draw(self) -> None:
        if not len(self._maps):
            return
        pixels = quantised(self._maps, *self._limits())
        if self._order is not None:
            pixels = pixels[self._order]
        room = (float(self._pages.width()), float(self._pages.height()))
        before = self._mosaic
        if (before.count, before.height, before.width) != pixels.shape or self.view.shows_whole:
            count, height, width = pixels.shape
            self._mosaic = Mosaic.fitting(count, height, width, room)
        self.view.show_image(self._mosaic.sheet(pixels), lookup(self.colours))
        self.view.setEnabled(True)
        self._cross_dead()
        if self._mosaic != before:
            self._marked = min(self._marked, len(self._maps) - 1)
            self.view.mark(None)
        if self._pages.currentWidget() is self._hint:
            self._pages.setCurrentWidget(self.view)
        low, high = self._limits()
        own = self.own_scale.isChecked()
        self._bar.show_range(self.colours, None if own else float(low), None if own else float(high))
        if self._opened is None:
            self._title.setText(self._layer)
            if not self.view.underMouse():
                self._tell_about()

    def _draw_opened(self) -> None:
        number = self._opened
        if number is None:
            return
        values = self._maps[number]
        low, high = (float(np.broadcast_to(end.reshape(-1), len(self._maps))[number]) for end in self._limits())
        self._title.setText(f"Map {number} of {self._layer}")
        self._about_one = f"mean {figure(float(values.mean()))}, deviation {figure(float(values.std()))}"
        if not (self.large.image.underMouse() or self.large.filter.underMouse()):
            self._tell_about()
        self.large.show_map(values, self.colours, low, high)
        wished = self.wishes.filters
        if self._seen is not None and wished:
            found = self._seen.filters.get(wished[0])
            if found is not None:
                self.large.show_filter(found)

    def _cross_dead(self) -> None:
        """A cross over each dead map: its one colour could be any value's."""
        mosaic, dead = self._mosaic, self._dead if self._order is None else self._dead[self._order]
        places = np.flatnonzero(dead) if mosaic.height * mosaic.width > 1 else np.zeros(0, int)
        left = places % mosaic.columns * (mosaic.width + mosaic.gap)
        top = places // mosaic.columns * (mosaic.height + mosaic.gap)
        right, bottom = left + mosaic.width, top + mosaic.height
        x = np.stack([left, right, left, right], 1).ravel().astype(float)
        y = np.stack([top, bottom, bottom, top], 1).ravel().astype(float)
        self._crosses.setData(x, y)

    def _tell_about(self) -> None:
        self._line.setText(self._about_all if self._opened is None else self._about_one)

    # pointing

    def _number(self, place: int) -> int:
        return int(self._order[place]) if self._order is not None else place

    def _point(self, place: QPointF | None) -> None:
        found = self._mosaic.at(place.x(), place.y()) if place is not None else None
        if found is None:
            self._tell_about()
            self.view.mark(None)
            return
        at, row, column = found
        number = self._number(at)
        value = figure(float(self._maps[number, row, column]))
        where = f", row {row}, column {column}" if self._mosaic.height * self._mosaic.width > 1 else ""
        dead = " (dead)" if where and self._dead[number] else ""
        self._line.setText(f"map {number}{where}: {value}{dead}" if where else f"value {number}: {value}")
        self._mark_place(at)

    def _mark_place(self, place: int) -> None:
        self._marked = place
        left, top = self._mosaic.corner(place)
        self.view.mark(QRectF(left, top, self._mosaic.width, self._mosaic.height))

    def _open_at(self, place: QPointF) -> None:
        found = self._mosaic.at(place.x(), place.y())
        if found is not None:
            self.open(self._number(found[0]))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrow keys go from map to map, Return opens one."""
        keys, columns = Qt.Key, self._mosaic.columns
        by = {keys.Key_Left: -1, keys.Key_Right: 1, keys.Key_Up: -columns, keys.Key_Down: columns}.get(event.key())  # type: ignore[call-overload]
        if self._opened is not None or not len(self._maps):
            event.ignore()
        elif event.key() in (keys.Key_Return, keys.Key_Enter, keys.Key_Space):
            self.open(self._number(self._marked))
        elif by is not None:
            place = self._marked + by
            if 0 <= place < len(self._maps):
                left, top = self._mosaic.corner(place)
                self._point(QPointF(left, top))
        else:
            event.ignore()

    def _set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._crosses.setPen(pg.mkPen(theme.error, width=1))
        for button in self.findChildren(QToolButton):
            name = button.property("icon_name")
            if name:
                button.setIcon(icon(name, theme))
