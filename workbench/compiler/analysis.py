"""What can be known of a network without running it: shapes, parameters, costs, problems."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import prod
from typing import Any, Literal

import torch

from workbench.compiler.receptive_field import ONE_PIXEL, ReceptiveField, joined
from workbench.graph import Arguments, FieldError, Graph, Node, inference_graph
from workbench.layers import WHOLE_MAP, TensorShape, Window, layer

MAX_LAYER_BYTES = 64 << 30
"""A layer larger than this is told by its size; it could be counted, but nobody can train it here."""

_LOCAL_KINDS = frozenset({"Convolution", "Pooling"})


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong at a node: what, and how to mend it. ``source`` names the edge it arrives by."""

    node: str | None
    message: str
    remedy: str = ""
    severity: Literal["error", "warning"] = "error"
    source: str | None = None


@dataclass(frozen=True, slots=True)
class LayerReport:
    """One node's figures, for one example.

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
        return sum(report.parameters for report in self.layers)

    @cached_property
    def macs(self) -> int:
        return sum(report.macs for report in self.layers)

    @cached_property
    def activation_bytes(self) -> int:
        """Bytes of every layer's output for one example, in 32-bit numbers."""
        return sum(report.activation_bytes for report in self.layers)

    @cached_property
    def dense_parameters(self) -> int:
        """What a network of dense layers would need in place of the layers that have weights."""
        return sum(report.dense_parameters for report in self.layers if report.macs)

    @property
    def receptive_field(self) -> ReceptiveField | None:
        """How much of the input a value of the last map has seen."""
        maps = [report for report in self.layers if _is_map(report.output)]
        return next((r.receptive_field for r in reversed(maps) if r.receptive_field is not None), None)

    @property
    def runs(self) -> bool:
        """Whether the network can be compiled and run."""
        return bool(self.layers) and not any(problem.severity == "error" for problem in self.problems)

    def inference(self) -> Analysis:
        """The figures of what is left after training: without outputs that only training sees."""
        kept = inference_graph(self.graph)
        return self if kept is self.graph else analyse(kept)


def analyse(graph: Graph) -> Analysis:
    """The network's figures and problems. Never raises: an unfinished graph is an editor's normal state.

    What an edit did not touch is taken from the analysis before: nodes are values, so the same object with the same
    inputs has the same figures.
    """
    global _last
    before, now = _last, {}
    known: dict[str, _Known] = {
        entry.name: _Known(entry.shape, ONE_PIXEL if len(entry.shape) == 3 else None) for entry in graph.inputs
    }
    reports, problems = [], []
    above = graph.inputs[0].name
    for node in graph.nodes:
        sources = node.inputs or (above,)
        above = node.name
        taken = tuple([known[source] for source in sources])
        row = before.get(node.name)
        if row is None or row.node is not node or row.taken != taken or node.shares:
            row = _examined(graph, node, taken)
        now[above] = row
        known[above] = row.given
        reports.append(row.report)
        if row.problem:
            problems.append(_problem(graph, node, sources, row.report.inputs, row.problem))
    _last = now
    return Analysis(graph, tuple(reports), tuple(problems + _loose_ends(graph, known)))


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of a value: its shape, and how much of the input it has seen."""

    shape: TensorShape | None
    field: ReceptiveField | None


@dataclass(frozen=True, slots=True)
class _Row:
    """A node's figures with all that they follow from."""

    node: Node
    taken: tuple[_Known, ...]
    given: _Known
    report: LayerReport
    problem: str


_last: dict[str, _Row] = {}


def _examined(graph: Graph, node: Node, taken: tuple[_Known, ...]) -> _Row:
    arguments = graph.by_name[node.shares].arguments if node.shares else node.arguments
    shapes = tuple(value.shape for value in taken)
    figures = _UNKNOWN if None in shapes else _figures(node.kind, arguments, shapes)
    field = None
    if figures.output is not None:
        field = _field_through(node.kind, arguments, joined([value.field for value in taken]), shapes[0])
    report = LayerReport(
        node.name, node.kind, shapes, figures.output, 0 if node.shares else figures.parameters, figures.macs, field,
        figures.activation_bytes, figures.dense_parameters,
    )  # fmt: skip
    return _Row(node, taken, _Known(figures.output, field), report, figures.problem)


def smallest_input(graph: Graph, limit: int = 1024) -> int | None:
    """The smallest square input, in pixels, that the network can take; None where none up to ``limit`` does."""
    from dataclasses import replace

    def fits(size: int) -> bool:
        inputs = tuple(replace(entry, shape=(entry.shape[0], size, size)) for entry in graph.inputs)
        return all(problem.severity != "error" for problem in _bare_problems(replace(graph, inputs=inputs)))

    if any(len(entry.shape) != 3 for entry in graph.inputs) or not fits(limit):
        return None
    low, high = 1, limit
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if fits(middle) else (middle + 1, high)
    return low


def _bare_problems(graph: Graph) -> list[Problem]:
    """Problems of shapes alone, as quickly as can be found out."""
    shapes: dict[str, TensorShape | None] = {entry.name: entry.shape for entry in graph.inputs}
    for node in graph.nodes:
        taken = tuple(shapes[source] for source in graph.sources(node))
        arguments = graph.by_name[node.shares].arguments if node.shares else node.arguments
        figures = _figures(node.kind, arguments, taken)
        if figures.problem:
            return [Problem(node.name, figures.problem)]
        shapes[node.name] = figures.output
    return []


@dataclass(frozen=True, slots=True)
class _Figures:
    output: TensorShape | None
    parameters: int = 0
    macs: int = 0
    activation_bytes: int = 0
    dense_parameters: int = 0
    problem: str = ""


_UNKNOWN = _Figures(None)


@lru_cache(maxsize=20_000)
def _figures(kind: str, arguments: Arguments, shapes: tuple[Any, ...]) -> _Figures:
    """A layer's figures from torch's meta device, which computes shapes and no values."""
    try:
        entry = layer(kind)
        refused = entry.refusal(arguments, shapes)
        if refused:
            return _Figures(None, problem=refused)
        with torch.device("meta"), torch.no_grad():
            module = entry.module(arguments, shapes).eval()
            output = _shape(module(*(_examples(shape) for shape in shapes)))
    except (FieldError, RuntimeError, ValueError, TypeError, IndexError, OverflowError) as error:
        return _Figures(None, problem=" ".join(str(error).splitlines()[0].split())[:300] or type(error).__name__)
    parameters = sum(parameter.numel() for parameter in module.parameters())
    if parameters * 4 > MAX_LAYER_BYTES:
        gib = parameters * 4 / (1 << 30)
        return _Figures(output, problem=f"its {parameters:,} parameters would need {gib:,.1f} GiB; make it smaller")
    values = _numel(output)
    several = isinstance(output[0], tuple) if output else False
    macs = 0 if several else entry.macs(module, shapes[0], output)
    dense = sum(map(_numel, shapes)) * values + values
    return _Figures(output, parameters, macs, 4 * values, dense)


def _examples(shape: Any) -> Any:
    # Two examples: batch normalization of one value per channel refuses a single one.
    if shape and isinstance(shape[0], tuple):
        return tuple(torch.empty((2, *part)) for part in shape)
    return torch.empty((2, *shape))


def _shape(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return tuple(map(_shape, value))
    return tuple(value.shape[1:])


@lru_cache(maxsize=20_000)
def _field_through(kind: str, arguments: Arguments, field: ReceptiveField | None, shape: Any) -> ReceptiveField | None:
    if field is None or field.whole:
        return field
    entry = layer(kind)
    looks = entry.window(entry.values(arguments))
    if isinstance(looks, Window):
        return field.through(looks)
    if looks == WHOLE_MAP and _is_map(shape):
        return field.of_whole(shape[1], shape[2])
    if looks is None and entry.category in _LOCAL_KINDS:
        return None
    return field


def _problem(graph: Graph, node: Node, sources: tuple[str, ...], taken: tuple[Any, ...], message: str) -> Problem:
    """The problem at a node with the edge it arrives by: where inputs differ, the one that differs from the first."""
    odd = next((source for source, shape in zip(sources, taken, strict=True) if shape != taken[0]), sources[0])
    remedy = ""
    if "does not fit" in message and "window" in message:
        size = smallest_input(graph)
        remedy = (
            f"the smallest input that this network takes is {size}×{size}"
            if size
            else ("add padding, or remove a pooling or stride above")
        )
    elif "insert Flatten" in message:
        remedy = "insert Flatten"
    return Problem(node.name, message, remedy, source=odd)


def _loose_ends(graph: Graph, known: dict[str, _Known]) -> list[Problem]:
    """Warnings: nodes that nothing uses, and outputs that are no list of classes."""
    used = {output.node for output in graph.results}
    above = graph.inputs[0].name
    for node in graph.nodes:
        used.update(node.inputs or (above,))
        above = node.name
    found = [
        Problem(node.name, "nothing uses what it gives", "connect it, or remove it", "warning")
        for node in graph.nodes
        if node.name not in used
    ]
    for output in graph.results:
        shape = known[output.node].shape
        if shape is not None and len(shape) != 1:
            message = f"the output '{output.name}' is {'×'.join(map(str, shape))}, but a classifier gives one list"
            found.append(Problem(output.node, message, "end with Flatten and Linear", "warning"))
    return found


def _is_map(shape: Any) -> bool:
    return shape is not None and len(shape) == 3 and not isinstance(shape[0], tuple)


def _numel(shape: Any) -> int:
    return sum(map(_numel, shape)) if shape and isinstance(shape[0], tuple) else prod(shape)
