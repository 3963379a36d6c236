"""A network made to end in as many classes as the images have."""

from __future__ import annotations

from workbench.graph import Graph, edits

_COUNTS = {"Linear": "out_features", "Conv2d": "out_channels"}
_KEEPS_THE_COUNT = frozenset(
    "Flatten Softmax LogSoftmax Dropout ReLU AdaptiveAvgPool2d AdaptiveMaxPool2d AvgPool2d MaxPool2d".split()
)


def ends_in(graph: Graph) -> int | None:
    """How many classes the network's first output has; None where its last weights are not evident."""
    node = _last_weights(graph, graph.results[0].node) if graph.results else None
    if node is None:
        return None
    count = graph.by_name[node].arguments.get(_COUNTS[graph.by_name[node].kind])
    return count if isinstance(count, int) else None


def ending_in(graph: Graph, classes: int) -> Graph:
    """The network with each output's last weights set to so many classes."""
    for output in graph.results:
        name = _last_weights(graph, output.node)
        if name is not None:
            graph = edits.set_argument(graph, name, _COUNTS[graph.by_name[name].kind], classes)
    return graph


def _last_weights(graph: Graph, name: str) -> str | None:
    while name in graph.by_name:
        node = graph.by_name[name]
        if node.kind in _COUNTS and node.shares is None:
            return name
        if node.kind not in _KEEPS_THE_COUNT:
            return None
        name = graph.sources(node)[0]
    return None
