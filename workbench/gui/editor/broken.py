"""What stands at an edge that brings what its layer cannot take: the shape that comes, and the one that would do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workbench.graph import FieldError, Graph
from workbench.gui.editor.outline import Outline
from workbench.layers import CATALOGUE, words

if TYPE_CHECKING:
    from workbench.compiler import Analysis, Problem

_OF_RANK = {1: "features", 3: "channels×height×width"}


def broken_edges(analysis: Analysis, outline: Outline) -> dict[tuple[str, str], str]:
    """The words at each edge between two cards that brings what cannot be taken."""
    card_of = outline.card_of
    found = {}
    for problem in analysis.problems:
        if problem.source is not None and problem.node is not None and problem.severity == "error":
            edge = card_of.get(problem.source, problem.source), card_of.get(problem.node, problem.node)
            found[edge] = both_shapes(analysis.graph, problem)
    return found


def both_shapes(graph: Graph, problem: Problem) -> str:
    """The shape that comes and the one it does not fit; only the first where no single other one can be named."""
    given = _words(problem.given)
    if problem.beside:
        return f"{given} beside {_words(problem.beside)}"
    wanted = _wanted(graph, problem)
    return f"{given}, wanted: {wanted}" if wanted else given


def _wanted(graph: Graph, problem: Problem) -> str:
    node = graph.by_name.get(problem.node or "")
    entry = CATALOGUE.get(node.kind) if node is not None else None
    if node is None or entry is None or problem.given is None or _are_several(problem.given):
        return ""
    if entry.ranks is not None and len(problem.given) not in entry.ranks:
        return " or ".join(_OF_RANK.get(rank, f"{rank} numbers") for rank in entry.ranks)
    try:
        values = entry.values(graph.by_name[node.shares or node.name].arguments)
    except FieldError:  # the problem is an argument then, of whatever shape comes
        return ""
    if entry.category in ("Convolution", "Pooling") and len(problem.given) == 3 and "kernel_size" in values:
        maps, *given = map(int, problem.given)  # type: ignore[arg-type]
        sizes = [_spanned(values, axis) for axis in (0, 1)]
        if any(size > there for size, there in zip(sizes, given, strict=True)):
            return f"{maps}×{sizes[0]}×{sizes[1]} at least"
    return ""


def _spanned(values: dict[str, Any], axis: int) -> int:
    """How many pixels a map must have along an axis for the window to find one place in it."""

    def along(name: str, default: int) -> int:
        value = values.get(name, default)
        value = value[axis] if isinstance(value, tuple) else value
        return value if isinstance(value, int) else 0

    return along("dilation", 1) * (along("kernel_size", 1) - 1) + 1 - 2 * along("padding", 0)


def _are_several(shape: Any) -> bool:
    return bool(shape) and isinstance(shape[0], tuple)


def _words(shape: Any) -> str:
    return "several tensors" if shape is None or _are_several(shape) else words(shape)
