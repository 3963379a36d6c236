"""Two networks beside each other: what was added, removed and changed, and what each of it costs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from workbench.compiler.analysis import Analysis, LayerReport, analyse
from workbench.compiler.differences import Change, Cost, Difference, Group, What
from workbench.compiler.receptive_field import ReceptiveField
from workbench.graph import FieldError, Graph, Matching, Node, Output, blocks_above, match
from workbench.layers import CATALOGUE, words

_OUTPUT = "Output"


@dataclass(frozen=True)
class Totals:
    """A whole network's figures: without what only training uses, but for ``training_parameters``."""

    parameters: int
    training_parameters: int
    macs: int
    activation_bytes: int
    receptive_field: ReceptiveField | None
    layers: int


@dataclass(frozen=True)
class Comparison:
    """``differences`` in the order of the stack; their costs add up to the difference of the two analyses' figures."""

    before: Analysis
    after: Analysis
    matching: Matching
    differences: tuple[Difference, ...]
    totals: tuple[Totals, Totals]

    @property
    def same(self) -> bool:
        """Whether the two mean the same network, down to the names."""
        return not self.differences

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """The differences for people: whole blocks as one, and last what is affected and what has another name."""
        found = list(_by_block(self.before.graph, self.after.graph, self.differences))
        for what in ("affected", "renamed"):
            members = tuple(d for d in self.differences if d.what == what)
            if members:
                found.append(Group(members[0].what, members[0].name if len(members) == 1 else "", members))
        return tuple(found)


def compare(before: Graph, after: Graph) -> Comparison:
    """Compare two graphs. Never raises: either may be unfinished, and what cannot run costs nothing.

    An argument left out and the same one written with its default do not differ.
    """
    left, right = analyse(before), analyse(after)
    matching = match(before, after)
    differences = (*_Sides(left, right, matching).differences(), *_outputs(before, after, matching))
    return Comparison(left, right, matching, differences, (_totals(left), _totals(right)))


class _Sides:
    """Both analyses by name, while differences are looked for."""

    def __init__(self, before: Analysis, after: Analysis, matching: Matching) -> None:
        self.before, self.after, self.matching = before, after, matching

    def differences(self) -> Iterator[Difference]:
        """In the second graph's order; what was removed stands where it would be."""
        gone = set(self.matching.removed)
        waiting = _names(self.before.graph)
        for name in _names(self.after.graph):
            old = self.matching.before.get(name)
            if old is None:
                yield self._one_sided("added", self.after, name)
                continue
            if old in waiting:
                at = waiting.index(old)
                yield from (self._one_sided("removed", self.before, n) for n in waiting[:at] if n in gone)
                gone.difference_update(waiting[:at])
                waiting = waiting[at + 1 :]
            found = self._pair(old, name)
            if found is not None:
                yield found
        yield from (self._one_sided("removed", self.before, n) for n in waiting if n in gone)

    def _one_sided(self, what: What, side: Analysis, name: str) -> Difference:
        report = side.by_name.get(name)
        kind = report.kind if report else "Input"
        field = report.receptive_field if report else None
        if what == "added":
            return Difference(what, None, name, kind, (), (Cost(), _cost(report)), (None, field))
        return Difference(what, name, None, kind, (), (_cost(report), Cost()), (field, None))

    def _pair(self, old: str, new: str) -> Difference | None:
        reports = self.before.by_name.get(old), self.after.by_name.get(new)
        costs = _cost(reports[0]), _cost(reports[1])
        changes = list(self._changes(old, new))
        what: What = "changed"
        if (old, new) in self.matching.moved:
            what = "moved"
            changes.append(Change("below", self._above(self.before.graph, old), self._above(self.after.graph, new)))
        elif not changes and (costs[0] != costs[1] or _outputs_differ(*reports)):
            what = "affected"
            changes.append(Change("input shape", _taken(reports[0]), _taken(reports[1])))
        elif not changes:
            what = "renamed"
        if old != new:
            changes.append(Change("name", old, new))
        if not changes:
            return None
        kind = reports[1].kind if reports[1] else "Input"
        fields = tuple(report.receptive_field if report else None for report in reports)
        return Difference(what, old, new, kind, tuple(changes), costs, (fields[0], fields[1]))

    def _changes(self, old: str, new: str) -> Iterator[Change]:
        before, after = self.before.graph, self.after.graph
        if new not in after:
            was = next(entry.shape for entry in before.inputs if entry.name == old)
            now = next(entry.shape for entry in after.inputs if entry.name == new)
            if was != now:
                yield Change("shape", was, now)
            return
        first, second = before.by_name[old], after.by_name[new]
        if first.kind != second.kind:
            yield Change("kind", first.kind, second.kind)
        else:
            yield from _arguments(first, second)
        owner = self.matching.after.get(first.shares, first.shares) if first.shares else None
        if owner != second.shares:
            yield Change("weights of", first.shares or old, second.shares or new)
        if (old, new) in self.matching.rewired:
            yield Change("inputs", before.sources(first), after.sources(second))

    def _above(self, graph: Graph, name: str) -> str:
        return ", ".join(graph.sources(graph.by_name[name])) if name in graph else ""


def _arguments(before: Node, after: Node) -> Iterator[Change]:
    was, now = _meant(before), _meant(after)
    for name in dict.fromkeys((*was, *now)):
        one, other = was.get(name), now.get(name)
        if one != other or type(one) is not type(other):
            yield Change(name, one, other)


def _meant(node: Node) -> dict[str, Any]:
    """The arguments with defaults filled in, where the layer would take them; of a node that shares, none."""
    if node.shares or node.kind not in CATALOGUE:
        return dict(node.arguments)
    try:
        return CATALOGUE[node.kind].values(node.arguments)
    except FieldError:
        return dict(node.arguments)


def _names(graph: Graph) -> list[str]:
    return [entry.name for entry in graph.inputs] + [node.name for node in graph.nodes]


def _cost(report: LayerReport | None) -> Cost:
    return Cost(report.parameters, report.macs, report.activation_bytes) if report else Cost()


def _outputs_differ(before: LayerReport | None, after: LayerReport | None) -> bool:
    return before is not None and after is not None and before.output != after.output


def _taken(report: LayerReport | None) -> str:
    return " and ".join(map(_shape, report.inputs)) if report else ""


def _shape(shape: Any) -> str:
    if shape is None:
        return "nothing that runs"
    return f"{len(shape)} tensors" if shape and isinstance(shape[0], tuple) else words(shape)


def _outputs(before: Graph, after: Graph, matching: Matching) -> Iterator[Difference]:
    """Named outputs that differ; the last node, where it is the output without being named, is none of them."""
    was = {output.name: output for output in before.outputs}
    now = {output.name: output for output in after.outputs}
    for name in dict.fromkeys((*was, *now)):
        old, new = was.get(name), now.get(name)
        if old is None or new is None:
            yield Difference("added", None, name, _OUTPUT) if new else Difference("removed", name, None, _OUTPUT)
            continue
        changes = tuple(_output_changes(old, new, matching))
        if changes:
            yield Difference("changed", name, name, _OUTPUT, changes)


def _output_changes(before: Output, after: Output, matching: Matching) -> Iterator[Change]:
    if matching.after.get(before.node) != after.node:
        yield Change("inputs", (before.node,), (after.node,))
    for name in ("weight", "training_only"):
        if getattr(before, name) != getattr(after, name):
            yield Change(name, getattr(before, name), getattr(after, name))


def _by_block(before: Graph, after: Graph, differences: Iterable[Difference]) -> Iterator[Group]:
    whole = {
        "added": _whole_blocks(after, {d.name for d in differences if d.what == "added"}),
        "removed": _whole_blocks(before, {d.name for d in differences if d.what == "removed"}),
    }
    open_group: list[Difference] = []
    block = what = ""
    for difference in differences:
        if difference.what in ("affected", "renamed"):
            continue
        within = "" if difference.kind == _OUTPUT else whole.get(difference.what, {}).get(difference.name, "")
        if open_group and (within, difference.what) != (block, what):
            yield Group(open_group[0].what, block, tuple(open_group))
            open_group = []
        if within:
            block, what = within, difference.what
            open_group.append(difference)
        else:
            yield Group(difference.what, difference.name, (difference,))
    if open_group:
        yield Group(open_group[0].what, block, tuple(open_group))


def _whole_blocks(graph: Graph, names: set[str]) -> dict[str, str]:
    """For each of the names the outermost block that holds nothing else, where it holds several."""
    paths = {node.name: blocks_above(node.name) for node in graph.nodes}
    mixed = {path for name, above in paths.items() if name not in names for path in above}
    sizes: dict[str, int] = {}
    for above in paths.values():
        for path in above:
            sizes[path] = sizes.get(path, 0) + 1
    found = {}
    for name in names:
        own = next((path for path in paths.get(name, ()) if path not in mixed and sizes[path] > 1), "")
        if own:
            found[name] = own
    return found


def _totals(analysis: Analysis) -> Totals:
    used = analysis.inference()
    return Totals(
        used.parameters,
        analysis.parameters,
        used.macs,
        used.activation_bytes,
        analysis.receptive_field,
        len(analysis.layers),
    )
