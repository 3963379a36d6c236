"""Equal blocks that follow each other: each stage of a ResNet is one block, many times."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workbench.graph import Graph, Node, blocks_above


@dataclass(frozen=True, slots=True)
class Repeat:
    """Two or more blocks by path, from top to bottom: alike but for their names, each fed by the one above alone."""

    blocks: tuple[str, ...]


def repeats(graph: Graph) -> tuple[Repeat, ...]:
    """The runs of equal blocks, outer and inner ones. Linear in the nodes and the depth of their names."""
    global _remembered
    members: dict[str, list[_Fed]] = {}
    above = graph.inputs[0].name
    for node in graph.nodes:
        fed = node, node.inputs or (above,)
        above = node.name
        for path in blocks_above(above):
            members.setdefault(path, []).append(fed)
    made: dict[str, tuple[list[_Fed], _Built, str]] = {}
    siblings: dict[str, list[str]] = {}
    for path, nodes in members.items():
        if len(nodes) > 1:
            siblings.setdefault(path.rpartition(".")[0], []).append(path)
    found: list[Repeat] = []
    for paths in siblings.values():
        run: list[str] = []
        before: _Built = None
        for path in paths:
            nodes, built, source = _remembered.get(path, ([], None, ""))
            if nodes != members[path]:
                built, source = _built(path, members[path])
            if built == before:
                built = before
            made[path] = members[path], built, source
            if not run or built is None or built is not before or source != members[run[-1]][-1][0].name:
                found += _kept(run)
                run = []
            run.append(path)
            before = built
        found += _kept(run)
    _remembered = made
    return tuple(found)


_Fed = tuple[Node, tuple[str, ...]]
"""A node with the names of what feeds it."""

_Built = list[tuple[Any, ...]] | None
"""How the nodes of a block are built, names of their own left out; None where several things feed it."""

_remembered: dict[str, tuple[list[_Fed], _Built, str]] = {}
"""What each block was made of the last time and what was found out about it: an edit leaves most of them alone."""


def _kept(run: Sequence[str]) -> list[Repeat]:
    return [Repeat(tuple(run))] if len(run) > 1 else []


def _built(path: str, nodes: Sequence[_Fed]) -> tuple[_Built, str]:
    """How a block is built, and what alone feeds it."""
    inside = {node.name: node.name[len(path) :] for node, _ in nodes}
    outside: set[str] = set()
    built = []
    for node, sources in nodes:
        outside.update([source for source in sources if source not in inside])
        shares = inside.get(node.shares, node.shares) if node.shares else None
        taken = tuple([inside.get(source, "") for source in sources])
        built.append((inside[node.name], node.kind, node.arguments, taken, shares))
    return (built, outside.pop()) if len(outside) == 1 else (None, "")


def folded(found: Sequence[Repeat], names: frozenset[str]) -> Mapping[str, Repeat]:
    """The runs that are folded, by each of their blocks: those that one of the names belongs to."""
    return {block: repeat for repeat in found if names.intersection(repeat.blocks) for block in repeat.blocks}
