"""The order in which a layer's maps stand, and their pixels in it."""

from __future__ import annotations

from typing import Any

import numpy as np

from workbench.gui.inspection.colours import quantised
from workbench.gui.inspection.layer_maps import LayerMaps

Array = np.ndarray[Any, Any]


class MapOrder:
    """By their numbers, or the strongest first as they were when that was asked for."""

    def __init__(self) -> None:
        self._order: Array | None = None

    def sort(self, maps: LayerMaps, strongest_first: bool) -> None:
        """The order stays while a training goes on, so that maps keep their places until another is asked for."""
        self._order = maps.strongest_first() if strongest_first else None

    def numbers(self, maps: LayerMaps) -> list[int]:
        """The maps' numbers in the order in which they stand."""
        return list(range(len(maps.values))) if self._order is None else self._order.tolist()

    def pixels(self, maps: LayerMaps, low: Array, high: Array) -> tuple[Array, Array]:
        """The maps in their order as uint8 ``(C, H, W)``, and the places of those that are dead."""
        pixels, dead = quantised(maps.values, low, high), maps.dead_maps
        if self._order is None:
            return pixels, dead
        return pixels[self._order], np.flatnonzero(np.isin(self._order, dead))
