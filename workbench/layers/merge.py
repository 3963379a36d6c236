"""Layers that join several inputs."""

from __future__ import annotations

from typing import Any

from workbench.graph import Field, Shape
from workbench.layers.layer import POINTWISE, Layer, Looks, Values, words


def _broadcast_problem(values: Values, shapes: tuple[Any, ...]) -> str | None:
    rank = max(map(len, shapes))
    for shape in shapes:
        if len(shape) != rank:
            return f"{words(shapes[0])} and {words(shape)} have different numbers of axes"
    for axis in range(rank):
        sizes = {shape[axis] for shape in shapes} - {1}
        if len(sizes) > 1:
            return f"the inputs do not fit: {' and '.join(dict.fromkeys(map(words, shapes)))}"
    return None


def _equal_problem(values: Values, shapes: tuple[Any, ...]) -> str | None:
    if len(set(shapes)) > 1:
        return f"the inputs must be of one shape, not {' and '.join(dict.fromkeys(map(words, shapes)))}"
    return None


def _concatenate_problem(values: Values, shapes: tuple[Any, ...]) -> str | None:
    dim = values["dim"]
    if any(dim > len(shape) for shape in shapes):
        return f"there is no axis {dim} in {words(min(shapes, key=len))}"
    rests = {shape[: dim - 1] + shape[dim:] for shape in shapes}
    if len(rests) > 1:
        shown = " and ".join(dict.fromkeys(map(words, shapes)))
        return f"the inputs may differ only along axis {dim}, but are {shown}"
    return None


def _side_by_side(values: Values, shape: Shape) -> Looks:
    return POINTWISE if values["dim"] == 1 else None


LAYERS = (
    Layer("Add", "Merge", "The sum of its inputs, as a residual shortcut needs.", arity=(2, None),
          module_class="Add", problem=_equal_problem, formula="y = Σ xᵢ"),
    Layer("Multiply", "Merge", "The product of its inputs; sizes of 1 are stretched, as a gate needs.",
          arity=(2, None), module_class="Multiply", problem=_broadcast_problem, formula="y = Π xᵢ"),
    Layer("Concatenate", "Merge", "Its inputs one behind the other, as parallel branches need.",
          (Field("dim", "int", 1, "axis, counted without the batch from 1: channels, height, width", 1, 3),),
          arity=(1, None), module_class="Concatenate", problem=_concatenate_problem,
          window=_side_by_side, formula="y = [x₁, x₂, …]"),
    Layer("Mean", "Merge", "The mean of its inputs.", arity=(2, None), module_class="Mean",
          problem=_equal_problem, formula="y = Σ xᵢ / n"),
)  # fmt: skip
