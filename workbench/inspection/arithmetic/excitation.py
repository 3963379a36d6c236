"""Squeeze and excitation: the three vectors behind a product with a gate."""

from __future__ import annotations

from workbench.graph import Graph
from workbench.inspection.arithmetic.layers import Moment, numbers
from workbench.inspection.arithmetic.values import Gates

_SQUEEZING = {"AdaptiveAvgPool2d", "AdaptiveMaxPool2d", "AvgPool2d"}
_GATING = {"Sigmoid", "Hardsigmoid", "Softmax"}
_BOTTLENECK = {"Conv2d", "Linear"}
_LONGEST = 12


def path_of_gates(graph: Graph, name: str) -> tuple[str, str, str] | None:
    """The nodes that give squeezed means, bottleneck and gates of a product; None of any other node.

    Followed up from each factor, layer by layer: a gating activation, two layers with weights, a pooling of the maps
    that the product weighs.
    """
    node = graph.node(name)
    if node.kind != "Multiply":
        return None
    for source in graph.sources(node):
        found = _followed(graph, source)
        if found is not None:
            return found
    return None


def gates_of(moment: Moment, name: str) -> Gates | None:
    """The three vectors of a product with a gate, as this picture made them."""
    path = path_of_gates(moment.graph, name)
    if path is None or not all(node in moment.outputs for node in path):
        return None
    squeezed, hidden, gates = (numbers(moment.output(node).flatten()) for node in path)
    return Gates(path, squeezed, hidden, gates)


def _followed(graph: Graph, name: str) -> tuple[str, str, str] | None:
    gate = hidden = ""
    weighted = 0
    for _ in range(_LONGEST):
        if name not in graph:
            return None
        node = graph.node(name)
        sources = graph.sources(node)
        if len(sources) != 1:
            return None
        if not gate and node.kind in _GATING:
            gate = name
        elif gate and node.kind in _BOTTLENECK:
            weighted += 1
            hidden = sources[0] if weighted == 1 else hidden
        elif weighted >= 2 and node.kind in _SQUEEZING:
            return name, hidden, gate
        name = sources[0]
    return None
