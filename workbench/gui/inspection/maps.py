"""Activation maps, live: all maps of one layer as one mosaic, in one image, and any of them large."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from workbench.graph import Graph
from workbench.gui.inspection.colours import SIGNED, ColourBar, lookup
from workbench.gui.inspection.layer_maps import LayerMaps
from workbench.gui.inspection.map_order import MapOrder
from workbench.gui.inspection.map_pages import SELECT, MapPages
from workbench.gui.inspection.maps_bar import MapsBar
from workbench.gui.inspection.opened_map import OpenedMap
from workbench.gui.one_line import OneLine
from workbench.gui.theme import Appearance
from workbench.inspection import Origin, Place, Seen, Wishes

_DEAD = "Dead: the same value everywhere, for this picture. A map that is dead for every picture has nothing to say."


class ActivationMaps(QWidget):
    """The maps of the chosen layer for the chosen picture. ``wishes_changed`` when it wants to see something else.

    ``value_chosen`` brings the `Place` of a value that was clicked, ``excitation_wanted(layer, number)`` the map that
    is open, of which a person asks what excites it.
    """

    wishes_changed = Signal()
    value_chosen = Signal(object)
    excitation_wanted = Signal(str, int)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self.offers_excitation = False
        self._seen: Seen | None = None
        self._graph: Graph | None = None
        self._layer = ""
        self._maps = LayerMaps.none()
        self._order = MapOrder()
        self._one = OpenedMap()
        self._about_one = ""
        self._build(appearance)

    # what others see

    @property
    def origin(self) -> Origin:
        """The filter that made the map which is open."""
        return self._one.origin

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
        return self._maps.values

    @property
    def order(self) -> list[int]:
        """The maps' numbers in the order in which they stand."""
        return self._order.numbers(self._maps)

    @property
    def dead(self) -> list[int]:
        """The numbers of maps that are the same everywhere."""
        return np.flatnonzero(self._maps.dead).tolist()

    @property
    def opened(self) -> int | None:
        """The number of the map that is shown large; None while all are shown."""
        return self._one.number

    @property
    def at_hand(self) -> Place | None:
        """The strongest value of the map that is open, or framed; None before there are maps."""
        if self._maps.layer != self._layer or not len(self.values):
            return None
        number = self.order[self.view.framed] if self._one.number is None else self._one.number
        return self._maps.strongest_place(number)

    @property
    def told(self) -> str:
        """The line below the title: what is shown, or the value under the mouse."""
        return self._line.text()

    @property
    def wishes(self) -> Wishes:
        """What has to be looked at for this view."""
        return self._one.wishes(self._layer)

    # what others tell

    def watch(self, layer: str, graph: Graph) -> None:
        """Show this layer of a network from the next look on."""
        self._graph = graph
        if layer == self._layer:
            return
        self._layer = layer
        self._close()
        self.bar.title.setText(layer)
        self.view.setEnabled(False)

    def say(self, message: str) -> None:
        """Nothing can be shown, and why."""
        self._scale.hide_range()
        self.pages.say(message)

    def clear(self, message: str) -> None:
        """None of the maps that were shown is there any more, and what is instead."""
        self._seen, self._maps = None, LayerMaps.none()
        self._sort()
        self._close()
        self.bar.title.setText(self._layer)
        self._tell_about()
        self.say(message)

    def show_seen(self, seen: Seen) -> None:
        """Draw what has come of the layer, unless it was drawn before."""
        if seen is self._seen:
            return
        self._seen = seen
        if self._layer not in seen.maps:
            if self._layer and self._maps.layer == self._layer and not seen.maps and self.isVisible():
                self.clear(f"Nothing reaches {self._layer} any more: see Problems.")
            elif not len(self.values):
                self.say(f"Nothing reaches {self._layer} yet: see Problems." if self._layer else SELECT)
            return
        before, self._maps = self._maps, LayerMaps.of(seen, self._layer)
        is_other = before.layer != self._layer or before.values.shape != self.values.shape
        if is_other or not self.bar.strongest.isChecked():
            self._sort()
        self._line.explain(_DEAD if len(self._maps.dead_maps) else "")
        if is_other and self._one.number is not None:
            self._close()
        self._draw()
        self._draw_opened()

    def show_recorded(self, seen: Seen) -> None:
        """Draw what an epoch kept of the layer, or say that it kept nothing: those of another would stand for it."""
        self.show_seen(seen)
        if self._layer and self._layer not in seen.maps:
            self.say(f"Of {self._layer} no maps were kept with this epoch.")

    # looking closer

    def open(self, number: int) -> None:
        """Show one map large."""
        if not 0 <= number < len(self.values) or self._graph is None:
            return
        self.large.image.mark(None)
        self._one.choose(self._graph, self._layer, number)
        self.pages.setCurrentWidget(self.large)
        self.bar.show_one(self.offers_excitation)
        self.large.show_origin(self._one.origin)
        self._draw_opened()
        self.large.setFocus()
        self.wishes_changed.emit()

    def close_map(self) -> None:
        """Show all maps again."""
        if self._one.number is not None:
            self.view.frame(self.order.index(self._one.number) if self._one.number < len(self.values) else 0)
        self._close()
        self._tell_about()
        self.view.setFocus()
        self.wishes_changed.emit()

    def fit(self) -> None:
        """Show the whole mosaic, or the whole of the map that is open."""
        (self.view if self._one.number is None else self.large.image).fit()

    def _close(self) -> None:
        self._one.close()
        self.bar.show_all()
        self.pages.leave_one()

    def _step(self, by: int) -> None:
        if self._one.number is not None:
            order = self.order
            self.open(order[(order.index(self._one.number) + by) % len(order)])

    # one of the values

    def _choose_in_mosaic(self, point: QPointF) -> None:
        found = self.view.mosaic.at(point.x(), point.y())
        if found is not None:
            self._choose(self.order[found[0]], found[1], found[2])

    def _choose_in_opened(self, point: QPointF) -> None:
        if self._one.number is not None:
            self._choose(self._one.number, int(point.y()), int(point.x()))

    def _choose(self, number: int, row: int, column: int) -> None:
        """A value was clicked: it is framed where its map is large."""
        if self._one.number == number:
            self.large.image.mark(QRectF(column, row, 1, 1))
        self.value_chosen.emit(self._maps.place(number, row, column))

    # building

    def _build(self, appearance: Appearance) -> None:
        self.bar = MapsBar(appearance)
        self._line = OneLine("muted")
        self._scale = ColourBar(appearance)
        self.pages = MapPages(appearance)
        self.view, self.large = self.pages.all, self.pages.one
        below = QHBoxLayout()
        below.addWidget(self._line, 1)
        below.addWidget(self._scale)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 4, 10, 4)
        layout.setSpacing(2)
        layout.addWidget(self.bar)
        layout.addLayout(below)
        layout.addWidget(self.pages, 1)
        self.bar.exciting.connect(lambda: self.excitation_wanted.emit(self._layer, self._one.number or 0))
        self.bar.back.connect(self.close_map)
        self.bar.whole.connect(self.fit)
        self.bar.sorting_changed.connect(self._sort_again)
        self.bar.look_changed.connect(self._draw_again)
        self.view.found.connect(self._tell_found)
        self.view.chosen.connect(lambda place: self.open(self.order[place]))
        self.view.clicked.connect(self._choose_in_mosaic)
        self.large.image.clicked.connect(self._choose_in_opened)
        self.large.left.connect(self.close_map)
        self.large.stepped.connect(self._step)
        self.large.told.connect(lambda words: self._line.setText(words or self._about_one))

    # drawing

    def _sort(self) -> None:
        self._order.sort(self._maps, self.bar.strongest.isChecked())

    def _sort_again(self) -> None:
        self._sort()
        self._draw()

    def _draw_again(self) -> None:
        self._draw()
        self._draw_opened()

    def _limits(self) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
        return self._maps.limits(self.bar.own_scale.isChecked(), self.bar.colours == SIGNED)

    def _draw(self) -> None:
        maps, colours = self._maps, self.bar.colours
        if not len(maps.values):
            return
        low, high = self._limits()
        pixels, dead = self._order.pixels(maps, low, high)
        room = (float(self.pages.width()), float(self.pages.height()))
        self.view.show_maps(pixels, dead, lookup(colours), room)
        self.view.setEnabled(True)
        self.pages.leave_hint()
        common = len(low) == 1
        self._scale.show_range(colours, float(low.item()) if common else None, float(high.item()) if common else None)
        if self._one.number is None:
            self.bar.title.setText(self._layer)
            if not self.view.underMouse():
                self._tell_about()

    def _draw_opened(self) -> None:
        number = self._one.number
        if number is None:
            return
        low, high = (float(end[number if len(end) > 1 else 0].item()) for end in self._limits())
        self.bar.title.setText(f"Map {number} of {self._layer}")
        self._about_one = self._maps.about_map(number)
        if not (self.large.image.underMouse() or self.large.filter.underMouse()):
            self._tell_about()
        self.large.show_map(self.values[number], self.bar.colours, low, high)
        for found in [self._seen.filters.get(wish) for wish in self.wishes.filters] if self._seen is not None else ():
            if found is not None:
                self.large.show_filter(found)

    # telling

    def _tell_about(self) -> None:
        self._line.setText(self._maps.about if self._one.number is None else self._about_one)

    def _tell_found(self, found: tuple[int, int, int] | None) -> None:
        """The value that is pointed at."""
        if found is None:
            self._tell_about()
            return
        place, row, column = found
        self._line.setText(self._maps.told(self.order[place], row, column))
