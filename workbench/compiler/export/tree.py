"""A graph as the tree of modules its names spell, and which parts of it can be classes with a forward of their own."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from workbench.compiler.analysis import Analysis
from workbench.graph import Graph, Node
from workbench.layers import Layer, layer

_POSITIONAL = ("in_channels", "out_channels", "in_features", "out_features", "num_features")


@dataclass(eq=False)
class Leaf:
    """A node as a statement: the module it makes (none where it shares another's), and what it takes."""

    name: str
    node: Node
    owner: str
    sources: tuple[str, ...]
    constructor: str = ""
    arguments: tuple[tuple[str, Any], ...] = ()

    @property
    def makes(self) -> bool:
        return bool(self.constructor)

    @property
    def result(self) -> str:
        return self.node.name

    @property
    def values(self) -> list[Any]:
        return [value for _, value in self.arguments]

    @property
    def nodes(self) -> tuple[str, ...]:
        return (self.node.name,)

    def texts(self, values: list[str]) -> list[str]:
        """The constructor's arguments with these expressions in place of the values."""
        return [
            text if name in _POSITIONAL else f"{name}={text}"
            for (name, _), text in zip(self.arguments, values, strict=True)
        ]


@dataclass(eq=False)
class Container:
    """Nodes under one path. A ``unit`` has one result and can be called; others only hold their children."""

    name: str
    path: str
    template: str
    children: list[Leaf | Container] = field(default_factory=list)
    sources: tuple[str, ...] = ()
    result: str = ""
    unit: bool = False

    @cached_property
    def values(self) -> list[Any]:
        """The constructor values of every leaf below, in order."""
        return [value for child in self.children for value in child.values]

    @cached_property
    def nodes(self) -> tuple[str, ...]:
        return tuple(name for child in self.children for name in child.nodes)

    @cached_property
    def sequential(self) -> bool:
        """Whether it is what `nn.Sequential` makes: children 0, 1, … each taking what the one before gives."""
        if not self.unit or len(self.sources) != 1:
            return False
        last = self.sources[0]
        for index, child in enumerate(self.children):
            callable_ = child.makes if isinstance(child, Leaf) else child.unit
            if child.name != str(index) or not callable_ or child.sources != (last,):
                return False
            last = child.result
        return last == self.result

    @cached_property
    def signature(self) -> str:
        """Equal for containers whose code differs in numbers only."""
        place = {source: f"input {index}" for index, source in enumerate(self.sources)}
        return repr((self.unit, self._shape(place)))

    def _shape(self, place: dict[str, str]) -> Any:
        rows: list[Any] = []
        for child in self.children:
            sources = tuple(place.get(source, self._relative(source)) for source in child.sources)
            if isinstance(child, Leaf):
                names = tuple(name for name, _ in child.arguments)
                rows.append((child.name, self._relative(child.owner), child.constructor, names, sources))
            else:
                rows.append((child.name, sources, child.template, child.signature))
        return (tuple(rows), self._relative(self.result))

    def _relative(self, name: str) -> str:
        return name.removeprefix(f"{self.path}.") if self.path else name


def tree_of(graph: Graph, analysis: Analysis) -> Container:
    """The tree with the whole network at its root."""
    leaves = {
        node.name: _leaf(graph, node, report.inputs) for node, report in zip(graph.nodes, analysis.layers, strict=True)
    }
    templates = {block.name: block.template for block in graph.blocks}
    root = Container("", "", "", sources=tuple(entry.name for entry in graph.inputs), unit=True)
    known = {"": root}
    for node in graph.nodes:
        parent, path = root, ""
        for segment in node.name.split(".")[:-1]:
            path = f"{path}.{segment}" if path else segment
            if path not in known:
                known[path] = Container(segment, path, templates.get(path, ""))
                parent.children.append(known[path])
            parent = known[path]
        parent.children.append(leaves[node.name])
    for container in known.values():
        if container is not root:
            _find_ends(container, graph)
    return root


def statements(container: Container) -> list[Leaf | Container]:
    """The calls of a container's forward in an order in which each finds what it takes."""
    waiting = list(_calls(container))
    given = {name for call in waiting for name in (call.result,)}
    ready: set[str] = set()
    ordered: list[Leaf | Container] = []
    while waiting:
        call = next(call for call in waiting if all(s in ready or s not in given for s in call.sources))
        waiting.remove(call)
        ordered.append(call)
        ready.add(call.result)
    return ordered


def _calls(container: Container) -> Iterator[Leaf | Container]:
    for child in container.children:
        if isinstance(child, Container) and not child.unit:
            yield from _calls(child)
        else:
            yield child


def _leaf(graph: Graph, node: Node, shapes: tuple[Any, ...]) -> Leaf:
    name = node.name.rpartition(".")[2]
    if node.shares:
        return Leaf(name, node, node.shares, graph.sources(node))
    entry = layer(node.kind)
    constructor = entry.module_class or f"nn.{entry.kind}"
    return Leaf(name, node, node.name, graph.sources(node), constructor, _arguments(entry, node, shapes))


def _arguments(entry: Layer, node: Node, shapes: tuple[Any, ...]) -> tuple[tuple[str, Any], ...]:
    """The constructor's arguments that differ from the class's own defaults, in the class's order."""
    from torch import nn

    from workbench.layers import modules

    made_by = getattr(modules, entry.module_class) if entry.module_class else getattr(nn, entry.kind)
    given = entry.constructor(node.arguments, shapes)
    found = []
    for name, parameter in inspect.signature(made_by.__init__).parameters.items():
        if name in given and (given[name] != parameter.default or type(given[name]) is not type(parameter.default)):
            if parameter.default is None and given[name] is None:
                continue
            found.append((name, given[name]))
    return tuple(found)


def _find_ends(container: Container, graph: Graph) -> None:
    members = set(container.nodes)
    nodes = [node for node in graph.nodes if node.name in members]
    container.sources = tuple(dict.fromkeys(s for node in nodes for s in graph.sources(node) if s not in members))
    wanted = {output.node for output in graph.results}
    results = [
        node.name
        for node in nodes
        if node.name in wanted or any(user not in members for user in graph.consumers.get(node.name, ()))
    ]
    shared = any((node.shares or node.name) not in members for node in nodes) or any(
        node.shares in members and node.name not in members for node in graph.nodes
    )
    container.unit = len(results) == 1 and not shared and _is_convex(members, graph)
    container.result = results[0] if container.unit else ""


def _is_convex(members: set[str], graph: Graph) -> bool:
    """Whether nothing outside stands between two members: only then can they be called at once."""
    beyond: set[str] = set()
    for node in graph.nodes:
        sources = graph.sources(node)
        if node.name in members:
            if any(source in beyond for source in sources):
                return False
        elif any(source in members or source in beyond for source in sources):
            beyond.add(node.name)
    return True
