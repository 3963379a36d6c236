"""What the catalogue says about one kind of layer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from workbench.graph import Arguments, Field, FieldError, Shape, Value

if TYPE_CHECKING:
    import torch

Category = Literal["Convolution", "Pooling", "Normalization", "Activation", "Regularization", "Shape", "Merge", "Scale"]

Values = dict[str, Any]
"""A layer's arguments with every default filled in."""

TensorShape = Shape | tuple[Shape, ...]
"""The shape of one example's value: of a tensor, or of each tensor where a layer gives several."""

Number = int | Fraction

Axis = tuple[Number, Number, Number, Number]
"""``(kernel, stride, padding, dilation)`` along one axis; exact, so that fields add up over hundreds of layers."""


@dataclass(frozen=True, slots=True)
class Window:
    """How far a layer looks along height and width.

    ``stride`` is below 1 where the layer enlarges the map (`Upsample`, `ConvTranspose2d`) and below 0 where it turns
    the map round. Where values look differently far, the kernel is the smallest that holds what each sees.
    """

    height: Axis
    width: Axis


WHOLE_MAP: Literal["whole"] = "whole"
"""A layer whose every output value sees the whole of its input (`Linear`, `Flatten`, global pooling)."""

POINTWISE: Literal["pointwise"] = "pointwise"
"""A layer whose every output value sees the same place of its input. The statistics of a normalization do not count."""

Looks = Window | Literal["whole", "pointwise"] | None
"""What a value of the output sees of the input; None where no window can tell."""


@dataclass(frozen=True)
class Layer:
    """One entry of the catalogue; editor, file validation, compiler, docs and tests are derived from it.

    ``infers`` gives constructor arguments that the input's shape tells, from the shape of one example.
    ``module_class`` names our own module in `workbench.layers.modules`; without it ``torch.nn``'s class of
    the kind's name is built. ``window`` tells from arguments and the first input's shape what a value sees of its
    input, which makes the receptive field; ``macs`` the multiply-adds of one example
    (only convolutions and matrix products count, as in ``torch.utils.flop_counter``). ``arity`` is the least
    and most inputs (None: any number). ``ranks`` are the ranks of shapes it takes (3: maps, 1: features).
    ``problem`` says in words why an input cannot be taken, before torch is asked, or None.
    """

    kind: str
    category: Category
    help: str
    fields: tuple[Field, ...] = ()
    infers: Mapping[str, Callable[[Shape], Any]] = field(default_factory=dict)
    arity: tuple[int, int | None] = (1, 1)
    ranks: tuple[int, ...] | None = None
    module_class: str | None = None
    window: Callable[[Values, Shape], Looks] = lambda values, shape: POINTWISE
    macs: Callable[[Any, Shape, Shape], int] = lambda module, taken, given: 0
    problem: Callable[[Values, tuple[Any, ...]], str | None] = lambda values, shapes: None
    formula: str = ""

    @cached_property
    def by_name(self) -> dict[str, Field]:
        return {entry.name: entry for entry in self.fields}

    @property
    def page(self) -> str:
        """PyTorch's page about this layer; '' for a layer of our own."""
        if self.module_class:
            return ""
        return f"https://docs.pytorch.org/docs/stable/generated/torch.nn.{self.kind}.html"

    def check(self, arguments: Mapping[str, Any]) -> Arguments:
        """The arguments in canonical form; raises `FieldError` for one unknown, missing or out of bounds."""
        checked: dict[str, Value] = {}
        for name, value in arguments.items():
            if name not in self.by_name:
                known = ", ".join(self.by_name) or "none"
                raise FieldError(f"{name[:60]}: {self.kind} has no such argument; it has {known}")
            checked[name] = self.by_name[name].check(value)
        for entry in self.fields:
            if entry.required and entry.name not in checked:
                raise FieldError(f"{entry.name}: {self.kind} needs it ({entry.expectation})")
        return Arguments(checked)

    def values(self, arguments: Mapping[str, Any]) -> Values:
        """The arguments with every default filled in; raises `FieldError` as `check` does."""
        checked = self.check(arguments)
        return {entry.name: checked.get(entry.name, entry.default) for entry in self.fields}

    def refusal(self, arguments: Mapping[str, Any], shapes: tuple[Any, ...]) -> str | None:
        """Why inputs of these shapes cannot be taken, in one sentence, as far as the catalogue can tell."""
        low, high = self.arity
        if not low <= len(shapes) <= (len(shapes) if high is None else high):
            wanted = f"{low}" if low == high else f"at least {low}" if high is None else f"{low} to {high}"
            return f"{self.kind} takes {wanted} input{'' if wanted == '1' else 's'}, not {len(shapes)}"
        for shape in shapes:
            several = bool(shape) and isinstance(shape[0], tuple)
            if several and self.kind != "Select":
                return f"{self.kind} takes one tensor, not the {len(shape)} that come; put a Select above"
            if self.ranks is not None and not several and len(shape) not in self.ranks:
                return _wrong_rank(self.kind, self.ranks, shape)
        return self.problem(self.values(arguments), shapes)

    def module(self, arguments: Mapping[str, Any], shapes: tuple[Any, ...]) -> torch.nn.Module:
        """The layer as a module for inputs of these shapes (of one example each, without the batch)."""
        call = self.constructor(arguments, shapes)
        if self.module_class:
            from workbench.layers import modules

            return getattr(modules, self.module_class)(**call)
        from torch import nn

        return getattr(nn, self.kind)(**call)

    def constructor(self, arguments: Mapping[str, Any], shapes: tuple[Any, ...]) -> Values:
        """The keyword arguments that its class is called with: what the input tells, then what was given."""
        return {name: tell(shapes[0]) for name, tell in self.infers.items()} | self.values(arguments)


def pair(value: int | tuple[int, int]) -> tuple[int, int]:
    """``(height, width)`` of a canonical pair."""
    return value if isinstance(value, tuple) else (value, value)


def channels(shape: Shape) -> int:
    return shape[0]


def words(shape: Any) -> str:
    """A shape for people: ``6×28×28``; of several tensors ``6×28×28, 4×28×28``."""
    if shape and isinstance(shape[0], tuple):
        return ", ".join(map(words, shape))
    return "×".join(map(str, shape))


def _wrong_rank(kind: str, ranks: tuple[int, ...], shape: Shape) -> str:
    if ranks == (1,):
        return f"{kind} takes a list of features, not {words(shape)} maps; insert Flatten above"
    if ranks == (3,):
        return f"{kind} takes maps (channels×height×width), not {words(shape)}"
    return f"{kind} takes a shape of {' or '.join(map(str, ranks))} numbers, not {words(shape)}"
