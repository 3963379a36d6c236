"""How much of each layer an epoch's record keeps, so that every record of every network stays small."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

LARGEST_RECORD = 200_000
"""Bytes of a record at most: 20 MB for a hundred epochs."""

_FOR_FILTERS = 45_000
_MOST_MAPS = 64
_LONGEST_SIDE = 64
_FEW_MAPS = ((32, 16), (20, 8), (0, 4))
"""Maps of a longer side than this are kept if so many fit; else rather fewer rows and columns."""

_SPREAD = 104
_ENTRY = 34
"""Bytes that the header takes for a layer's maps, its filters or its histogram, beside its name."""

_HEALTH = 28
"""Bytes that a layer's health takes, beside its name."""

_WEIGHTS = {"Normalization": 0.25, "Regularization": 0.25, "Shape": 0.25}
"""What looks like the layer above it gets less room."""
_FIRST = 7.0
_FIRST_SHARE = 0.12
"""What people look at most gets this part of all the room, or seven times what others get."""


class Layer(NamedTuple):
    """A layer's name, its category in the catalogue, and the shape of its output for one picture."""

    name: str
    category: str
    shape: tuple[int, ...]


class MapShare(NamedTuple):
    """Keep the first ``maps``, and of each every ``stride``-th row and column; of a layer without maps, or with maps
    of one value, ``maps`` values."""

    maps: int
    stride: int = 1


class FilterShare(NamedTuple):
    """Keep the first ``filters``, and of each the first ``channels``."""

    filters: int
    channels: int


@dataclass(frozen=True, slots=True)
class RecordPlan:
    """What is kept of each layer, by name; nothing of those that are not named."""

    maps: Mapping[str, MapShare]
    filters: Mapping[str, FilterShare]


def are_values(shape: tuple[int, ...]) -> bool:
    """Whether a layer gives single values and no maps."""
    return len(shape) == 1 or shape[1:] == (1, 1)


def plan_record(
    layers: Sequence[Layer], kernels: Mapping[str, tuple[int, ...]], spreads: int, classes: int
) -> RecordPlan:
    """Divide the room: the prediction and ``spreads`` histograms whole, filters their part, and the rest for maps.

    ``kernels`` are ``(filters, channels, height, width)`` by layer, in the order of the network. The first layer that
    has maps, and the first with filters, get more than the others.
    """
    names = sum(2 * len(layer.name) + _ENTRY + _HEALTH for layer in layers) + 2 * sum(
        len(name) + _ENTRY for name in kernels
    )
    room = LARGEST_RECORD - 3_000 - 4 * classes - _SPREAD * spreads - names
    filters = _filters(kernels, min(_FOR_FILTERS, max(0, room) // 3))
    taken = sum(_bytes(kernels[name], share) for name, share in filters.items())
    return RecordPlan(_maps([layer for layer in layers if len(layer.shape) in (1, 3)], room - taken), filters)


def _maps(layers: Sequence[Layer], room: int) -> dict[str, MapShare]:
    wanted = {layer.name: _most(layer.shape) for layer in layers}
    weights = {layer.name: _WEIGHTS.get(layer.category, 1.0) for layer in layers}
    first = next((layer.name for layer in layers if len(layer.shape) == 3), "")
    if first:
        weights[first] = _first_of(weights)
    allowed = _divided(wanted, weights, room)
    shares = {layer.name: _map_share(layer.shape, allowed[layer.name]) for layer in layers}
    return {name: share for name, share in shares.items() if share.maps}


def _first_of(weights: Mapping[str, float]) -> float:
    return max(_FIRST, _FIRST_SHARE * sum(weights.values()))


def _map_share(shape: tuple[int, ...], room: int) -> MapShare:
    if are_values(shape):
        return MapShare(max(0, min(shape[0], room - 8)))
    count, height, width = shape
    longest = max(height, width)
    for stride in range(-(-longest // _LONGEST_SIDE), longest + 1):
        fitting = room // _one_map(height, width, stride)
        few = next(maps for side, maps in _FEW_MAPS if -(-longest // stride) > side)
        if fitting >= min(count, few):
            return MapShare(min(count, _MOST_MAPS, fitting), stride)
    return MapShare(min(count, room // 9), longest)


def _most(shape: tuple[int, ...]) -> int:
    """Bytes that are enough for a layer."""
    if are_values(shape):
        return min(shape[0], 4096) + 8
    count, height, width = shape
    return min(count, _MOST_MAPS) * _one_map(height, width, -(-max(height, width) // _LONGEST_SIDE))


def _one_map(height: int, width: int, stride: int) -> int:
    return -(-height // stride) * -(-width // stride) + 8


def _filters(kernels: Mapping[str, tuple[int, ...]], room: int) -> dict[str, FilterShare]:
    wanted = {name: _bytes(shape, FilterShare(*shape[:2])) for name, shape in kernels.items()}
    weights = dict.fromkeys(kernels, 1.0)
    if kernels:
        weights[next(iter(kernels))] = _first_of(weights)
    allowed = _divided(wanted, weights, room)
    shares = {name: _filter_share(shape, allowed[name]) for name, shape in kernels.items()}
    return {name: share for name, share in shares.items() if share.filters and share.channels}


def _filter_share(shape: tuple[int, ...], room: int) -> FilterShare:
    """As many filters as channels, or all of the one of which there are fewer; channels that are colours together."""
    filters, channels, height, width = shape
    area = height * width
    side = int((room / area) ** 0.5)
    few = min(channels, max(3, side)) if channels <= 3 else min(channels, side)
    many = min(filters, room // (few * area + 8)) if few else 0
    return FilterShare(many, min(channels, (room // many - 8) // area) if many else 0)


def _bytes(shape: tuple[int, ...], share: FilterShare) -> int:
    return share.filters * (share.channels * shape[2] * shape[3] + 8)


def _divided(wanted: Mapping[str, int], weights: Mapping[str, float], room: int) -> dict[str, int]:
    """Each gets what it wants, or its weight's part of what the modest ones leave."""
    allowed: dict[str, int] = {}
    left = max(0, room)
    while waiting := [name for name in wanted if name not in allowed]:
        part = left / sum(weights[name] for name in waiting)
        modest = [name for name in waiting if wanted[name] <= part * weights[name]]
        for name in modest:
            allowed[name] = wanted[name]
            left -= wanted[name]
        if not modest:
            allowed |= {name: int(part * weights[name]) for name in waiting}
    return allowed
