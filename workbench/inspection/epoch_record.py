"""What is kept of the end of an epoch, small enough that a whole training can be looked at again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from workbench.inspection.filters import FilterRows, Filters
from workbench.inspection.health import LayerHealth
from workbench.inspection.seeing import GLIMPSED_MAPS, Seen, Wishes
from workbench.inspection.spread import Spread


@dataclass(frozen=True, slots=True, eq=False)
class ChosenPicture:
    """The picture whose way is recorded: uint8 ``(C, H, W)`` of the network's input size, and what is known of it."""

    pixels: Any
    name: str = ""
    truth: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class KeptMaps:
    """The first of a layer's ``count`` maps, each in 256 levels from its own lowest to its own highest value.

    ``levels`` is uint8 ``(maps, height, width)``, or ``(1, features)`` of a layer without maps; ``ends`` is float32
    ``(maps, 2)``. Of every map only each ``stride``-th row and column is kept. ``parts`` are how many maps are in each
    tensor of a layer that gives several.
    """

    levels: Any
    ends: Any
    count: int
    stride: int = 1
    parts: tuple[int, ...] = ()

    @property
    def cut(self) -> bool:
        """Whether the layer has more maps, or features, than were kept."""
        return bool(self.count > self.levels.shape[-1 if self.levels.ndim == 2 else 0])

    def values(self) -> Any:
        """The maps again, float32 ``(maps, height, width)`` or ``(features,)``, true to 1/510 of each one's range."""
        low, high = (self.ends[:, end].reshape(-1, *[1] * (self.levels.ndim - 1)) for end in (0, 1))
        maps = low + self.levels.astype(np.float32) * ((high - low) / 255)
        return maps[0] if self.levels.ndim == 2 else maps


@dataclass(frozen=True, slots=True, eq=False)
class KeptFilters:
    """The first of a layer's filters, and of each its first channels.

    ``levels`` is int8 ``(filters, channels, height, width)``, or ``(filters, features)`` of a dense layer; ``scales``
    is float32 ``(filters,)``, the weight of one level, and ``bias`` float32 ``(filters,)`` or None. The layer has
    ``count`` filters of ``channels``.
    """

    levels: Any
    scales: Any
    bias: Any
    count: int
    channels: int

    def filters(self, rows: FilterRows) -> Filters | None:
        """Those of these numbers that were kept; None where none was."""
        last = len(self.levels) if rows.count is None else rows.first + rows.count
        chosen = slice(rows.first, last)
        levels = self.levels[chosen]
        if not len(levels):
            return None
        weight = levels.astype(np.float32) * self.scales[chosen].reshape(-1, *[1] * (levels.ndim - 1))
        bias = None if self.bias is None else self.bias[chosen]
        return Filters(weight, bias, rows.first, self.count, self.channels)


@dataclass(frozen=True, slots=True, eq=False)
class KeptHealth:
    """How each layer fared at this step, by name; dead units were looked for in ``images`` images."""

    step: int
    layers: Mapping[str, LayerHealth]
    images: int


@dataclass(frozen=True, slots=True, eq=False)
class EpochRecord:
    """The chosen picture's maps, the filters, how all weights lie, and the prediction, at the end of an epoch.

    All is by layer name. ``probabilities`` are those of the classes, float32; ``health`` is the last that was measured
    in the epoch, None where nobody asked for it.
    """

    epoch: int
    step: int
    maps: Mapping[str, KeptMaps] = field(default_factory=dict)
    filters: Mapping[str, KeptFilters] = field(default_factory=dict)
    spreads: Mapping[str, Spread] = field(default_factory=dict)
    probabilities: Any = ()
    health: KeptHealth | None = None

    def seen(self, wishes: Wishes) -> Seen:
        """What is wished for, as far as it was kept, as if the network were looked at now."""
        maps = {name: self.maps[name].values() for name in wishes.layers if name in self.maps}
        cut = {name: self.maps[name].count for name in maps if self.maps[name].cut}
        strides = {name: self.maps[name].stride for name in maps if self.maps[name].stride > 1}
        parts = {name: self.maps[name].parts for name in maps if self.maps[name].parts}
        glimpses = {name: _glimpse(self.maps[name]) for name in wishes.glimpses if name in self.maps}
        filters = {}
        for rows in wishes.filters:
            found = self.filters[rows.layer].filters(rows) if rows.layer in self.filters else None
            if found is not None:
                filters[rows] = found
        spreads = self.spreads if wishes.spreads else {}
        return Seen(maps, cut, glimpses, filters, spreads, tuple(map(float, self.probabilities)), strides, parts)


def _glimpse(kept: KeptMaps) -> Any:
    if kept.levels.ndim == 2:
        return kept.values()
    return KeptMaps(kept.levels[:GLIMPSED_MAPS], kept.ends[:GLIMPSED_MAPS], kept.count).values()
