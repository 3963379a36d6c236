"""Quick fixes: for some problems the remedy is evident, and one click away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.graph import Arguments, Graph, Node, edits, free_name
from workbench.gui.document import Document
from workbench.layers import CATALOGUE

if TYPE_CHECKING:
    from workbench.compiler import Analysis, Problem


@dataclass(frozen=True)
class Fix:
    """A remedy: its words, and the graph it makes."""

    title: str
    make: Callable[[Graph], Graph]

    def apply(self, document: Document) -> None:
        document.set_graph(self.make(document.graph), self.title)


def fix_for(analysis: Analysis, problem: Problem) -> Fix | None:
    """The remedy of a problem, where one is evident and mends it."""
    graph = analysis.graph
    if problem.node is None or problem.node not in graph:
        return None
    node = graph.by_name[problem.node]
    if problem.severity == "warning":
        candidates = [_use(graph, node)]
    else:
        candidates = [_flatten(problem, node), _shortcut(problem, node), _padding(problem, node)]
    return next((fix for fix in candidates if fix is not None and _mends(fix, analysis, problem)), None)


def _mends(fix: Fix, analysis: Analysis, problem: Problem) -> bool:
    from workbench.compiler import analyse

    try:
        after = analyse(fix.make(analysis.graph))
    except ValueError:
        return False
    finally:
        analyse(analysis.graph)  # what is remembered for the next edit is the graph that is shown
    before = sum(other.severity == "error" for other in analysis.problems)
    still_there = any(
        (other.node == problem.node and (other.severity == "error" or other.message == problem.message))
        # What a remedy inserts may be refused itself: a stride beyond what a layer takes.
        or (other.severity == "error" and other.node is not None and other.node not in analysis.graph)
        for other in after.problems
    )
    return not still_there and sum(other.severity == "error" for other in after.problems) <= before


def _flatten(problem: Problem, node: Node) -> Fix | None:
    if "insert Flatten" not in (problem.remedy + problem.message):
        return None

    def make(graph: Graph) -> Graph:
        return _before(graph, node.name, "flatten1", "Flatten", Arguments(), problem.source)

    return Fix("Insert Flatten", make)


def _shortcut(problem: Problem, node: Node) -> Fix | None:
    """A 1×1 convolution that gives one branch of a sum the shape of the other."""
    given, beside = problem.given, problem.beside
    if node.kind not in ("Add", "Multiply", "Mean") or given is None or beside is None:
        return None
    if len(given) != 3 or len(beside) != 3 or isinstance(given[0], tuple) or isinstance(beside[0], tuple):
        return None
    sizes = [(-(-a // b), -(-b // a)) for a, b in zip(given[1:], beside[1:], strict=True)]
    down = all(
        larger >= 1 and -(-a // larger) == b for (larger, _), a, b in zip(sizes, given[1:], beside[1:], strict=True)
    )

    def make(graph: Graph) -> Graph:
        sources = graph.sources(graph.node(node.name))
        source, shape, other = (problem.source, given, beside) if down else (sources[0], beside, given)
        stride = tuple(-(-a // b) for a, b in zip(shape[1:], other[1:], strict=True))
        arguments = Arguments(
            out_channels=other[0], kernel_size=1, stride=stride[0] if stride[0] == stride[1] else stride
        )
        return _before(graph, node.name, "shortcut1", "Conv2d", arguments, source)

    return Fix("1×1 convolution on the shortcut", make)


def _padding(problem: Problem, node: Node) -> Fix | None:
    """Room for a window that is larger than its map."""
    kernel = node.arguments.get("kernel_size")
    if kernel is None or "padding" not in _padded(node.kind):
        return None
    sizes = kernel if isinstance(kernel, tuple) else (kernel, kernel)
    padding = tuple(int(size) // 2 for size in sizes)
    value = padding[0] if padding[0] == padding[1] else padding

    def make(graph: Graph) -> Graph:
        return edits.set_argument(graph, node.name, "padding", value)

    return Fix(f"Set padding to {value}", make)


def _use(graph: Graph, node: Node) -> Fix | None:
    """What nothing uses is taken by the layer below it: as one more input where that joins several."""
    place = graph.position[node.name] + 1
    if graph.consumers.get(node.name) or place >= len(graph.nodes) or node.name in {o.node for o in graph.results}:
        return None
    below = graph.nodes[place]
    sources = graph.sources(below)
    if CATALOGUE[below.kind].arity[1] is None:
        taken = (*sources, node.name)
    else:
        beside = graph.sources(node)
        taken = tuple(node.name if source in beside else source for source in sources)

    def make(graph: Graph) -> Graph:
        return edits.set_inputs(graph, below.name, taken)

    return Fix(f"Connect it to {below.name}", make)


def _padded(kind: str) -> tuple[str, ...]:
    return tuple(CATALOGUE[kind].by_name)


def _before(graph: Graph, name: str, wanted: str, kind: str, arguments: Arguments, source: str | None) -> Graph:
    """Put a layer on the edge from ``source`` to a node."""
    node = graph.node(name)
    sources = graph.sources(node)
    source = source if source in sources else sources[0]
    path = name.rpartition(".")[0]
    new = Node(free_name(graph, f"{path}.{wanted}" if path else wanted), kind, arguments, (source,))
    place = None if source not in graph else source
    placed = edits.insert(graph, new, place)
    return edits.set_inputs(placed, name, [new.name if s == source else s for s in sources])
