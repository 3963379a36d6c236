"""The closed table of layer kinds: a name in a file can only ever mean an entry here."""

from __future__ import annotations

import difflib
from types import MappingProxyType

from workbench.graph import FieldError
from workbench.layers import (
    activation,
    convolution,
    merge,
    normalization,
    pooling,
    regularization,
    scale,
    shape,
)
from workbench.layers.layer import Layer

_CHAPTERS = (convolution, pooling, normalization, activation, regularization, shape, merge, scale)

CATALOGUE = MappingProxyType({layer.kind: layer for chapter in _CHAPTERS for layer in chapter.LAYERS})


def layer(kind: str) -> Layer:
    """The catalogue's entry of that kind; raises `FieldError` for an unknown one, naming the nearest."""
    try:
        return CATALOGUE[kind]
    except KeyError:
        near = difflib.get_close_matches(kind[:60], CATALOGUE, 1, 0.5)
        hint = f"; did you mean '{near[0]}'?" if near else "; `workbench layers` lists them"
        raise FieldError(f"'{kind[:60]}' is no kind of layer{hint}") from None
