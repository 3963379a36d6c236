"""Cutting out of a value what a layer met there."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from torch import Tensor

from workbench.inspection.arithmetic.layers import numbers
from workbench.inspection.arithmetic.taps import NOTHING
from workbench.inspection.arithmetic.values import PADDING, Array, Patch


def window(
    source: str, value: Tensor, channels: Sequence[int], rows: Array, columns: Array, weights: Array | None = None
) -> Patch:
    """Some channels of maps ``(C, H, W)`` where taps meet them; taps that meet `NOTHING` are left out.

    ``weights`` are ``(channels, taps down, taps across)``. The border's values are zero.
    """
    down, across = rows != NOTHING, columns != NOTHING
    rows, columns = rows[down], columns[across]
    chosen = np.asarray(channels, np.int64)
    # What the border hides is read at place 0 and wiped out again.
    inside = (rows >= 0)[:, None] & (columns >= 0)
    r, c = np.maximum(rows, 0), np.maximum(columns, 0)
    values = np.where(inside, numbers(value[chosen[:, None, None], r[:, None], c]), 0.0)
    _, height, width = value.shape
    places = np.where(inside, (chosen[:, None, None] * height + r[:, None]) * width + c, PADDING)
    kept = products = None
    if weights is not None:
        kept = weights[:, down][:, :, across]
        products = np.where(inside, values * kept, 0.0)
    return Patch(source, tuple(value.shape), places, values, kept, products, tuple(int(n) for n in chosen))


def listed(
    source: str, value: Tensor, weights: Array | None = None, products: Array | None = None,
    arranged: tuple[int, ...] | None = None, names: tuple[str, str] = ("· weights", "= products"),
) -> Patch:  # fmt: skip
    """All of a list of features ``(F,)``, each a channel of its own unless they are ``arranged`` as maps."""
    shape = arranged or (len(value), 1, 1)
    values = numbers(value).reshape(shape)
    places = np.arange(len(value)).reshape(shape)
    kept = None if weights is None else weights.reshape(shape)
    if products is None and kept is not None:
        products = values * kept
    given = None if products is None else products.reshape(shape)
    return Patch(source, tuple(value.shape), places, values, kept, given, tuple(range(shape[0])), names=names)


def line(source: str, value: Tensor, index: tuple[int, ...], axis: int, span: slice = slice(None)) -> Patch:
    """The values along one axis through a place, each a channel of its own; ``span`` of them."""
    numbers_along = range(*span.indices(value.shape[axis]))
    chosen = tuple(slice(span.start, span.stop) if at == axis else place for at, place in enumerate(index))
    values = numbers(value[chosen]).reshape(-1, 1, 1)
    spots = [tuple(n if at == axis else place for at, place in enumerate(index)) for n in numbers_along]
    places = np.array([np.ravel_multi_index(spot, tuple(value.shape)) for spot in spots]).reshape(-1, 1, 1)
    return Patch(source, tuple(value.shape), places, values, channels=tuple(numbers_along))
