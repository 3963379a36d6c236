"""What the catalogue says about one kind of layer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from workbench.graph import Arguments, Field, FieldError, Shape, Value

if TYPE_CHECKING:
    import torch

Category = Literal[
    "Convolution", "Pooling", "Normalization", "Activation", "Regularization", "Shape", "Merge", "Scale"
]

Values = dict[str, Any]
"""A layer's arguments with every default filled in."""

TensorShape = Shape | tuple[Shape, ...]
"""The shape of one example's value: of a tensor, or of each tensor where a layer gives several."""


@dataclass(frozen=True, slots=True)
class Window:
    """How far a layer looks along height and width: each is ``(kernel, stride, padding, dilation)``.

    ``stride`` is a fraction below 1 where the layer enlarges the map (`Upsample`).
    """

    height: tuple[float, float, float, float]
    width: tuple[float, float, float, float]


WHOLE_MAP: Literal["whole"] = "whole"
"""A layer whose every output value sees the whole of its input (`Linear`, `Flatten`, global pooling)."""


@dataclass(frozen=True)
class Layer:
    """One entry of the catalogue; editor, file validation, compiler, docs and tests are derived from it.

    ``infers`` gives constructor arguments that the input's shape tells, from the shapes of one example.
    ``build`` makes the module; by default it is ``torch.nn``'s class of that name. ``window`` tells the
    receptive field, ``macs`` the multiply-adds of one example (only convolutions and matrix products
    count, as in ``torch.utils.flop_counter``). ``arity`` is the least and most inputs (None: any number).
    ``problem`` says in words why the input cannot be taken, before torch is asked, or None.
    """

    kind: str
    category: Category
    help: str
    fields: tuple[Field, ...] = ()
    infers: Mapping[str, Callable[[Shape], Any]] = field(default_factory=dict)
    arity: tuple[int, int | None] = (1, 1)
    ranks: tuple[int, ...] | None = None
    build: Callable[[Layer, Values, tuple[Any, ...]], torch.nn.Module] | None = None
    window: Callable[[Values], Window | Literal["whole"] | None] = lambda values: None
    macs: Callable[[torch.nn.Module, Shape, Shape], int] = lambda module, taken, given: 0
    problem: Callable[[Values, tuple[Any, ...]], str | None] = lambda values, shapes: None
    formula: str = ""
    page: str = ""

    @cached_property
    def by_name(self) -> dict[str, Field]:
        return {entry.name: entry for entry in self.fields}

    def check(self, arguments: Mapping[str, Any]) -> Arguments:
        """The arguments in canonical form; raises `FieldError` for one unknown, missing or out of bounds."""
        checked: dict[str, Value] = {}
        for name, value in arguments.items():
            if name not in self.by_name:
                known = ", ".join(self.by_name) or "none"
                raise FieldError(f"{name}: {self.kind} has no such argument; it has {known}")
            checked[name] = self.by_name[name].check(value)
        for entry in self.fields:
            if entry.required and entry.name not in checked:
                raise FieldError(f"{entry.name}: {self.kind} needs it ({entry.expectation})")
        return Arguments(checked)

    def values(self, arguments: Mapping[str, Any]) -> Values:
        """The arguments with every default filled in; raises `FieldError` as `check` does."""
        checked = self.check(arguments)
        return {entry.name: checked.get(entry.name, entry.default) for entry in self.fields}

    def module(self, arguments: Mapping[str, Any], shapes: tuple[Any, ...]) -> torch.nn.Module:
        """The layer as a module for inputs of these shapes (of one example each, without the batch)."""
        values = self.values(arguments)
        if self.build is not None:
            return self.build(self, values, shapes)
        from torch import nn

        return getattr(nn, self.kind)(**self.inferred(shapes), **values)

    def inferred(self, shapes: tuple[Any, ...]) -> Values:
        """The constructor's arguments that the first input tells: ``{'in_channels': 3}``."""
        return {name: tell(shapes[0]) for name, tell in self.infers.items()}


def pair(value: int | tuple[int, int]) -> tuple[int, int]:
    """``(height, width)`` of a canonical pair."""
    return value if isinstance(value, tuple) else (value, value)
