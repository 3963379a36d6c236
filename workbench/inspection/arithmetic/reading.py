"""Who reads a value: the values of the layers below into which it goes, and what it gives to each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from workbench.graph import Graph
from workbench.inspection.arithmetic import reach, taps
from workbench.inspection.arithmetic.kinds import KINDS
from workbench.inspection.arithmetic.layers import Moment, Placed, number, numbers
from workbench.inspection.arithmetic.values import Array, Place, Reader, Readers

_MOST = 8


def read_by(graph: Graph, name: str) -> list[str]:
    """The nodes that take what a node or input gives, in the order of the network."""
    return sorted(graph.consumers.get(name, ()), key=graph.position.__getitem__)


def readers_of(moment: Moment, place: Place) -> tuple[Readers, ...]:
    """For every layer that reads the value the outputs that it gives most to."""
    found = []
    for name in read_by(moment.graph, place.node):
        if name in moment.outputs and (one := _readers(moment, place, moment.placed(name))) is not None:
            found.append(one)
    return tuple(found)


def _readers(moment: Moment, place: Place, placed: Placed) -> Readers | None:
    given = moment.outputs[placed.name]
    held = number(moment.output(place.node, place.part)[place.index])
    if KINDS[placed.kind].reach is reach.pointwise and place.part == 0:
        # The value beside it alone; what normalization and activation made of it is told in their own words.
        value = number(given[0][place.index])
        given_to = placed.sources.count(place.node) * held if placed.kind == "Add" else None
        reader = Reader(Place(placed.name, place.index), value, given_to)
        return Readers(placed.name, placed.kind, 1, (reader,))
    slopes = None if isinstance(given, tuple) else _slopes(moment, place, placed)
    if slopes is None or not slopes.any():
        # What it gives cannot be told, or it gives nothing, as where another value is larger.
        lone = next(_descend(placed, place), None)
        if lone is None:
            return None
        value = number(moment.output(placed.name, lone.part)[lone.index])
        return Readers(placed.name, placed.kind, 0, (Reader(lone, value, None if slopes is None else 0.0),))
    count = int(np.count_nonzero(slopes))
    most = min(_MOST, count)
    strongest = np.argpartition(-np.abs(slopes), most - 1, None)[:most]
    strongest = strongest[np.argsort(-np.abs(slopes.ravel()[strongest]), kind="stable")]
    rows = []
    for flat in strongest.tolist():
        index = tuple(int(n) for n in np.unravel_index(flat, slopes.shape))
        rows.append(Reader(Place(placed.name, index), number(given[0][index]), float(slopes[index]) * held))
    return Readers(placed.name, placed.kind, count, tuple(rows))


def _slopes(moment: Moment, place: Place, placed: Placed) -> Array | None:
    """How much every output changes with the value; None where that cannot be told.

    Where it can be known which few outputs have read it, only those are looked at: a whole map of ResNet-50 run again
    takes longer than all the rest of an explanation.
    """
    values = [moment.outputs[source] for source in placed.sources]
    which = placed.sources.index(place.node)
    if isinstance(values[which], tuple):
        return None
    if placed.kind == "Conv2d":
        return _slopes_of_convolution(placed, place)
    if placed.kind == "Linear":
        return _slopes_of_linear(placed, place)
    if placed.kind in _BY_MAP:
        channel = place.index[0]
        one = _derivative(placed.module, [values[which][:, channel : channel + 1]], 0, (0, *place.index[1:]))
        return None if one is None else _in_channel(one, channel, placed)
    return _derivative(placed.module, values, which, place.index)


_BY_MAP = frozenset({"MaxPool2d", "AvgPool2d", "LPPool2d", "AdaptiveAvgPool2d", "AdaptiveMaxPool2d"})
"""Each of their maps is made of one."""


def _derivative(module: nn.Module, values: list[Any], which: int, index: tuple[int, ...]) -> Array | None:
    owned = [_own(value) for value in values]
    direction = torch.zeros_like(owned[which])
    direction[(0, *index)] = 1

    def run(changed: Tensor) -> Any:
        return module(*(changed if at == which else value for at, value in enumerate(owned)))

    try:
        with torch.inference_mode(False):
            told = torch.func.jvp(run, (owned[which],), (direction,))[1]
    except (RuntimeError, NotImplementedError):
        return None
    return np.asarray(np.nan_to_num(numbers(told[0])))


def _in_channel(one: Array, channel: int, placed: Placed) -> Array:
    shape: Any = placed.given
    slopes = np.zeros(shape)
    slopes[channel] = one[0]
    return slopes


def _slopes_of_linear(placed: Placed, place: Place) -> Array:
    """A column of its matrix, at the places of the features that it takes."""
    shape: Any = placed.given
    slopes = np.zeros(shape)
    slopes[place.index[:-1]] = numbers(placed.module.weight[:, place.index[-1]])
    return slopes


def _own(value: Any) -> Any:
    """A copy that is no inference tensor, of which no derivative may be taken."""
    with torch.inference_mode(False):
        return tuple(map(_own, value)) if isinstance(value, tuple) else value.detach().clone()


def _slopes_of_convolution(placed: Placed, place: Place) -> Array:
    """The filters' weights where they meet the value."""
    channel, row, column = place.index
    shape: Any = placed.given
    groups = placed.values["groups"]
    per_group, outputs = placed.shape[0] // groups, shape[0] // groups
    first = channel // per_group * outputs
    weight = numbers(placed.module.weight[first : first + outputs, channel % per_group])
    slopes = np.zeros(shape)
    rows, columns = taps.convolution(placed)
    for down, by in zip(*np.nonzero(rows == row), strict=True):
        for across, along in zip(*np.nonzero(columns == column), strict=True):
            slopes[first : first + outputs, down, across] += weight[:, by, along]
    return slopes


def _descend(placed: Placed, place: Place) -> Iterator[Place]:
    """The first output that has seen the value, found by halving: what has been seen is told of sets of outputs."""
    several = isinstance(placed.given[0], tuple) if placed.given else False
    shapes: Any = placed.given if several else (placed.given,)
    for part, shape in enumerate(shapes):
        low, high = [0] * len(shape), list(shape)
        if not _sees(placed, place, shapes, part, low, high):
            continue
        while max(spans := np.subtract(high, low)) > 1:
            axis = int(spans.argmax())
            middle = (low[axis] + high[axis]) // 2
            upper = [middle if at == axis else end for at, end in enumerate(high)]
            if _sees(placed, place, shapes, part, low, upper):
                high = upper
            else:
                low = [middle if at == axis else begin for at, begin in enumerate(low)]
        yield Place(placed.name, tuple(low), part)


def _sees(placed: Placed, place: Place, shapes: Any, part: int, low: list[int], high: list[int]) -> bool:
    sets = tuple(np.zeros(shape, bool) for shape in shapes)
    sets[part][tuple(map(slice, low, high))] = True
    seen = KINDS[placed.kind].reach(placed, sets)[placed.sources.index(place.node)]
    chosen = seen[place.part] if isinstance(seen, tuple) else seen
    return bool(chosen[place.index])
