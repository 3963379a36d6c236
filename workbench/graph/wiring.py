"""Inputs written out for an edit, and left out again where they are the node above."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from workbench.graph.graph import Block, Graph, Node, Output
from workbench.graph.names import blocks_above


def explicit(graph: Graph) -> list[Node]:
    """The nodes with all their inputs named."""
    above, nodes = graph.inputs[0].name, []
    for node in graph.nodes:
        nodes.append(node if node.inputs else _with_inputs(node, (above,)))
        above = node.name
    return nodes


def fed(node: Node, renamed: Callable[[str], str]) -> Node:
    """The node with other names for what feeds it."""
    inputs = tuple(map(renamed, node.inputs))
    return node if inputs == node.inputs else _with_inputs(node, inputs)


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
        inputs = () if node.inputs == (above,) else node.inputs
        before = graph.by_name.get(node.name)
        if before is None or before.inputs != inputs or not _are_alike(before, node):
            before = node if node.inputs == inputs else _with_inputs(node, inputs)
        written.append(before)
        above = node.name
    kept = blocks_that_hold(graph.blocks if blocks is None else blocks, written)
    return replace(graph, nodes=tuple(written), outputs=graph.outputs if outputs is None else outputs, blocks=kept)


def blocks_that_hold(blocks: tuple[Block, ...], nodes: Iterable[Node]) -> tuple[Block, ...]:
    """Those blocks under whose path any of these nodes stands."""
    paths = block_paths(nodes)
    return tuple(block for block in blocks if block.name in paths)


def block_paths(nodes: Iterable[Node]) -> set[str]:
    """The paths of all blocks, inner and outer, that hold these nodes."""
    return {path for node in nodes for path in blocks_above(node.name)}


def _with_inputs(node: Node, inputs: tuple[str, ...]) -> Node:
    # `replace` takes three times as long, and an edit may do this for every node.
    return Node(node.name, node.kind, node.arguments, inputs, node.shares)


def _are_alike(node: Node, other: Node) -> bool:
    """But for what feeds them."""
    return (node.kind, node.arguments, node.shares) == (other.kind, other.arguments, other.shares)
