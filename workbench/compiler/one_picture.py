"""A network with several inputs, made to take one picture: what a data set of labelled images can feed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from workbench.graph import Arguments, Graph, GraphError, Input, Node, Shape, free_name

_COLOURS = 3


def fed_by_one_picture(graph: Graph) -> Graph:
    """The graph with its first input alone; every other input becomes layers that show it the same picture.

    They scale by the mean of the area that each value stands for, repeat a single channel, or take the mean of three.
    None has weights and the last of them bears the input's name, so the network keeps its nodes, its keys and its
    weights; it is the graph itself where that has one input. Raises `GraphError`, which names the input, where a
    picture cannot be fitted to one.
    """
    first, *others = graph.inputs
    if not others:
        return graph
    made: list[Node] = []
    for entry in others:
        _check(first, entry)
        made += _fitting(graph, first, entry)
    # The first node may have taken 'the node above', which was the first input.
    nodes = tuple(replace(node, inputs=graph.sources(node)) for node in graph.nodes[:1]) + graph.nodes[1:]
    return replace(graph, inputs=(first,), nodes=(*made, *nodes))


def _check(first: Input, entry: Input) -> None:
    for one in (first, entry):
        if len(one.shape) != 3:
            raise GraphError(
                f"input '{one.name}' takes {_said(one.shape)}, but a data set gives pictures to every input; "
                "give it the shape [channels, height, width]"
            )
    have, want = first.shape[0], entry.shape[0]
    if have not in (want, 1) and (have, want) != (_COLOURS, 1):
        raise GraphError(
            f"input '{entry.name}' takes {want} channels of a picture that has {have} at the first input, "
            f"'{first.name}'; give it {have} or 1"
        )


def _fitting(graph: Graph, first: Input, entry: Input) -> Iterator[Node]:
    """The layers between the picture and what stood below the input; the last one bears its name."""
    have, want = first.shape, entry.shape
    resize = Arguments(output_size=want[1:])
    if have[0] == want[0]:
        yield Node(entry.name, "AdaptiveAvgPool2d", resize, (first.name,))
        return
    block = free_name(graph, f"{entry.name}_fit")
    sized = f"{block}.size"
    yield Node(sized, "AdaptiveAvgPool2d", resize, (first.name,))
    if have[0] == 1:
        yield Node(entry.name, "Concatenate", Arguments(), (sized,) * want[0])
        return
    colours = {f"{block}.channel{channel}": channel for channel in range(have[0])}
    for name, channel in colours.items():
        yield Node(name, "SliceChannels", Arguments(start=channel, stop=channel + 1), (sized,))
    yield Node(entry.name, "Mean", Arguments(), tuple(colours))


def _said(shape: Shape) -> str:
    return "×".join(map(str, shape)) + (" values" if len(shape) == 1 else "")
