"""Writes a graph down from top to bottom, as presets and block templates do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from workbench.graph.arguments import Arguments
from workbench.graph.graph import Block, Graph, Input, Node, Output, Shape


class Builder:
    """Collects nodes in order; every method that adds one returns its name, to be used as an input.

    >>> b = Builder((1, 28, 28))
    >>> b.add("conv1", "Conv2d", out_channels=6, kernel_size=5)
    'conv1'
    >>> b.build("tiny").nodes[0].kind
    'Conv2d'
    """

    def __init__(self, shape: Shape, input: str = "input") -> None:
        self.inputs = [Input(input, tuple(shape))]
        self.nodes: list[Node] = []
        self.outputs: list[Output] = []
        self.blocks: list[Block] = []
        self._prefix = ""

    @property
    def last(self) -> str:
        """The name of what was added last; the input while nothing was."""
        return self.nodes[-1].name if self.nodes else self.inputs[0].name

    def add(self, name: str, kind: str, *inputs: str, shares: str | None = None, **arguments: Any) -> str:
        """Add a node below the others. With no inputs it takes the node above."""
        full = self._prefix + name
        sources = () if inputs == (self.last,) else inputs
        self.nodes.append(Node(full, kind, Arguments(arguments), sources, shares))
        return full

    @contextmanager
    def block(self, name: str, template: str = "", **arguments: Any) -> Iterator[None]:
        """Everything added inside stands under this path, recorded as a block if a template made it."""
        outer, self._prefix = self._prefix, f"{self._prefix}{name}."
        if template:
            self.blocks.append(Block(self._prefix[:-1], template, Arguments(arguments)))
        try:
            yield
        finally:
            self._prefix = outer

    def output(self, name: str, node: str, weight: float = 1.0, training_only: bool = False) -> None:
        self.outputs.append(Output(name, node, weight, training_only))

    def build(self, name: str = "") -> Graph:
        return Graph(tuple(self.inputs), tuple(self.nodes), tuple(self.outputs), tuple(self.blocks), name)
