"""The part of a network that is left when training is over."""

from __future__ import annotations

from dataclasses import replace

from workbench.graph.graph import Graph, Node


def inference_graph(graph: Graph) -> Graph:
    """The graph without outputs that only training sees and the nodes that only they need."""
    kept_outputs = tuple(output for output in graph.results if not output.training_only)
    if len(kept_outputs) == len(graph.results):
        return graph
    needed = {output.node for output in kept_outputs}
    for node in reversed(graph.nodes):
        if node.name in needed:
            needed.update(graph.sources(node))
            needed.update(filter(None, [node.shares]))
    nodes = tuple(_explicit(graph, node) for node in graph.nodes if node.name in needed)
    blocks = tuple(block for block in graph.blocks if any(node.name.startswith(block.name + ".") for node in nodes))
    return replace(graph, nodes=nodes, outputs=kept_outputs, blocks=blocks)


def _explicit(graph: Graph, node: Node) -> Node:
    """The node with its inputs named: 'the node above' may be gone."""
    return replace(node, inputs=graph.sources(node))
