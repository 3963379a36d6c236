"""A block template: nodes made from a few arguments, recorded so that they can be made again with others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from workbench.graph import Arguments, Builder, Field, FieldError, Graph, Value
from workbench.layers.layer import Values

Build = Callable[..., str]
"""``build(builder, source, **values)`` adds nodes and returns the name of the one that is the block's output."""


@dataclass(frozen=True)
class Template:
    """A recipe for a block: its arguments, and a function that adds its nodes below ``source``."""

    name: str
    help: str
    fields: tuple[Field, ...]
    build: Build

    def check(self, arguments: Mapping[str, Any]) -> Arguments:
        """The arguments in canonical form; raises `FieldError` for one unknown, missing or out of bounds."""
        known = {entry.name: entry for entry in self.fields}
        checked: dict[str, Value] = {}
        for name, value in arguments.items():
            if name not in known:
                raise FieldError(f"{name[:60]}: {self.name} has no such argument; it has {', '.join(known)}")
            checked[name] = known[name].check(value)
        for entry in self.fields:
            if entry.required and entry.name not in checked:
                raise FieldError(f"{entry.name}: {self.name} needs it ({entry.expectation})")
        return Arguments(checked)

    def values(self, arguments: Mapping[str, Any]) -> Values:
        """The arguments with every default filled in; raises `FieldError` as `check` does."""
        checked = self.check(arguments)
        return {entry.name: checked.get(entry.name, entry.default) for entry in self.fields}

    def add(self, builder: Builder, name: str, source: str, **arguments: Any) -> str:
        """Add the block under a path of the builder; returns the name of its output."""
        checked = self.check(arguments)
        with builder.block(name, self.name, **checked):
            return self.build(builder, source, **self.values(checked))

    def make(self, arguments: Mapping[str, Any]) -> Graph:
        """The block as a graph of its own: its input is called 'input', its last node is what it gives.

        The input's shape stands for nothing; the block takes any that its layers take.
        """
        builder = Builder((1, 1, 1))
        result = self.build(builder, "input", **self.values(arguments))
        if result != builder.last:
            builder.output("output", result)
        return builder.build(self.name)
