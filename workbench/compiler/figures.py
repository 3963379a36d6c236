"""One layer's figures, from torch's meta device, which computes shapes and no values."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import torch

from workbench.compiler.random_weights import without_random_weights
from workbench.graph import Arguments
from workbench.layers import POINTWISE, Looks, TensorShape, layer

MAX_BYTES = 64 << 30
"""A layer whose weights or output are larger is told by its size; it can be counted, but nobody can train it here."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What a layer makes of inputs of given shapes, for one example; ``output`` is None where it cannot take them."""

    output: TensorShape | None
    parameters: int = 0
    macs: int = 0
    activation_bytes: int = 0
    dense_parameters: int = 0
    looks: Looks = POINTWISE
    refusal: str = ""


UNKNOWN = Figures(None)
"""The figures of a layer below one that is broken: nothing is known, and there is nothing to say about it."""


def figures(kind: str, arguments: Arguments, shapes: tuple[Any, ...]) -> Figures:
    """The figures, remembered by these three. Never raises: whatever is wrong becomes the ``refusal``."""
    try:
        return _figures(kind, arguments, shapes)
    except TypeError:  # an argument that cannot be remembered, such as a mapping
        return Figures(None, refusal=f"{kind} takes numbers, words and lists as arguments, nothing else")


@lru_cache(maxsize=20_000)
def _figures(kind: str, arguments: Arguments, shapes: tuple[Any, ...]) -> Figures:
    try:
        return _measured(kind, arguments, shapes)
    except Exception as error:
        # Any class: an editor's unfinished graph reaches every check that torch makes, and there are many kinds.
        message = " ".join((str(error).splitlines() or [""])[0].split())[:300]
        return Figures(None, refusal=message or type(error).__name__)


def _measured(kind: str, arguments: Arguments, shapes: tuple[Any, ...]) -> Figures:
    entry = layer(kind)
    refused = entry.refusal(arguments, shapes)
    if refused:
        return Figures(None, refusal=refused)
    with torch.device("meta"), without_random_weights():
        module = entry.module(arguments, shapes).eval()
    output = _output(module, entry.category, (kind, arguments, len(shapes[0])), shapes)
    parameters = sum(parameter.numel() for parameter in module.parameters())
    values = count_values(output)
    for what, count in (("parameters", parameters), ("output values", values)):
        if count * 4 > MAX_BYTES:
            return Figures(
                output, refusal=f"its {count:,} {what} would need {memory_text(count * 4)}; make the layer smaller"
            )
    macs = 0 if _several(output) else entry.macs(module, shapes[0], output)
    dense = sum(map(count_values, shapes)) * values + values
    looks = entry.window(entry.values(arguments), shapes[0])
    return Figures(output, parameters, macs, 4 * values, dense, looks)


_ELEMENTWISE = frozenset({"Activation", "Normalization", "Regularization", "Scale"})

_keeps_shape: set[tuple[str, Arguments, int]] = set()
"""Layers (kind, arguments, rank of the input) of which the meta device has said that they give the shape they take.

They need not be asked for every shape: torch runs these in Python even there, 1.2 ms for a batch normalization.
"""


def _output(module: Any, category: str, which: tuple[str, Arguments, int], shapes: tuple[Any, ...]) -> Any:
    if which in _keeps_shape:
        return shapes[0]
    with torch.no_grad():
        output = _shape(module(*map(_examples, shapes)))
    if category in _ELEMENTWISE and shapes == (output,):
        _keeps_shape.add(which)
    return output


def count_values(shape: Any) -> int:
    """How many numbers a value of that shape holds, or several values together."""
    return sum(map(count_values, shape)) if _several(shape) else math.prod(shape)


def memory_text(size: float) -> str:
    """Bytes for people: ``3.6 TiB``."""
    power = min(int(math.log(size, 1024)), 5)
    return f"{size / 1024**power:,.1f} {('bytes', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB')[power]}"


def _several(shape: Any) -> bool:
    return bool(shape) and isinstance(shape[0], tuple)


def _examples(shape: Any) -> Any:
    # Two examples: batch normalization of one value per channel refuses a single one.
    if _several(shape):
        return tuple(torch.empty((2, *part), device="meta") for part in shape)
    return torch.empty((2, *shape), device="meta")


def _shape(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return tuple(map(_shape, value))
    return tuple(value.shape[1:])
