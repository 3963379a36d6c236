"""A layer where it stands in a network: what its explanation is made from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from workbench.compiler import LayerReport
from workbench.graph import Arguments, Graph, Shape
from workbench.inspection.arithmetic.values import Array, Made, Place
from workbench.layers import TensorShape, Values, layer


@dataclass(frozen=True, eq=False)
class Placed:
    """A node with its module, its arguments, and the shapes of one example that it takes and gives."""

    name: str
    kind: str
    arguments: Arguments
    module: Any
    sources: tuple[str, ...]
    taken: tuple[TensorShape, ...]
    given: TensorShape

    @cached_property
    def values(self) -> Values:
        """The arguments with every default filled in."""
        return layer(self.kind).values(self.arguments)

    @cached_property
    def origins(self) -> tuple[Array, ...]:
        """For a layer that only moves values: where in its flattened input each value of each output comes from.

        The layer itself is run on its input's positions, so that what torch does is what is told; −1 where it puts
        a zero.
        """
        shape = self.shape
        count = int(np.prod(shape))
        positions = torch.arange(1, count + 1, dtype=torch.float64).view(1, *shape)
        with torch.inference_mode():
            moved = self.module(positions)
        several = moved if isinstance(moved, tuple) else (moved,)
        return tuple(part[0].numpy().astype(np.int64) - 1 for part in several)

    @property
    def shape(self) -> Shape:
        """The shape of its first input, which is one tensor."""
        return self.taken[0]  # type: ignore[return-value]


@dataclass(frozen=True, eq=False)
class Moment:
    """A network that has run one picture.

    ``modules`` are by the name of the node that runs them, ``outputs`` ``(1, ...)`` by the name of the node or input
    that gave them. Of a large network only some outputs may be there. ``reports`` are `analyse`'s, by name.
    """

    graph: Graph
    modules: Mapping[str, nn.Module]
    outputs: Mapping[str, Any]
    reports: Mapping[str, LayerReport]
    _placed: dict[str, Placed] = field(default_factory=dict)

    def placed(self, name: str) -> Placed:
        """A node where it stands. Raises `KeyError` where it could not run."""
        found = self._placed.get(name)
        if found is None:
            node, report = self.graph.node(name), self.reports[name]
            if report.output is None or any(shape is None for shape in report.inputs):
                raise KeyError(name)
            owner = self.graph.node(node.shares) if node.shares else node
            taken: tuple[TensorShape, ...] = report.inputs  # type: ignore[assignment]
            sources = self.graph.sources(node)
            found = Placed(name, node.kind, owner.arguments, self.modules[name], sources, taken, report.output)
            self._placed[name] = found
        return found

    def output(self, name: str, part: int = 0) -> Tensor:
        """What a node or input gave, without the batch."""
        value = self.outputs[name]
        return value[part][0] if isinstance(value, tuple) else value[0]


Explain = Callable[[Placed, tuple[Any, ...], Place], Made]
"""How one value came about: from the layer, its inputs without the batch, and the value's place."""

Reach = Callable[[Placed, tuple[Array, ...]], tuple[Any, ...]]
"""Which values of each input some values of the outputs have seen; sets are bool arrays of the values' shapes.

Of an input of several tensors it gives a tuple of sets.
"""


@dataclass(frozen=True, slots=True)
class Kind:
    """How the values of one kind of layer come about, and what they have seen."""

    explain: Explain
    reach: Reach


def number(value: Tensor | float) -> float:
    return float(value.detach() if isinstance(value, Tensor) else value)


def numbers(values: Tensor) -> Array:
    """A copy in float64."""
    return values.detach().to("cpu", torch.float64).numpy()
