"""What can be known of a network without running it: shapes, parameters, costs, problems."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from workbench.compiler.figures import UNKNOWN, Figures, figures
from workbench.compiler.problems import Problem, edge_problem, loose_ends
from workbench.compiler.receptive_field import ONE_PIXEL, ReceptiveField, joined, seen_through
from workbench.graph import Arguments, Graph, Node, inference_graph
from workbench.layers import TensorShape, layer


@dataclass(frozen=True, slots=True)
class LayerReport:
    """One node's figures, for one example.

    ``output`` is None where the node cannot run. ``parameters`` is 0 where the node shares another's weights.
    ``activation_bytes`` is its output in 32-bit numbers; ``dense_parameters`` what a dense layer doing the same map
    would need, a weight from every value to every value and a bias for each.
    """

    name: str
    kind: str
    inputs: tuple[TensorShape | None, ...]
    output: TensorShape | None
    parameters: int
    macs: int
    receptive_field: ReceptiveField | None
    activation_bytes: int
    dense_parameters: int


@dataclass(frozen=True)
class Analysis:
    """A network's figures, layer by layer and in all."""

    graph: Graph
    layers: tuple[LayerReport, ...]
    problems: tuple[Problem, ...]

    @cached_property
    def by_name(self) -> dict[str, LayerReport]:
        return {report.name: report for report in self.layers}

    @cached_property
    def parameters(self) -> int:
        """Weights of the whole network, those that several nodes share counted once."""
        return sum(report.parameters for report in self.layers)

    @cached_property
    def macs(self) -> int:
        """Multiply-adds of convolutions and dense layers for one example, as torch's flop counter counts them."""
        return sum(report.macs for report in self.layers)

    @cached_property
    def activation_bytes(self) -> int:
        """Bytes of every layer's output for one example, in 32-bit numbers."""
        return sum(report.activation_bytes for report in self.layers)

    @cached_property
    def dense_parameters(self) -> int:
        """What a network of dense layers would need in place of the layers that multiply by weights."""
        return sum(report.dense_parameters for report in self.layers if report.macs)

    @cached_property
    def receptive_field(self) -> ReceptiveField | None:
        """How much of the input a value of the last map has seen; a map that global pooling left does not count."""
        maps = [report for report in self.inference().layers if report.output is not None and len(report.output) == 3]
        last = None
        for report in reversed(maps):
            field, output = report.receptive_field, report.output
            if field is not None and output is not None:
                last = last or field
                if not field.whole or output[1:] != (1, 1):
                    return field
        return last

    @property
    def runs(self) -> bool:
        """Whether the network can be compiled and run."""
        return not any(problem.severity == "error" for problem in self.problems)

    def inference(self) -> Analysis:
        """The figures of what is left after training: without outputs that only training sees."""
        kept = inference_graph(self.graph)
        return self if kept is self.graph else analyse(kept)


def analyse(graph: Graph) -> Analysis:
    """The network's figures and problems. Never raises: an unfinished graph is an editor's normal state."""
    global _remembered
    latest, before = _remembered
    if latest is not None and latest.graph is graph:
        return latest
    entries: dict[str, _Entry] = {}
    values: dict[str, _Value] = {
        entry.name: (entry.shape, ONE_PIXEL if len(entry.shape) == 3 else None) for entry in graph.inputs
    }
    used: set[str] = set()
    above = graph.inputs[0].name
    for node in graph.nodes:
        sources = node.inputs or (above,)
        above = name = node.name
        used.update(sources)
        taken = tuple([values[source] for source in sources])
        entry = before.get(name)
        # Most nodes are the same objects as before the edit; comparing by value is for the others.
        if entry is None or entry.taken != taken or (entry.node is not node and entry.node != node) or node.shares:
            entry = _entry(node, taken, entries[node.shares] if node.shares else None)
        entries[name] = entry
        values[name] = entry.given
    problems = [edge_problem(graph, e.node, e.report.inputs, e.refusal) for e in entries.values() if e.refusal]
    problems += loose_ends(graph, {result.node: values[result.node][0] for result in graph.results}, used)
    found = Analysis(graph, tuple([entry.report for entry in entries.values()]), tuple(problems))
    _remembered = found, entries
    return found


_Value = tuple[TensorShape | None, ReceptiveField | None]


class _Entry(NamedTuple):
    """What was found out about a node, and all that it was found out from."""

    node: Node
    taken: tuple[_Value, ...]
    given: _Value
    report: LayerReport
    refusal: str


_remembered: tuple[Analysis | None, dict[str, _Entry]] = (None, {})
"""What was found last, and of which nodes: several ask for the same graph, and the next one differs little from it."""


def _entry(node: Node, taken: tuple[_Value, ...], owner: _Entry | None) -> _Entry:
    shapes = tuple([shape for shape, _ in taken])
    arguments = node.arguments if owner is None else owner.node.arguments
    found = UNKNOWN if None in shapes else figures(node.kind, arguments, shapes)
    if owner is not None and found.output is not None and owner.report.output is not None:
        found = _with_weights_of(owner.report, arguments, shapes, found)
    field = None if found.output is None else seen_through(found.looks, joined(taken), shapes[0])
    report = LayerReport(
        node.name, node.kind, shapes, found.output, 0 if owner else found.parameters, found.macs, field,
        found.activation_bytes, found.dense_parameters,
    )  # fmt: skip
    return _Entry(node, taken, (found.output, field), report, found.refusal)


def _with_weights_of(owner: LayerReport, arguments: Arguments, shapes: tuple[Any, ...], found: Figures) -> Figures:
    """The figures of a node that runs another's module, which was made for the shapes that come to that one."""
    entry = layer(owner.kind)
    made, wanted = entry.constructor(arguments, owner.inputs), entry.constructor(arguments, shapes)
    if made == wanted:
        return found
    name = next(name for name in made if made[name] != wanted[name])
    refusal = f"it shares the weights of '{owner.name}', made for {name} = {made[name]}, but {wanted[name]} come here"
    return Figures(None, refusal=refusal)
