"""Layers that multiply by weights: a filter's products with the patch under it, and their sum."""

from __future__ import annotations

from typing import Any

import numpy as np
from torch import Tensor

from workbench.inspection.arithmetic import patches, taps
from workbench.inspection.arithmetic.layers import Placed, number, numbers
from workbench.inspection.arithmetic.values import PADDING, Array, Made, Patch, Place
from workbench.inspection.arithmetic.words import figure, product_sum
from workbench.layers.modules import PrototypeDistance, SparseConv2d

Inputs = tuple[Any, ...]


def convolution(layer: Placed, inputs: Inputs, place: Place) -> Made:
    """`Conv2d`: filter o over the channels of its group."""
    o, y, x = place.index
    weight = layer.module.weight
    seen = weight.shape[1]
    first = o // (len(weight) // layer.values["groups"]) * seen
    rows, columns = taps.convolution(layer)
    channels = range(first, first + seen)
    patch = patches.window(layer.sources[0], inputs[0], channels, rows[y], columns[x], numbers(weight[o]))
    mode = layer.values["padding_mode"]
    border = "" if mode == "zeros" else f"At the border the map is continued: padding mode '{mode}'."
    return _sum(layer, patch, o, f"Σ of patch · filter {o}", border)


def transposed(layer: Placed, inputs: Inputs, place: Place) -> Made:
    """`ConvTranspose2d`: of filter o only the taps count that meet a value of the smaller map."""
    o, y, x = place.index
    weight, groups = layer.module.weight, layer.values["groups"]  # (in, out / groups, height, width)
    seen, given = len(weight) // groups, weight.shape[1]
    first = o // given * seen
    rows, columns = taps.transposed(layer)
    kernel = numbers(weight[first : first + seen, o % given])
    patch = patches.window(layer.sources[0], inputs[0], range(first, first + seen), rows[y], columns[x], kernel)
    all_taps = kernel[0].size
    note = f"{patch.places[0].size} of the filter's {all_taps} taps meet a value here: the others fall between two."
    return _sum(layer, patch, o, f"Σ of values · filter {o}", note if patch.places[0].size < all_taps else "")


def sparse(layer: Placed, inputs: Inputs, place: Place) -> Made:
    """`SparseConv2d`: filter o over the maps it is connected with."""
    o, y, x = place.index
    channels = [int(channel) for channel in layer.values["connections"].split(";")[o].split()]
    rows, columns = taps.convolution(layer)
    kernel = _sparse_kernel(layer.module, o)
    patch = patches.window(layer.sources[0], inputs[0], channels, rows[y], columns[x], kernel)
    note = f"This filter sees {len(channels)} of {layer.shape[0]} maps."
    return _sum(layer, patch, o, f"Σ of patch · filter {o}", note)


def linear(layer: Placed, inputs: Inputs, place: Place) -> Made:
    """`Linear`: every feature times its weight."""
    (o,) = place.index
    patch = patches.listed(layer.sources[0], inputs[0], numbers(layer.module.weight[o]))
    return _sum(layer, patch, o, f"Σ of all {len(inputs[0])} values · weights {o}")


def prototypes(layer: Placed, inputs: Inputs, place: Place) -> Made:
    """`PrototypeDistance`: the squared distance to a bitmap of 7×12, negated."""
    (o,) = place.index
    assert isinstance(layer.module, PrototypeDistance)
    code, values = numbers(layer.module.codes[o]), numbers(inputs[0])
    away = -((values - code) ** 2)
    patch = patches.listed(
        layer.sources[0], inputs[0], code, away, arranged=(1, 12, 7), names=("− bitmap", "−difference²")
    )
    total = float(away.sum())
    sentence = f"−(sum of {len(code)} squared differences {figure(-total)}) = {figure(total)}"
    return Made(total, f"−Σ (value − bitmap {o})²", sentence, patch=patch)


def _sum(layer: Placed, patch: Patch, o: int, formula: str, note: str = "") -> Made:
    assert patch.products is not None
    bias = layer.module.bias
    added = (("bias", number(bias[o])),) if isinstance(bias, Tensor) else ()
    total = float(patch.products.sum()) + sum(value for _, value in added)
    outside = int((patch.places == PADDING)[0].sum()) if patch.places.size else 0
    if outside:
        note = f"{outside} of {patch.places[0].size} taps lie in the border, where zeros stand. {note}".strip()
    formula += " + bias" if added else ""
    return Made(total, formula, product_sum(patch, total, added), patch=patch, numbers=added, note=note)


def _sparse_kernel(module: Any, o: int) -> Array:
    """Filter o: maps that see equally many are computed together, and put into order afterwards."""
    assert isinstance(module, SparseConv2d)
    at = int(module.places[o])
    for weight in module.weight:
        if at < len(weight):
            return numbers(weight[at])
        at -= len(weight)
    return np.zeros((0, 0, 0))
