"""Equal blocks that follow each other: each stage of a ResNet is one block, many times."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from workbench.graph import Graph, Node, blocks_above


@dataclass(frozen=True, slots=True)
class Repeat:
    """Two or more blocks by path, from top to bottom: alike but for their names, each fed by the one above alone."""

    blocks: tuple[str, ...]


def repeats(graph: Graph) -> tuple[Repeat, ...]:
    """The runs of equal blocks, outer and inner ones. Linear in the nodes and the depth of their names."""
    return Repeats().of(graph)


class Repeats:
    """Finds the runs of one graph after the other; blocks that an edit leaves alone are not looked into again."""

    def __init__(self) -> None:
        self._looked_into: dict[str, _Look] = {}

    def of(self, graph: Graph) -> tuple[Repeat, ...]:
        """What `repeats` gives."""
        members = _members(graph)
        siblings: dict[str, list[str]] = {}
        for path, nodes in members.items():
            if len(nodes) > 1:
                siblings.setdefault(path.rpartition(".")[0], []).append(path)
        looked_into: dict[str, _Look] = {}
        found: list[Repeat] = []
        for paths in siblings.values():
            run: list[str] = []
            above: _Look | None = None
            for path in paths:
                look = self._looked_into.get(path)
                if look is None or look.nodes != members[path]:
                    look = _look(path, members[path])
                if above is not None and look.built == above.built:
                    # The very same object: compared in no time after the next edit.
                    look = look._replace(built=above.built)
                looked_into[path] = look
                if above is None or look.built is None or look.built is not above.built or look.source != above.last:
                    found += _kept(run)
                    run = []
                run.append(path)
                above = look
            found += _kept(run)
        self._looked_into = looked_into
        return tuple(found)


_Fed = tuple[Node, tuple[str, ...]]
"""A node with the names of what feeds it."""


class _Look(NamedTuple):
    """A block's nodes, how they are built, names of their own left out, and what alone feeds them.

    ``built`` is None where several things feed them.
    """

    nodes: list[_Fed]
    built: list[tuple[Any, ...]] | None
    source: str

    @property
    def last(self) -> str:
        return self.nodes[-1][0].name


def _members(graph: Graph) -> dict[str, list[_Fed]]:
    """The nodes of each block by its path."""
    members: dict[str, list[_Fed]] = {}
    above = graph.inputs[0].name
    for node in graph.nodes:
        fed = node, node.inputs or (above,)
        above = node.name
        for path in blocks_above(above):
            members.setdefault(path, []).append(fed)
    return members


def _kept(run: Sequence[str]) -> list[Repeat]:
    return [Repeat(tuple(run))] if len(run) > 1 else []


def _look(path: str, nodes: list[_Fed]) -> _Look:
    inside = {node.name: node.name[len(path) :] for node, _ in nodes}
    outside: set[str] = set()
    built = []
    for node, sources in nodes:
        outside.update([source for source in sources if source not in inside])
        shares = inside.get(node.shares, node.shares) if node.shares else None
        taken = tuple([inside.get(source, "") for source in sources])
        built.append((inside[node.name], node.kind, node.arguments, taken, shares))
    return _Look(nodes, built, outside.pop()) if len(outside) == 1 else _Look(nodes, None, "")


def folded(found: Sequence[Repeat], names: frozenset[str]) -> Mapping[str, Repeat]:
    """The runs that are folded, by each of their blocks: those that one of the names belongs to."""
    return {block: repeat for repeat in found if names.intersection(repeat.blocks) for block in repeat.blocks}
