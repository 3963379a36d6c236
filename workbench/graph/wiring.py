"""Inputs written out for an edit, and left out again where they are the node above."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from workbench.graph.graph import Block, Graph, Node, Output


def explicit(graph: Graph) -> list[Node]:
    """The nodes with all their inputs named."""
    return [node if node.inputs else replace(node, inputs=graph.sources(node)) for node in graph.nodes]


def fed(node: Node, renamed: Callable[[str], str]) -> Node:
    """The node with other names for what feeds it."""
    inputs = tuple(map(renamed, node.inputs))
    return node if inputs == node.inputs else replace(node, inputs=inputs)


def rebuilt(
    graph: Graph,
    nodes: Iterable[Node],
    outputs: tuple[Output, ...] | None = None,
    blocks: tuple[Block, ...] | None = None,
) -> Graph:
    """The graph with these nodes, inputs written only where they are not the node above.

    Nodes that are as they were stay the same objects, so that whoever compares the two graphs is quick.
    """
    above = graph.inputs[0].name
    written = []
    for node in nodes:
        made = replace(node, inputs=()) if node.inputs == (above,) else node
        before = graph.by_name.get(node.name)
        written.append(before if before is not None and before == made else made)
        above = node.name
    kept = blocks_that_hold(graph.blocks if blocks is None else blocks, written)
    return replace(graph, nodes=tuple(written), outputs=graph.outputs if outputs is None else outputs, blocks=kept)


def blocks_that_hold(blocks: tuple[Block, ...], nodes: Iterable[Node]) -> tuple[Block, ...]:
    """Those blocks under whose path any of these nodes stands."""
    paths = block_paths(nodes)
    return tuple(block for block in blocks if block.name in paths)


def block_paths(nodes: Iterable[Node]) -> set[str]:
    """The paths of all blocks, inner and outer, that hold these nodes."""
    return {
        ".".join(segments[:end])
        for segments in (node.name.split(".") for node in nodes)
        for end in range(1, len(segments))
    }
