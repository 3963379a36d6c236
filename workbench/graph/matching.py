"""Which node of one graph is which of another: after an edit, or between two networks of one family.

Nodes are paired in the order of the stack so that as much as possible fits (a longest common subsequence whose
pairs weigh more the more they agree: Needleman and Wunsch 1970). A name alone would not do: where layers are numbered,
one layer put in between gives every later one another number. What fits only across that order has moved.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from workbench.graph.arguments import Arguments
from workbench.graph.graph import Graph, Node

INPUT = "Input"
"""The kind under which an input of the network is matched, its shape being its argument."""

_ALL, _LIKE, _NAMED, _HALF = 8, 5, 4, 1
"""What a pair weighs: name, kind and arguments agree; all but the name; name and kind; only the kind or the name."""

_MOST_CELLS = 1_500_000
"""Above so many pairs names decide alone: weighing them all would take longer than a person wants to wait."""


@dataclass(frozen=True)
class Matching:
    """``pairs`` of names, of inputs and nodes, in the first graph's order; ``moved`` are those that changed the order.

    ``removed`` are names that only the first graph has, ``added`` those that only the second has. ``rewired`` are the
    pairs that take something else than before; what is taken through layers that came or went counts as the same.
    """

    pairs: tuple[tuple[str, str], ...]
    moved: frozenset[tuple[str, str]]
    removed: tuple[str, ...]
    added: tuple[str, ...]
    rewired: frozenset[tuple[str, str]]

    @cached_property
    def after(self) -> Mapping[str, str]:
        """The second graph's name for each that the first has as well."""
        return dict(self.pairs)

    @cached_property
    def before(self) -> Mapping[str, str]:
        """The first graph's name for each that the second has as well."""
        return {after: before for before, after in self.pairs}


def match(before: Graph, after: Graph) -> Matching:
    """Pair the nodes of two graphs. Equal graphs give every node paired with itself and nothing else."""
    first, second = _things(before), _things(after)
    ordered = _in_order(first, second)
    ordered += _in_place(first, second, dict(ordered))
    moved = _across(first, second, ordered)
    partner = dict([*ordered, *moved])
    taken = set(partner.values())
    pairs = tuple((first[i].name, second[partner[i]].name) for i in range(len(first)) if i in partner)
    crossing = frozenset((first[i].name, second[j].name) for i, j in moved)
    return Matching(
        pairs,
        crossing,
        tuple(thing.name for i, thing in enumerate(first) if i not in partner),
        tuple(thing.name for j, thing in enumerate(second) if j not in taken),
        _rewired(before, after, pairs, crossing),
    )


def _things(graph: Graph) -> list[Node]:
    """The inputs and the nodes, all as nodes."""
    return [Node(entry.name, INPUT, Arguments(shape=entry.shape)) for entry in graph.inputs] + list(graph.nodes)


def _in_order(first: Sequence[Node], second: Sequence[Node]) -> list[tuple[int, int]]:
    """Pairs of places, rising on both sides."""
    start, shorter = 0, min(len(first), len(second))
    while start < shorter and _alike(first[start], second[start]):
        start += 1
    end = 0
    while end < shorter - start and _alike(first[-1 - end], second[-1 - end]):
        end += 1
    left, right = first[start : len(first) - end], second[start : len(second) - end]
    inner = _heaviest(left, right) if len(left) * len(right) <= _MOST_CELLS else _by_name(left, right)
    pairs = [(place, place) for place in range(start)]
    pairs += [(start + i, start + j) for i, j in inner]
    return pairs + [(len(first) - back, len(second) - back) for back in range(end, 0, -1)]


def _alike(one: Node, other: Node) -> bool:
    return one.name == other.name and _same(one, other)


def _is_numbered(node: Node) -> bool:
    """Whether the name ends in a number, which tells a place and no layer."""
    return node.name.rpartition(".")[2].isdigit()


def _same(one: Node, other: Node) -> bool:
    return one.kind == other.kind and one.arguments == other.arguments and one.shares == other.shares


def _heaviest(first: Sequence[Node], second: Sequence[Node]) -> list[tuple[int, int]]:
    """The pairs, in order, that weigh most together."""
    weights: dict[tuple[str, Arguments, str | None], list[int]] = {}
    names = {node.name: j for j, node in enumerate(second)}
    table = [[0] * (len(second) + 1)]
    rows = []
    for node in first:
        key = (node.kind, node.arguments, node.shares)
        if key not in weights:
            weights[key] = [_LIKE if _same(node, o) else _HALF if o.kind == node.kind else 0 for o in second]
        row = weights[key]
        namesake = names.get(node.name)
        if namesake is not None:
            row = row.copy()
            otherwise = 0 if _is_numbered(node) else _HALF
            row[namesake] = {_LIKE: _ALL, _HALF: _NAMED, 0: otherwise}[row[namesake]]
        rows.append(row)
        above, best, line = table[-1], 0, [0]
        for j, weight in enumerate(row):
            passed = above[j + 1]
            if passed > best:
                best = passed
            if weight and above[j] + weight > best:
                best = above[j] + weight
            line.append(best)
        table.append(line)
    pairs, i, j = [], len(first), len(second)
    while i and j:
        here = table[i][j]
        if here == table[i - 1][j]:
            i -= 1
        elif here == table[i][j - 1]:
            j -= 1
        else:
            i, j = i - 1, j - 1
            pairs.append((i, j))
    return pairs[::-1]


def _by_name(first: Sequence[Node], second: Sequence[Node]) -> list[tuple[int, int]]:
    """The longest rising row of pairs of one name and kind."""
    places = {(node.name, node.kind): j for j, node in enumerate(second)}
    found = [(i, places[key]) for i, node in enumerate(first) if (key := (node.name, node.kind)) in places]
    ends: list[int] = []
    last: list[int] = []
    before: list[int | None] = []
    for at, (_, j) in enumerate(found):
        length = bisect_left(ends, j)
        before.append(last[length - 1] if length else None)
        ends[length:], last[length:] = [j, *ends[length + 1 :]], [at, *last[length + 1 :]]
    chain, step = [], last[-1] if last else None
    while step is not None:
        chain.append(found[step])
        step = before[step]
    return chain[::-1]


def _in_place(first: Sequence[Node], second: Sequence[Node], partner: Mapping[int, int]) -> list[tuple[int, int]]:
    """Pairs of one name that stand alone between the same neighbours: a layer made into another kind."""
    taken = set(partner.values())
    found = []
    for i in range(1, len(first)):
        j = partner.get(i - 1, -2) + 1
        if i in partner or j in taken or not 0 < j < len(second) or first[i].name != second[j].name:
            continue
        if partner.get(i + 1, len(second)) == j + 1:
            found.append((i, j))
    return found


def _across(first: Sequence[Node], second: Sequence[Node], ordered: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Pairs among what is left that are one layer all the same, elsewhere in the stack; inputs by their order."""
    left = dict(ordered)
    right = set(left.values())
    free = {node.name: j for j, node in enumerate(second) if j not in right}
    pairs = []
    for i, node in enumerate(first):
        j = None if i in left else free.get(node.name)
        if j is None or node.kind != second[j].kind:
            continue
        if not _is_numbered(node) or _same(node, second[j]):
            pairs.append((i, free.pop(node.name)))
    found = {i for i, _ in pairs}
    inputs = [i for i, node in enumerate(first) if node.kind == INPUT and i not in left and i not in found]
    others = [j for j in free.values() if second[j].kind == INPUT]
    return pairs + list(zip(inputs, others, strict=False))


def _rewired(
    before: Graph, after: Graph, pairs: Iterable[tuple[str, str]], moved: frozenset[tuple[str, str]]
) -> frozenset[tuple[str, str]]:
    standing = [pair for pair in pairs if pair not in moved]
    renamed = dict(standing)
    was = _reaching(before, set(renamed))
    now = _reaching(after, set(renamed.values()))
    found = []
    for old, new in standing:
        if old not in before or new not in after:
            continue
        took = [frozenset(renamed[name] for name in was[source]) for source in before.sources(before.by_name[old])]
        takes = [now[source] for source in after.sources(after.by_name[new])]
        apart = any(a.isdisjoint(b) for a, b in zip(took, takes, strict=False))
        if len(took) != len(takes) or (apart and took != takes):
            found.append((old, new))
    return frozenset(found)


def _reaching(graph: Graph, standing: set[str]) -> dict[str, frozenset[str]]:
    """For each node the standing ones whose values reach it through others; for a standing one itself."""
    found = {entry.name: frozenset({entry.name} & standing) for entry in graph.inputs}
    for node in graph.nodes:
        if node.name in standing:
            found[node.name] = frozenset({node.name})
        else:
            found[node.name] = frozenset().union(*(found[source] for source in graph.sources(node)))
    return found
