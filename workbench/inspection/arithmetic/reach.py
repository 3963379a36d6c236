"""What values have seen: sets of values, followed back from a layer's output to its inputs.

A set is a bool array of the value's shape. Where all channels are alike it is one map stretched over them
(`numpy.broadcast_to`), which makes a ResNet-50 a matter of milliseconds.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from workbench.inspection.arithmetic import taps
from workbench.inspection.arithmetic.layers import Placed
from workbench.inspection.arithmetic.taps import Axes
from workbench.inspection.arithmetic.values import Array
from workbench.layers.modules import SparseConv2d

Sets = tuple[Any, ...]


def pointwise(layer: Placed, sets: Sets) -> Sets:
    """The same places of every input."""
    return (sets[0],) * len(layer.taken)


def stretched(layer: Placed, sets: Sets) -> Sets:
    """The same places, where sizes of 1 may have been stretched."""
    return tuple(_shrunk(sets[0], shape) for shape in layer.taken)


def everything(layer: Placed, sets: Sets) -> Sets:
    """Each value has seen the whole input."""
    return (np.broadcast_to(np.bool_(sets[0].any()), layer.shape),)


def along(axis: Callable[[Placed], int]) -> Callable[[Placed, Sets], Sets]:
    """Each value has seen all values along one axis."""

    def reach(layer: Placed, sets: Sets) -> Sets:
        at = axis(layer)
        return (np.broadcast_to(sets[0].any(at, keepdims=True), layer.shape),)

    return reach


def across_channels(layer: Placed, sets: Sets) -> Sets:
    """Each value has seen neighbouring channels, as many as ``size``."""
    size, shown = layer.values["size"], sets[0]
    seen = np.zeros(layer.shape, bool)
    count = len(seen)
    for shift in range(-(size // 2), (size - 1) // 2 + 1):
        if abs(shift) < count:
            seen[max(0, shift) : count + min(0, shift)] |= shown[max(0, -shift) : count - max(0, shift)]
    return (seen,)


def moved(layer: Placed, sets: Sets) -> Sets:
    """The places from which values were only moved."""
    seen = np.zeros(int(np.prod(layer.shape)), bool)
    for origins, shown in zip(layer.origins, sets, strict=True):
        chosen = origins[shown]
        seen[chosen[chosen >= 0]] = True
    return (seen.reshape(layer.shape),)


def selected(layer: Placed, sets: Sets) -> Sets:
    """The one tensor that was chosen."""
    empty = [np.zeros(shape, bool) for shape in layer.taken[0]]
    empty[layer.values["index"]] = sets[0]
    return (tuple(empty),)


def joined(layer: Placed, sets: Sets) -> Sets:
    """Inputs one behind the other."""
    axis = layer.values["dim"] - 1
    ends = np.cumsum([shape[axis] for shape in layer.taken])[:-1]
    return tuple(np.split(sets[0], ends, axis))


def windowed(axes: Callable[[Placed], Axes]) -> Callable[[Placed, Sets], Sets]:
    """A window over each map by itself."""

    def reach(layer: Placed, sets: Sets) -> Sets:
        seen = _behind(_few(sets[0]), axes(layer), layer.shape)
        return (np.broadcast_to(seen, layer.shape),)

    return reach


def filtered(axes: Callable[[Placed], Axes]) -> Callable[[Placed, Sets], Sets]:
    """A window over all maps of its group."""

    def reach(layer: Placed, sets: Sets) -> Sets:
        groups, few = layer.values["groups"], _few(sets[0])
        if len(few) > 1:
            few = np.logical_or.reduce(few.reshape(groups, -1, *few.shape[1:]), 1)
        seen = _behind(few, axes(layer), layer.shape)
        if len(seen) > 1:
            seen = np.repeat(seen, layer.shape[0] // groups, 0)
        return (np.broadcast_to(seen, layer.shape),)

    return reach


def sparse(layer: Placed, sets: Sets) -> Sets:
    """A window over the maps that each filter is connected with."""
    assert isinstance(layer.module, SparseConv2d)
    seen = np.zeros(layer.shape, bool)
    axes = taps.convolution(layer)
    for number, group in enumerate(layer.values["connections"].split(";")):
        shown = sets[0][number : number + 1]
        if shown.any():
            seen[[int(channel) for channel in group.split()]] |= _behind(shown, axes, layer.shape)[0]
    return (seen,)


def enlarged(layer: Placed, sets: Sets) -> Sets:
    """The neighbours between which values were interpolated, or the one that was repeated."""
    rows, columns = (weights != 0 for weights in taps.interpolation(layer))
    return (np.broadcast_to(_met(_few(sets[0]), rows, columns), layer.shape),)


def union(one: Array | None, other: Array) -> Array:
    """Both sets together."""
    if one is None:
        return other
    few, more = _few(one), _few(other)
    return np.broadcast_to(few | more, one.shape)


def _few(shown: Array) -> Array:
    """One channel where all are the same by their making."""
    return shown[:1] if shown.ndim == 3 and shown.strides[0] == 0 else shown


def _behind(shown: Array, axes: Axes, shape: Any) -> Array:
    """The places that a window has met, map by map."""
    seen = np.zeros((len(shown), *shape[1:]), bool)
    for number in np.flatnonzero(np.logical_or.reduce(shown, (1, 2))):
        one = shown[number]
        rows, columns = one.any(1), one.any(0)
        if np.count_nonzero(one) == np.count_nonzero(rows) * np.count_nonzero(columns):
            # Nearly always whole rows meet whole columns: each axis then goes its own way, without a table.
            down, across = taps.met(axes[0][rows], shape[1]), taps.met(axes[1][columns], shape[2])
            seen[number] = down[:, None] & across
        else:
            tables = (taps.incidence(table, count) for table, count in zip(axes, shape[1:], strict=True))
            seen[number] = _met(one, *tables)
    return seen


def _met(shown: Array, rows: Array, columns: Array) -> Array:
    """The places that meet any of those shown: as a product of matrices, which counts them."""
    met = rows.T.astype(np.float32) @ shown.astype(np.float32) @ columns.astype(np.float32)
    return met > 0


def _shrunk(shown: Array, shape: Any) -> Array:
    for axis, size in enumerate(shape):
        if size == 1 and shown.shape[axis] > 1:
            shown = np.logical_or.reduce(shown, axis, keepdims=True)
    return shown
