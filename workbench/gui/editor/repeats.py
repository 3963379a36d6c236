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
    members: dict[str, list[Node]] = {}
    for node in graph.nodes:
        for path in blocks_above(node.name):
            members.setdefault(path, []).append(node)
    siblings: dict[str, list[str]] = {}
    for path, nodes in members.items():
        if len(nodes) > 1:
            siblings.setdefault(path.rpartition(".")[0], []).append(path)
    found: list[Repeat] = []
    for paths in siblings.values():
        run: list[str] = []
        before: object = None
        for path in paths:
            built, source = _built(graph, path, members[path])
            if not run or built is None or built != before or source != members[run[-1]][-1].name:
                found += _kept(run)
                run = []
            run.append(path)
            before = built
        found += _kept(run)
    return tuple(found)


def _kept(run: Sequence[str]) -> list[Repeat]:
    return [Repeat(tuple(run))] if len(run) > 1 else []


def _built(graph: Graph, path: str, nodes: Sequence[Node]) -> tuple[list[tuple[Any, ...]] | None, str]:
    """How a block is built, names of its own left out, and what alone feeds it; None where several things do."""
    inside = {node.name: node.name[len(path) :] for node in nodes}
    outside: set[str] = set()
    built = []
    for node in nodes:
        sources = node.inputs or graph.sources(node)
        outside.update([source for source in sources if source not in inside])
        shares = inside.get(node.shares, node.shares) if node.shares else None
        taken = tuple([inside.get(source, "") for source in sources])
        built.append((inside[node.name], node.kind, node.arguments, taken, shares))
    return (built, outside.pop()) if len(outside) == 1 else (None, "")


def folded(found: Sequence[Repeat], names: frozenset[str]) -> Mapping[str, Repeat]:
    """The runs that are folded, by each of their blocks: those that one of the names belongs to."""
    return {block: repeat for repeat in found if names.intersection(repeat.blocks) for block in repeat.blocks}
