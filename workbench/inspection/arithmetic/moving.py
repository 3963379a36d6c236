"""Layers that only move values, or leave them as they are: where the value came from."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from workbench.inspection.arithmetic import taps
from workbench.inspection.arithmetic.layers import Explain, Placed, number
from workbench.inspection.arithmetic.patches import window
from workbench.inspection.arithmetic.values import PADDING, Made, Operand, Place
from workbench.inspection.arithmetic.words import figure, product_sum

Inputs = tuple[Any, ...]

_NEARNESS = ("· nearness", "= products")


def moved(layer: Placed, inputs: Inputs, place: Place) -> Made:
    """Where the layer took this value from, by its own account."""
    origin = int(layer.origins[place.part][place.index])
    if origin == PADDING:
        return Made(0.0, "a zero that the layer puts there", "0 = 0", note="No value of the input stands here.")
    index = tuple(int(n) for n in np.unravel_index(origin, layer.shape))
    x = number(inputs[0][index])
    operands = (Operand("x", Place(layer.sources[0], index), x),)
    words = f"the value at {spot(index)} of {layer.sources[0]} = {figure(x)}"
    return Made(x, "the same value at another place", words, operands)


def unchanged(why: str) -> Explain:
    """A layer that gives here what it takes."""

    def explain(layer: Placed, inputs: Inputs, place: Place) -> Made:
        x = number(inputs[0][place.index])
        operands = (Operand("x", Place(layer.sources[0], place.index), x),)
        return Made(x, "x", f"{figure(x)} = {figure(x)}", operands, note=why)

    return explain


def selected(layer: Placed, inputs: Inputs, place: Place) -> Made:
    """The same place of the tensor that was chosen."""
    part = layer.values["index"]
    x = number(inputs[0][part][place.index])
    operands = (Operand("x", Place(layer.sources[0], place.index, part), x),)
    words = f"from part {part} of {layer.sources[0]} = {figure(x)}"
    return Made(x, f"part {part}", words, operands)


def upsampled(layer: Placed, inputs: Inputs, place: Place) -> Made:
    """A repeated value, or neighbours with the weights that torch interpolates with."""
    if layer.values["mode"] == "nearest":
        return moved(layer, inputs, place)
    channel, y, x = place.index
    down, across = taps.interpolation(layer)
    rows, columns = np.flatnonzero(down[y]), np.flatnonzero(across[x])
    weights = np.outer(down[y, rows], across[x, columns])[None]
    patch = replace(window(layer.sources[0], inputs[0], (channel,), rows, columns, weights), names=_NEARNESS)
    assert patch.products is not None
    total = float(patch.products.sum())
    note = f"The weights tell how near each value lies ({layer.values['mode']}); they sum to one."
    return Made(total, "Σ of neighbours · weights", product_sum(patch, total), patch=patch, note=note)


def spot(index: tuple[int, ...]) -> str:
    """A place in words."""
    if len(index) == 1:
        return f"number {index[0]}"
    if len(index) == 3:
        return f"channel {index[0]}, row {index[1]}, column {index[2]}"
    return "place " + ", ".join(map(str, index))
