"""What is on the table: the graph with its closed blocks as one card each."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from workbench.graph import Graph, blocks_above, inference_graph
from workbench.gui.editor.repeats import Repeat


class Entry(NamedTuple):
    """One card: an input, a node, a closed block or equal blocks folded to one.

    ``nodes`` are the names of the nodes it stands for, ``blocks`` those of the blocks that are folded.
    """

    name: str
    kind: str
    nodes: tuple[str, ...]
    is_block: bool = False
    is_input: bool = False
    blocks: tuple[str, ...] = ()

    @property
    def chosen(self) -> tuple[str, ...]:
        """What is selected with the card."""
        return self.blocks or (self.name,)

    @property
    def last(self) -> str:
        """The node or input that the card's value comes from."""
        return self.nodes[-1] if self.nodes else self.name


@dataclass(frozen=True)
class Outline:
    """The cards from top to bottom and the edges between them, ``(from, to)`` by name.

    ``frames`` are the blocks that stand open, with the cards inside each; ``aside`` are the cards that only training
    needs, such as an auxiliary head's.
    """

    entries: tuple[Entry, ...]
    edges: tuple[tuple[str, str], ...]
    frames: tuple[tuple[str, tuple[str, ...]], ...]
    aside: frozenset[str] = frozenset()

    @cached_property
    def by_name(self) -> dict[str, Entry]:
        return {entry.name: entry for entry in self.entries}

    @cached_property
    def card_of(self) -> dict[str, str]:
        """The card that stands for each node, input, closed block and folded block."""
        found = {inner: entry.name for entry in self.entries for inner in (*entry.nodes, *entry.blocks)}
        return found | {entry.name: entry.name for entry in self.entries}

    def cards_of(self, name: str) -> tuple[str, ...]:
        """The card that stands for this; of a block that stands open, all cards in it."""
        return (self.card_of[name],) if name in self.card_of else dict(self.frames).get(name, ())


def blocks_of(graph: Graph) -> tuple[str, ...]:
    """Every path that holds more than one node, outer ones first."""
    counts: dict[str, int] = {}
    for node in graph.nodes:
        for path in blocks_above(node.name):
            counts[path] = counts.get(path, 0) + 1
    return tuple(sorted((path for path, count in counts.items() if count > 1), key=lambda path: path.count(".")))


def first_closed(graph: Graph, most: int = 40) -> frozenset[str]:
    """Which blocks are closed when a network is opened: those that templates made, where there are many cards."""
    if len(graph.nodes) <= most:
        return frozenset()
    made = {block.name for block in graph.blocks if block.template}
    return frozenset(made) or frozenset(path for path in blocks_of(graph) if "." in path)


def have_same_outline(graph: Graph, other: Graph) -> bool:
    """Whether two graphs have the same cards and lines: they differ in arguments and the inputs' shapes at most."""
    return graph is other or (
        len(graph.nodes) == len(other.nodes)
        and all(
            a is b or (a.name, a.kind, a.inputs) == (b.name, b.kind, b.inputs)
            for a, b in zip(graph.nodes, other.nodes, strict=True)
        )
        and [entry.name for entry in graph.inputs] == [entry.name for entry in other.inputs]
        and graph.outputs == other.outputs
        and [(block.name, block.template) for block in graph.blocks]
        == [(block.name, block.template) for block in other.blocks]
    )


def outline(graph: Graph, closed: Collection[str], folded: Mapping[str, Repeat] | None = None) -> Outline:
    """The cards of a graph. A closed block whose values leave it half way stays one card all the same.

    ``folded`` has runs of equal blocks that are one card each, by each of their blocks; its name is the first one's.
    """
    folded = folded or {}
    shut = frozenset(closed) | folded.keys()
    holder: dict[str, str] = {}
    members: dict[str, list[str]] = {}
    for node in graph.nodes:
        path = name = node.name
        if not shut.isdisjoint(blocks_above(name)):
            path = next(path for path in blocks_above(name) if path in shut)
        holder[name] = folded[path].blocks[0] if path in folded else path
        members.setdefault(holder[name], []).append(name)
    entries = [Entry(entry.name, "Input", (), is_input=True) for entry in graph.inputs]
    for name, nodes in members.items():
        if name in graph:
            entries.append(_entry_of_node(name, graph.by_name[name].kind))
        else:
            block = graph.block_of(name)
            kind, blocks = block.template if block else "", folded[name].blocks if name in folded else ()
            entries.append(Entry(name, kind, tuple(nodes), is_block=True, blocks=blocks))
    edges: dict[tuple[str, str], None] = {}
    above = graph.inputs[0].name
    for node in graph.nodes:
        lower = holder[node.name]
        for source in node.inputs or (above,):
            upper = holder.get(source, source)
            if upper != lower:
                edges[upper, lower] = None
        above = node.name
    frames: dict[str, list[str]] = {}
    for entry in entries:
        for path in blocks_above(entry.name):
            frames.setdefault(path, []).append(entry.name)
    recorded = {block.name for block in graph.blocks}
    shown = tuple(
        (path, tuple(names)) for path, names in frames.items() if len(names) > 1 and (path in recorded or "." in path)
    )
    kept = inference_graph(graph)
    aside = frozenset(members) - {holder[node.name] for node in kept.nodes} if kept is not graph else frozenset()
    return Outline(tuple(entries), tuple(edges), shown, aside)


@lru_cache(maxsize=65_536)
def _entry_of_node(name: str, kind: str) -> Entry:
    """Remembered: most cards are the same after an edit, and who compares them is quick."""
    return Entry(name, kind, (name,))
