"""Which filter made a map: followed up through the layers that treat each map by itself."""

from __future__ import annotations

from dataclasses import dataclass, replace

from workbench.compiler import LayerReport, analyse
from workbench.graph import Graph, Node, Shape
from workbench.layers import layer, words

_FILTERING = {"Conv2d", "ConvTranspose2d", "SparseConv2d", "Linear"}
_BY_MAP = {"Activation", "Normalization", "Pooling", "Regularization", "Scale"}
_ALSO_BY_MAP = {"Identity", "ZeroPad2d", "ReflectionPad2d", "Upsample", "Subsample", "Crop"}
_ACROSS_MAPS = {"Softmax", "LogSoftmax"}


@dataclass(frozen=True, slots=True)
class Origin:
    """The filter that made a map: number ``filter`` of ``layer``, seen ``through`` layers, the nearest first.

    ``looks_at`` is the shape ``(C, H, W)`` of the maps that a dense layer's features were before they were flattened,
    or None. Where no single filter made the map, ``layer`` is empty and ``why`` says so in a sentence.
    """

    layer: str = ""
    filter: int = 0
    through: tuple[str, ...] = ()
    looks_at: Shape | None = None
    why: str = ""


def origin(graph: Graph, name: str, number: int) -> Origin:
    """Where map ``number``, counted from 0, of a node comes from. Raises `GraphError` for a node that is not there."""
    reports = analyse(graph).by_name
    entries = {entry.name for entry in graph.inputs}
    through: list[str] = []
    if name not in entries:
        graph.node(name)
    while name not in entries:
        node = graph.node(name)
        if node.kind in _FILTERING:
            found = Origin(node.shares or name, number, tuple(through))
            return replace(found, looks_at=_before_flatten(graph, node)) if node.kind == "Linear" else found
        above = _above(graph, node, number, reports)
        if above is None:
            return Origin(through=tuple(through), why=_why(graph, node))
        through.append(name)
        name, number = above
    return Origin(through=tuple(through), why=f"Channel {number} of the picture itself: no filter made it.")


def _above(graph: Graph, node: Node, number: int, reports: dict[str, LayerReport]) -> tuple[str, int] | None:
    """The node or input and the map's number in it, one layer up; None where maps are mixed."""
    sources = graph.sources(node)
    own = reports[node.name].output
    taken = reports[node.name].inputs
    if own is None or any(shape is None for shape in taken):
        return None
    kind = layer(node.kind)
    if kind.kind == "Concatenate" and node.arguments.get("dim", 1) == 1:
        for source, shape in zip(sources, taken, strict=True):
            if number < _count(shape):
                return source, number
            number -= _count(shape)
        return None
    if kind.kind == "Multiply":
        full = [source for source, shape in zip(sources, taken, strict=True) if shape == own]
        return (full[0], number) if len(full) == 1 else None
    if kind.kind == "SliceChannels":
        return sources[0], number + layer(node.kind).values(node.arguments)["start"]
    if kind.kind == "Flatten":
        shape = taken[0]
        return (sources[0], number // (_count(own) // _count(shape))) if shape else None
    by_itself = (kind.category in _BY_MAP and kind.kind not in _ACROSS_MAPS) or kind.kind in _ALSO_BY_MAP
    if len(sources) == 1 and by_itself and number < _count(taken[0]):
        return sources[0], number
    return None


def _count(shape: object) -> int:
    return shape[0] if isinstance(shape, tuple) and shape and isinstance(shape[0], int) else 0


def _why(graph: Graph, node: Node) -> str:
    sources = graph.sources(node)
    if node.kind == "Add":
        return f"{node.name} adds the maps of {' and '.join(sources)}: no single filter made this one."
    return f"{node.name} ({node.kind}) mixes what comes in: no single filter made this map."


def _before_flatten(graph: Graph, node: Node) -> Shape | None:
    reports = analyse(graph).by_name
    (source,) = graph.sources(node)
    while source in graph:
        above = graph.node(source)
        taken = reports[source].inputs
        if above.kind == "Flatten":
            shape = taken[0]
            return shape if shape and len(shape) == 3 and shape[1:] != (1, 1) else None  # type: ignore[return-value]
        if layer(above.kind).category not in ("Activation", "Regularization", "Normalization") or len(taken) != 1:
            return None
        (source,) = graph.sources(above)
    return None


def in_words(found: Origin) -> str:
    """The origin as a person reads it."""
    if not found.layer:
        return found.why
    through = f", through {', '.join(reversed(found.through))}" if found.through else ""
    over = f" over maps of {words(found.looks_at)}" if found.looks_at else ""
    return f"Filter {found.filter} of {found.layer}{over}{through}"
