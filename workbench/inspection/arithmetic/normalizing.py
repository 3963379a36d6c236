"""Normalization: (x − mean) / √(variance + eps) · weight + bias, with the numbers."""

from __future__ import annotations

import math
from typing import Any

from torch import Tensor

from workbench.inspection.arithmetic import patches
from workbench.inspection.arithmetic.layers import Placed, number
from workbench.inspection.arithmetic.values import Made, Operand, Place
from workbench.inspection.arithmetic.words import figure, inner

Inputs = tuple[Any, ...]


def batch(layer: Placed, inputs: Inputs, place: Place) -> Made:
    """`BatchNorm1d`, `BatchNorm2d` and `InstanceNorm2d` as they are in evaluation."""
    channel, module = place.index[0], layer.module
    running = module.running_mean
    if isinstance(running, Tensor):
        mean, variance = number(running[channel]), number(module.running_var[channel])
        note = "Mean and variance are those that training has kept."
    else:
        mean, variance = _spread(inputs[0][channel])
        note = "Mean and variance are those of this map of this picture: they have seen all of it."
    return _normalised(layer, inputs, place, mean, variance, channel, note)


def group(layer: Placed, inputs: Inputs, place: Place) -> Made:
    """`GroupNorm`: the statistics of all values of the channel's group."""
    channel = place.index[0]
    size = layer.shape[0] // layer.values["num_groups"]
    first = channel // size * size
    mean, variance = _spread(inputs[0][first : first + size])
    note = f"Mean and variance are those of channels {first} to {first + size - 1} of this picture, all of each."
    return _normalised(layer, inputs, place, mean, variance, channel, note)


def channels_axis(layer: Placed) -> int:
    """The axis over which `LayerNorm` takes its statistics."""
    return 0 if layer.values["channels_first"] else len(layer.shape) - 1


def over_channels(layer: Placed, inputs: Inputs, place: Place) -> Made:
    """`LayerNorm`: the statistics of all channels at one place."""
    axis = channels_axis(layer)
    along = tuple(slice(None) if at == axis else n for at, n in enumerate(place.index))
    mean, variance = _spread(inputs[0][along])
    note = f"Mean and variance are those of all {layer.shape[axis]} channels at this place."
    return _normalised(layer, inputs, place, mean, variance, place.index[axis], note)


def local_response(layer: Placed, inputs: Inputs, place: Place) -> Made:
    """`LocalResponseNorm`: damped by the squares of neighbouring channels; beyond the ends stand zeros."""
    v, (channel, *_) = layer.values, place.index
    size, k, alpha, beta = v["size"], v["k"], v["alpha"], v["beta"]
    span = slice(max(0, channel - size // 2), min(layer.shape[0], channel + (size - 1) // 2 + 1))
    patch = patches.line(layer.sources[0], inputs[0], place.index, 0, span)
    x, squares = number(inputs[0][place.index]), float((patch.values**2).sum())
    below = (k + alpha * squares / size) ** beta
    total = x / below
    sentence = (
        f"{inner(x)} / ({figure(k)} + {figure(alpha)}/{size} · {figure(squares)})^{figure(beta)}"
        f" = {inner(x)} / {figure(below)} = {figure(total)}"
    )
    told = (("sum of squares", squares), ("k", k), ("alpha", alpha), ("beta", beta))
    note = f"The neighbours are channels {span.start} to {span.stop - 1} at this place."
    return Made(
        total, "x / (k + alpha/size · Σ over neighbours x²)^beta", sentence, _input(layer, x, place), patch, told, note
    )


def _normalised(
    layer: Placed, inputs: Inputs, place: Place, mean: float, variance: float, channel: int, note: str
) -> Made:
    x, eps = number(inputs[0][place.index]), layer.values["eps"]
    spread = math.sqrt(variance + eps)
    total = (x - mean) / spread if spread else math.nan
    formula, sentence = (
        "(x − mean) / √(variance + eps)",
        (f"({figure(x)} − {inner(mean)}) / √({figure(variance)} + {figure(eps)})"),
    )
    told = [("mean", mean), ("variance", variance), ("eps", eps)]
    weight, bias = layer.module.weight, layer.module.bias
    if isinstance(weight, Tensor):
        scale, shift = number(weight[channel]), number(bias[channel]) if isinstance(bias, Tensor) else 0.0
        total = total * scale + shift
        told += [("weight", scale), ("bias", shift)]
        formula, sentence = f"{formula} · weight + bias", f"{sentence} · {inner(scale)} + {inner(shift)}"
    return Made(
        total, formula, f"{sentence} = {figure(total)}", _input(layer, x, place), numbers=tuple(told), note=note
    )


def _input(layer: Placed, x: float, place: Place) -> tuple[Operand, ...]:
    return (Operand("x", Place(layer.sources[0], place.index), x),)


def _spread(values: Tensor) -> tuple[float, float]:
    exact = values.double()
    mean = exact.mean()
    return number(mean), number((exact - mean).square().mean())
