"""Activations: the formula of each, with the number that went in and the one that came out."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from workbench.inspection.arithmetic import patches
from workbench.inspection.arithmetic.layers import Explain, Placed, number
from workbench.inspection.arithmetic.values import Made, Operand, Patch, Place
from workbench.inspection.arithmetic.words import figure, inner

Inputs = tuple[Any, ...]

Rule = Callable[[Placed, float, Place], tuple[float, str]]
"""What becomes of a number, and the formula with the numbers in it, without what it gives."""

_SELU_SCALE, _SELU_ALPHA = 1.0507009873554804934193349852946, 1.6732632423543772848170429916717


def activation(formula: str, rule: Rule) -> Explain:
    """The way of an activation that looks at one number."""

    def explain(layer: Placed, inputs: Inputs, place: Place) -> Made:
        x = number(inputs[0][place.index])
        total, words = rule(layer, x, place)
        operands = (Operand("x", Place(layer.sources[0], place.index), x),)
        return Made(total, formula, f"{words} = {figure(total)}", operands)

    return explain


def class_axis(layer: Placed) -> int:
    """The axis along which shares sum to one."""
    return int(layer.values["dim"]) - 1


def softmax(layer: Placed, inputs: Inputs, place: Place) -> Made:
    """The share of e^x in the sum of all along the axis."""
    x, patch, most, summed = _along(layer, inputs, place)
    total = math.exp(x - most) / summed
    words = f"e^({figure(x)} − {inner(most)}) / {figure(summed)} = {figure(total)}"
    note = f"The largest value, {figure(most)}, is taken from every x first, which changes no share."
    return Made(total, "e^x / Σ e^x along the axis", words, _one(layer, x, place), patch, note=note)


def log_softmax(layer: Placed, inputs: Inputs, place: Place) -> Made:
    """x less the logarithm of the sum of all e^x."""
    x, patch, most, summed = _along(layer, inputs, place)
    logarithm = most + math.log(summed)
    total = x - logarithm
    words = f"{figure(x)} − {inner(logarithm)} = {figure(total)}"
    told = (("ln Σ e^x", logarithm),)
    return Made(total, "x − ln Σ e^x along the axis", words, _one(layer, x, place), patch, told)


def _along(layer: Placed, inputs: Inputs, place: Place) -> tuple[float, Patch, float, float]:
    found = patches.line(layer.sources[0], inputs[0], place.index, class_axis(layer))
    x, most = number(inputs[0][place.index]), float(found.values.max())
    powers = np.exp(found.values - most)
    summed = float(powers.sum())
    shares = powers / summed
    patch = Patch(found.source, found.shape, found.places, found.values, products=shares, channels=found.channels,
                  names=("", "share of e^x"))  # fmt: skip
    return x, patch, most, summed


def _one(layer: Placed, x: float, place: Place) -> tuple[Operand, ...]:
    return (Operand("x", Place(layer.sources[0], place.index), x),)


def relu(layer: Placed, x: float, place: Place) -> tuple[float, str]:
    return (x if x > 0 or math.isnan(x) else 0.0), f"max(0, {figure(x)})"


def relu6(layer: Placed, x: float, place: Place) -> tuple[float, str]:
    return _clamped(x, 0.0, 6.0), f"min(max(0, {figure(x)}), 6)"


def leaky(layer: Placed, x: float, place: Place) -> tuple[float, str]:
    return _sloped(x, layer.values["negative_slope"])


def learned_leaky(layer: Placed, x: float, place: Place) -> tuple[float, str]:
    return _sloped(x, number(layer.module.weight[place.index[0]]))


def elu(layer: Placed, x: float, place: Place) -> tuple[float, str]:
    alpha = layer.values["alpha"]
    return (x, figure(x)) if x > 0 else (alpha * math.expm1(x), f"{figure(alpha)} · (e^{inner(x)} − 1)")


def selu(layer: Placed, x: float, place: Place) -> tuple[float, str]:
    if x > 0:
        return _SELU_SCALE * x, f"1.0507 · {inner(x)}"
    return _SELU_SCALE * _SELU_ALPHA * math.expm1(x), f"1.0507 · 1.6733 · (e^{inner(x)} − 1)"


def gelu(layer: Placed, x: float, place: Place) -> tuple[float, str]:
    if layer.values["approximate"] == "tanh":
        share = 0.5 * (1 + math.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))
    else:
        share = 0.5 * math.erfc(-x / math.sqrt(2))
    return x * share, f"{inner(x)} · Φ({figure(x)}) = {inner(x)} · {figure(share)}"


def silu(layer: Placed, x: float, place: Place) -> tuple[float, str]:
    share = _sigmoid(x)
    return x * share, f"{inner(x)} · σ({figure(x)}) = {inner(x)} · {figure(share)}"


def mish(layer: Placed, x: float, place: Place) -> tuple[float, str]:
    share = math.tanh(_softplus(x))
    return x * share, f"{inner(x)} · tanh(softplus({figure(x)})) = {inner(x)} · {figure(share)}"


def sigmoid(layer: Placed, x: float, place: Place) -> tuple[float, str]:
    return _sigmoid(x), f"1 / (1 + e^{inner(-x)})"


def tanh(layer: Placed, x: float, place: Place) -> tuple[float, str]:
    return math.tanh(x), f"tanh({figure(x)})"


def scaled_tanh(layer: Placed, x: float, place: Place) -> tuple[float, str]:
    amplitude, slope = layer.values["amplitude"], layer.values["slope"]
    return amplitude * math.tanh(slope * x), f"{figure(amplitude)} · tanh({figure(slope)} · {inner(x)})"


def hard_sigmoid(layer: Placed, x: float, place: Place) -> tuple[float, str]:
    return _clamped(x / 6 + 0.5, 0.0, 1.0), f"min(max({inner(x)}/6 + 1/2, 0), 1)"


def hard_swish(layer: Placed, x: float, place: Place) -> tuple[float, str]:
    share = _clamped(x / 6 + 0.5, 0.0, 1.0)
    return x * share, f"{inner(x)} · min(max({inner(x)}/6 + 1/2, 0), 1) = {inner(x)} · {figure(share)}"


def softplus(layer: Placed, x: float, place: Place) -> tuple[float, str]:
    beta, threshold = layer.values["beta"], layer.values["threshold"]
    if beta * x > threshold:
        return x, figure(x)
    return _softplus(beta * x) / beta, f"ln(1 + e^({figure(beta)} · {inner(x)})) / {figure(beta)}"


def _sloped(x: float, slope: float) -> tuple[float, str]:
    return (x, figure(x)) if x > 0 else (slope * x, f"{inner(slope)} · {inner(x)}")


def _clamped(x: float, low: float, high: float) -> float:
    return x if math.isnan(x) else min(max(x, low), high)


def _sigmoid(x: float) -> float:
    if x >= 0:
        return 1 / (1 + math.exp(-x))
    return math.exp(x) / (1 + math.exp(x))


def _softplus(x: float) -> float:
    return max(x, 0.0) + math.log1p(math.exp(-abs(x)))
