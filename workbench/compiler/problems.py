"""What is wrong with a network, where, and how to mend it."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from typing import Literal

from workbench.compiler.figures import UNKNOWN, figures
from workbench.graph import Graph, Node
from workbench.layers import CATALOGUE, TensorShape, words

_WINDOWS = ("Convolution", "Pooling")

_LARGEST_INPUT = 1024
_UNEVEN_SIZES = 64
"""How far above the size at which every window fits one is sought at which branches meet as well."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong at a node (None: with the network as a whole): what, and how to mend it.

    ``source`` names the edge it arrives by, ``given`` the shape that this edge brings and ``beside`` the shape of
    another input that it does not fit, where there is one.
    """

    node: str | None
    message: str
    remedy: str = ""
    severity: Literal["error", "warning"] = "error"
    source: str | None = None
    given: TensorShape | None = None
    beside: TensorShape | None = None


def edge_problem(graph: Graph, node: Node, shapes: tuple[TensorShape | None, ...], refusal: str) -> Problem:
    """The problem of a node that refuses what its edges bring."""
    place = _odd_input(graph, node, shapes)
    beside = shapes[0] if place else None
    return Problem(
        node.name, refusal, _remedy(graph, node, refusal), "error", graph.sources(node)[place], shapes[place], beside
    )


def loose_ends(graph: Graph, shapes: Mapping[str, TensorShape | None], used: Set[str]) -> list[Problem]:
    """What is wrong with the network as a whole: no layers, ends that nothing uses, outputs that list no scores.

    ``shapes`` are those of the outputs' nodes, ``used`` the names of the nodes and inputs that feed a node.
    """
    if not graph.nodes:
        return [Problem(None, "the network has no layers", "add one")]
    found = [
        Problem(node.name, "nothing uses what it gives", "connect it, or remove it", "warning")
        for node in graph.nodes
        if node.name not in used and node.name not in shapes
    ]
    for entry in graph.inputs:
        if entry.name not in used:
            found.append(Problem(None, f"nothing uses the input '{entry.name}'", "connect it", "warning"))
    for output in graph.results:
        shape = shapes[output.node]
        if shape is not None and isinstance(shape[0], tuple):
            message = f"the output '{output.name}' would be {len(shape)} tensors at once"
            found.append(Problem(output.node, message, "put a Select below it"))
        elif shape is not None and len(shape) != 1:
            message = f"the output '{output.name}' is {words(shape)}, but a classifier gives one list of scores"
            found.append(Problem(output.node, message, "end with Flatten and Linear", "warning"))
    return found


def smallest_input(graph: Graph, node: str | None = None) -> int | None:
    """The smallest square input, in pixels, at which every layer finds room: None where none up to 1,024 does.

    Layers that refuse an input of any size do not count, unless it is ``node``.
    """
    if all(len(entry.shape) != 3 for entry in graph.inputs):
        return None
    hopeless = _refusing(graph, _LARGEST_INPUT)
    if node is not None and node in hopeless:
        return None

    def too_small(size: int) -> bool:
        refusing = _refusing(graph, size) - hopeless
        return any(CATALOGUE[graph.by_name[name].kind].category in _WINDOWS for name in refusing)

    low, high = 1, _LARGEST_INPUT
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if too_small(middle) else (low, middle)
    return next((size for size in range(low, low + _UNEVEN_SIZES) if _refusing(graph, size) <= hopeless), None)


def _remedy(graph: Graph, node: Node, refusal: str) -> str:
    entry = CATALOGUE.get(node.kind)
    if entry is not None and entry.category in _WINDOWS:
        size = smallest_input(graph, node.name)
        if size is not None:
            return f"the smallest input that this network takes is {size}×{size}"
    if "insert Flatten" in refusal:
        return "insert Flatten"
    return ""


def _odd_input(graph: Graph, node: Node, shapes: tuple[TensorShape | None, ...]) -> int:
    """The place of the first input that does not fit beside the first one; 0 where that is not what is wrong."""
    arguments = graph.by_name[node.shares].arguments if node.shares else node.arguments
    return next(
        (place for place in range(1, len(shapes)) if figures(node.kind, arguments, (shapes[0], shapes[place])).refusal),
        0,
    )


def _refusing(graph: Graph, size: int) -> set[str]:
    """The nodes that would refuse what comes to them if the inputs were ``size`` pixels high and wide."""
    shapes: dict[str, TensorShape | None] = {
        entry.name: (entry.shape[0], size, size) if len(entry.shape) == 3 else entry.shape for entry in graph.inputs
    }
    refusing = set()
    for node in graph.nodes:
        taken = tuple(shapes[source] for source in graph.sources(node))
        arguments = graph.by_name[node.shares].arguments if node.shares else node.arguments
        found = UNKNOWN if None in taken else figures(node.kind, arguments, taken)
        shapes[node.name] = found.output
        if found.refusal:
            refusing.add(node.name)
    return refusing
