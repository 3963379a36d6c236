"""One value of a network, explained: how it came about, what it has seen of the picture, what became of it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch

from workbench.graph import Graph, GraphError, Node
from workbench.inspection.arithmetic import reach
from workbench.inspection.arithmetic.excitation import gates_of, path_of_gates
from workbench.inspection.arithmetic.flow import flow_of
from workbench.inspection.arithmetic.kinds import KINDS
from workbench.inspection.arithmetic.layers import Moment, number
from workbench.inspection.arithmetic.reading import read_by, readers_of
from workbench.inspection.arithmetic.values import Array, Explanation, Field, Made, Place, Then
from workbench.inspection.arithmetic.words import figure
from workbench.layers import layer

_BY_VALUE = {"Normalization", "Activation", "Regularization", "Scale"}


def explain(moment: Moment, place: Place) -> Explanation:
    """Explain a value of a node or of the input.

    Raises `GraphError` where the network has no such value, or could not run as far as that.
    """
    with torch.no_grad():
        return _explained(moment, place)


def needed(graph: Graph, place: Place) -> frozenset[str]:
    """The nodes and inputs whose outputs `explain` reads."""
    below = list(_below(graph, place.node))
    readers = read_by(graph, place.node)
    beside = [source for name in readers for source in graph.sources(graph.node(name))]
    if place.node not in graph:
        return frozenset((place.node, *(node.name for node in below), *readers, *beside))
    gates = path_of_gates(graph, place.node)
    above = graph.sources(graph.node(place.node))
    return frozenset((place.node, *above, *(node.name for node in below), *readers, *beside, *(gates or ())))


def _explained(moment: Moment, place: Place) -> Explanation:
    value, shape = _value(moment, place)
    if place.node not in moment.graph:
        note = "The picture's values are shifted and scaled as those of the training images."
        made = Made(value, "a value of the picture", f"normalized pixel = {figure(value)}", note=note)
        field, then = _field(moment, place), _then(moment, place)
        return Explanation(place, "Input", value, shape, made, field, then, readers_of(moment, place))
    made = _made(moment, place)
    kind = moment.graph.node(place.node).kind
    gates = gates_of(moment, place.node)
    field, then = _field(moment, place), _then(moment, place)
    flow = flow_of(moment, place, made)
    return Explanation(place, kind, value, shape, made, field, then, readers_of(moment, place), gates, flow)


def _made(moment: Moment, place: Place) -> Made:
    placed = moment.placed(place.node)
    inputs = tuple(_input(moment, source) for source in placed.sources)
    return KINDS[placed.kind].explain(placed, inputs, place)


def _input(moment: Moment, source: str) -> object:
    value = moment.outputs[source]
    return tuple(part[0] for part in value) if isinstance(value, tuple) else value[0]


def _value(moment: Moment, place: Place) -> tuple[float, tuple[int, ...]]:
    if place.node not in moment.outputs:
        raise GraphError(f"'{place.node}' has given no value: the network does not run as far as that.", place.node)
    output = moment.output(place.node, place.part)
    shape = tuple(output.shape)
    if len(place.index) != len(shape) or not all(0 <= at < size for at, size in zip(place.index, shape, strict=True)):
        raise GraphError(
            f"'{place.node}' gives {'×'.join(map(str, shape))} values: there is none at {place.index}.", place.node
        )
    return number(output[place.index]), shape


def _then(moment: Moment, place: Place) -> tuple[Then, ...]:
    """What normalization and activation made of the value, layer by layer."""
    found = []
    for node in _below(moment.graph, place.node):
        if node.name not in moment.outputs:
            break
        here = Place(node.name, place.index)
        made = _made(moment, here)
        found.append(Then(here, node.kind, number(moment.output(node.name)[place.index]), made.sentence))
    return tuple(found)


def _below(graph: Graph, name: str) -> Iterator[Node]:
    """Layers that each make one value of one value, as far as they follow upon each other."""
    while True:
        users = [graph.node(user) for user in graph.consumers.get(name, ())]
        following = [user for user in users if layer(user.kind).category in _BY_VALUE]
        if not following:
            return
        yield following[0]
        name = following[0].name


def _field(moment: Moment, place: Place) -> Field | None:
    """Followed back from layer to layer, every branch of it, to the first input."""
    graph = moment.graph
    entry = graph.inputs[0]
    if len(entry.shape) != 3:
        return None
    if place.node not in graph:
        seen = np.zeros(entry.shape, bool)
        seen[place.index] = True
        return Field(np.logical_or.reduce(seen, 0)) if place.node == entry.name else None
    sets: dict[str, list[Array | None]] = {place.node: _alone(moment, place)}
    for node in reversed(graph.nodes[: graph.position[place.node] + 1]):
        shown = sets.pop(node.name, None)
        if shown is None:
            continue
        placed = moment.placed(node.name)
        given = placed.given if isinstance(placed.given[0], tuple) else (placed.given,)
        whole = tuple(np.zeros(shape, bool) if one is None else one for one, shape in zip(shown, given, strict=True))
        for source, seen in zip(placed.sources, KINDS[placed.kind].reach(placed, whole), strict=True):
            parts = seen if isinstance(seen, tuple) else (seen,)
            before = sets.setdefault(source, [None] * len(parts))
            sets[source] = [reach.union(one, other) for one, other in zip(before, parts, strict=True)]
    found = sets.get(entry.name)
    pixels = np.zeros(entry.shape[1:], bool) if found is None or found[0] is None else np.logical_or.reduce(found[0], 0)
    return Field(pixels, _size(moment, place.node))


def _size(moment: Moment, name: str) -> tuple[int, int] | None:
    """Rows and columns of a field that no border cuts."""
    field = moment.reports[name].receptive_field
    if field is None or field.whole:
        return None
    return int(field.height.size), int(field.width.size)


def _alone(moment: Moment, place: Place) -> list[Array | None]:
    given = moment.placed(place.node).given
    shapes = given if isinstance(given[0], tuple) else (given,)
    sets: list[Array | None] = [None] * len(shapes)
    chosen = np.zeros(shapes[place.part], bool)
    chosen[place.index] = True
    sets[place.part] = chosen
    return sets
