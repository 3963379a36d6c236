"""What can be known of a network without running it: shapes, parameters, costs, problems."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import prod
from typing import Any, Literal

import torch

from workbench.graph import Arguments, FieldError, Graph, Shape
from workbench.layers import TensorShape, layer


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
    """One node's figures, for one example: numbers of values, parameters and multiply-adds."""

    name: str
    kind: str
    inputs: tuple[TensorShape | None, ...]
    output: TensorShape | None
    parameters: int
    macs: int


@dataclass(frozen=True)
class Analysis:
    """A network's figures, layer by layer and in all."""

    layers: tuple[LayerReport, ...]
    problems: tuple[Problem, ...]

    @property
    def parameters(self) -> int:
        return sum(report.parameters for report in self.layers)

    @property
    def macs(self) -> int:
        return sum(report.macs for report in self.layers)

    @property
    def runs(self) -> bool:
        """Whether the network can be compiled and run."""
        return bool(self.layers) and not any(problem.severity == "error" for problem in self.problems)


def analyse(graph: Graph) -> Analysis:
    """The network's figures and problems. Never raises: an unfinished graph is an editor's normal state."""
    shapes: dict[str, TensorShape | None] = {entry.name: entry.shape for entry in graph.inputs}
    reports, problems = [], []
    for node in graph.nodes:
        sources = graph.sources(node)
        taken = tuple(shapes[source] for source in sources)
        arguments = graph.node(node.shares).arguments if node.shares else node.arguments
        figures = _Figures(None)
        if all(shape is not None for shape in taken):
            figures = _figures(node.kind, arguments, taken)
        if figures.problem:
            problems.append(Problem(node.name, figures.problem))
        shapes[node.name] = figures.output
        parameters = 0 if node.shares else figures.parameters
        reports.append(LayerReport(node.name, node.kind, taken, figures.output, parameters, figures.macs))
    return Analysis(tuple(reports), tuple(problems))


@dataclass(frozen=True, slots=True)
class _Figures:
    output: TensorShape | None
    parameters: int = 0
    macs: int = 0
    problem: str = ""


@lru_cache(maxsize=20_000)
def _figures(kind: str, arguments: Arguments, shapes: tuple[Any, ...]) -> _Figures:
    try:
        entry = layer(kind)
        refused = entry.refusal(arguments, shapes)
        if refused:
            return _Figures(None, problem=refused)
        with torch.device("meta"), torch.no_grad():
            module = entry.module(arguments, shapes).eval()
            output = _shape(module(*(torch.empty((2, *shape)) for shape in shapes)))
    except (FieldError, RuntimeError, ValueError, TypeError, IndexError) as error:
        return _Figures(None, problem=str(error).splitlines()[0])
    parameters = sum(parameter.numel() for parameter in module.parameters())
    macs = 0 if isinstance(output[0], tuple) else entry.macs(module, shapes[0], output)
    return _Figures(output, parameters, macs)


def _shape(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return tuple(map(_shape, value))
    return tuple(value.shape[1:])


def numel(shape: Shape) -> int:
    """How many values one example has."""
    return prod(shape)
