"""Pooling: the window, and the value that won, or the sum and what it was divided by."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from workbench.inspection.arithmetic import patches, taps
from workbench.inspection.arithmetic.layers import Placed, number
from workbench.inspection.arithmetic.taps import Axes
from workbench.inspection.arithmetic.values import PADDING, Made, Patch, Place
from workbench.inspection.arithmetic.words import figure, inner
from workbench.layers import pair

Inputs = tuple[Any, ...]


def maximum(axes: Callable[[Placed], Axes]) -> Callable[[Placed, Inputs, Place], Made]:
    """The largest value of the window; the border never wins."""

    def explain(layer: Placed, inputs: Inputs, place: Place) -> Made:
        patch = _window(axes(layer), layer, inputs, place)
        shown = np.where(patch.places == PADDING, -np.inf, patch.values)
        best = np.unravel_index(int(np.nan_to_num(shown, nan=np.inf, neginf=-np.inf).argmax()), shown.shape)
        winner = (int(best[0]), int(best[1]), int(best[2]))
        total = float(patch.values[winner])
        won = patch.place(*winner)
        where = f"row {won.index[1]}, column {won.index[2]}" if won else "nowhere"
        count = int((patch.places != PADDING).sum())
        kept = Patch(patch.source, patch.shape, patch.places, patch.values, channels=patch.channels, winner=winner)
        sentence = f"the largest of {count} values, from {where} = {figure(total)}"
        return Made(total, "max over the window", sentence, patch=kept)

    return explain


def average(layer: Placed, inputs: Inputs, place: Place) -> Made:
    """`AvgPool2d`: the window's sum, divided by how many values count."""
    patch = _window(taps.pooling(layer), layer, inputs, place)
    inside = int((patch.places != PADDING).sum())
    override = layer.values["divisor_override"]
    divisor = override or (patch.places.size if layer.values["count_include_pad"] else inside)
    why = "the divisor that was given" if override else f"{inside} values" + _with_border(divisor - inside)
    return _mean(patch, divisor, why)


def adaptive(layer: Placed, inputs: Inputs, place: Place) -> Made:
    """`AdaptiveAvgPool2d`: the mean of a bin."""
    patch = _window(taps.bins(layer), layer, inputs, place)
    return _mean(patch, patch.places.size, f"{patch.places.size} values")


def power(layer: Placed, inputs: Inputs, place: Place) -> Made:
    """`LPPool2d`. torch takes the mean of powers times the window's size, also where the window hangs over."""
    patch = _window(taps.pooling(layer), layer, inputs, place)
    p, (high, wide) = layer.values["norm_type"], pair(layer.values["kernel_size"])
    with np.errstate(invalid="ignore"):
        powers = patch.values**p
        whole, count = high * wide, patch.places.size
        total = float(np.power(powers.sum() / count * whole, 1 / p))
    kept = Patch(patch.source, patch.shape, patch.places, patch.values, products=powers, channels=patch.channels,
                 names=("", f"to the power {figure(p)}"))  # fmt: skip
    spread = f" · {whole}/{count}" if whole != count else ""
    sentence = f"({inner(float(powers.sum()))}{spread})^(1/{figure(p)}) = {figure(total)}"
    note = f"The window hangs over the edge: {count} of its {whole} places count for all." if spread else ""
    return Made(total, f"(Σ over the window of x^{figure(p)})^(1/{figure(p)})", sentence, patch=kept, note=note)


def trainable(layer: Placed, inputs: Inputs, place: Place) -> Made:
    """`TrainableSubsampling`: the window's sum, times a coefficient, plus a bias."""
    patch = _window(taps.pooling(layer), layer, inputs, place)
    channel = place.index[0]
    weight, bias = number(layer.module.weight[channel]), number(layer.module.bias[channel])
    summed = float(patch.values.sum())
    total = weight * summed + bias
    sentence = f"{inner(weight)} · {inner(summed)} + {inner(bias)} = {figure(total)}"
    told = (("coefficient", weight), ("sum", summed), ("bias", bias))
    return Made(total, "coefficient · Σ over the window + bias", sentence, patch=patch, numbers=told)


def _window(axes: Axes, layer: Placed, inputs: Inputs, place: Place) -> Patch:
    channel, y, x = place.index
    rows, columns = axes
    return patches.window(layer.sources[0], inputs[0], (channel,), rows[y], columns[x])


def _mean(patch: Patch, divisor: int, why: str) -> Made:
    summed = float(patch.values.sum())
    total = summed / divisor if divisor else 0.0
    sentence = f"{inner(summed)} / {divisor} = {figure(total)}"
    told = (("sum", summed), ("divisor", float(divisor)))
    return Made(total, "Σ over the window / how many", sentence, patch=patch, numbers=told, note=f"Divided by {why}.")


def _with_border(count: int) -> str:
    return f" and {count} zeros of the border" if count > 0 else ""
