"""Which places of a map a window meets, axis by axis.

A table of taps is ``(places that come out, taps)``: positions along the axis, `PADDING` in the border, `NOTHING` where
there is no tap at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from torch.nn import functional

from workbench.inspection.arithmetic.layers import Placed
from workbench.inspection.arithmetic.values import PADDING, Array
from workbench.layers import pair

NOTHING = -2

Axes = tuple[Array, Array]
"""The taps along height and along width."""


def convolution(layer: Placed) -> Axes:
    """The taps of `Conv2d` and of layers that slide as it does, with any of its borders."""
    values = layer.values
    kernel, dilation = pair(values["kernel_size"]), pair(values.get("dilation", 1))
    stride, padding = pair(values.get("stride", 1)), values.get("padding", 0)
    if padding == "same":
        # torch puts the odd one of the border behind the map.
        before = tuple(d * (k - 1) // 2 for k, d in zip(kernel, dilation, strict=True))
    else:
        before = (0, 0) if padding == "valid" else pair(padding)
    mode = values.get("padding_mode", "zeros")
    rows, columns = (
        _bordered(_sliding(out, k, s, p, d), n, mode)
        for out, n, k, s, p, d in _each_axis(layer, kernel, stride, before, dilation)
    )
    return rows, columns


def pooling(layer: Placed) -> Axes:
    """The taps of a pooling's windows. A border counts as far as the padding goes; a window ends there."""
    values = layer.values
    kernel = pair(values["kernel_size"])
    stride = pair(values["stride"]) if values.get("stride") is not None else kernel
    padding, dilation = pair(values.get("padding", 0)), pair(values.get("dilation", 1))
    found = []
    for out, n, k, s, p, d in _each_axis(layer, kernel, stride, padding, dilation):
        taps = _sliding(out, k, s, p, d)
        found.append(np.where(taps >= n + p, NOTHING, _bordered(taps, n, "zeros")))
    return found[0], found[1]


def bins(layer: Placed) -> Axes:
    """The taps of adaptive pooling: bin i of b reaches from ⌊i·n/b⌋ to ⌈(i + 1)·n/b⌉."""
    found = []
    count: Any
    for n, count in zip(layer.shape[1:], layer.given[1:], strict=True):
        place = np.arange(count)
        begin, end = place * n // count, -(-(place + 1) * n // count)
        taps = begin[:, None] + np.arange((end - begin).max())
        found.append(np.where(taps < end[:, None], taps, NOTHING))
    return found[0], found[1]


def transposed(layer: Placed) -> Axes:
    """The taps of a transposed convolution: value o meets by tap t the input (o + p − d·t) / s if that is whole."""
    values = layer.values
    found = []
    sliding = (pair(values[name]) for name in ("kernel_size", "stride", "padding", "dilation"))
    for out, n, k, s, p, d in _each_axis(layer, *sliding):
        spread = np.arange(out)[:, None] + p - d * np.arange(k)
        meets = (spread % s == 0) & (spread >= 0) & (spread // s < n)
        found.append(np.where(meets, spread // s, NOTHING))
    return found[0], found[1]


def interpolation(layer: Placed) -> Axes:
    """The weights of an enlargement along height and width, ``(places that come out, places that come in)``."""
    mode = layer.values["mode"]
    rows, columns = (
        _weights(n, scale, mode) for n, scale in zip(layer.shape[1:], pair(layer.values["scale_factor"]), strict=True)
    )
    return rows, columns


def met(some: Array, count: int) -> Array:
    """Bool ``(count,)``: the places along an axis that any of some taps have met."""
    places = np.zeros(count, bool)
    places[some[some >= 0]] = True
    return places


def incidence(taps: Array, count: int) -> Array:
    """Bool ``(places that come out, count)``: which places each has met."""
    table = np.zeros((len(taps), count), bool)
    out, tap = np.nonzero(taps >= 0)
    table[out, taps[out, tap]] = True
    return table


def _each_axis(layer: Placed, *pairs: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """For height and then width: how many places come out, how many come in, and what each of ``pairs`` says."""
    return zip(layer.given[1:], layer.shape[1:], *pairs, strict=True)


def _sliding(out: int, kernel: int, stride: int, padding: int, dilation: int) -> Array:
    return np.arange(out)[:, None] * stride - padding + dilation * np.arange(kernel)


def _bordered(taps: Array, count: int, mode: str) -> Array:
    if mode == "replicate":
        return np.clip(taps, 0, count - 1)
    if mode == "circular":
        return taps % count
    if mode == "reflect":
        mirrored = np.abs(taps)
        return np.where(mirrored >= count, 2 * (count - 1) - mirrored, mirrored)
    return np.where((taps < 0) | (taps >= count), PADDING, taps)


def _weights(count: int, scale: int, mode: Any) -> Array:
    """torch's own: every place alone is set to 1 and enlarged."""
    alone = torch.eye(count, dtype=torch.float64)[:, None, :, None]
    large = functional.interpolate(alone, scale_factor=(scale, 1), mode=mode)
    return large[:, 0, :, 0].T.numpy()
