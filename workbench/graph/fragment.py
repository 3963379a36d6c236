"""A part of a network as a graph of its own, to be put elsewhere: `edits.insert_block` and `edits.remake_block`."""

from __future__ import annotations

from dataclasses import replace

from workbench.graph.graph import Graph, GraphError, Input, Node, Output, Shape


def fragment(graph: Graph, block: str, shape: Shape = (1, 1, 1)) -> Graph:
    """The nodes under a block's path as a graph with one input, of that shape, and one output.

    Names lose the path, inner blocks keep the templates that made them. Raises `GraphError` where the block takes or
    gives several values, or shares weights with what is outside.
    """
    members = graph.members(block)
    if not members:
        raise GraphError(f"there is no block '{block}'", block)
    inside = {node.name for node in members}
    sources = dict.fromkeys(source for node in members for source in graph.sources(node) if source not in inside)
    ends = {output.node for output in graph.results}
    results = [
        node.name
        for node in members
        if node.name in ends or any(user not in inside for user in graph.consumers.get(node.name, ()))
    ]
    for what, values in (("takes", list(sources)), ("gives", results)):
        if len(values) != 1:
            told = ", ".join(f"'{value}'" for value in values[:4]) or "nothing"
            raise GraphError(f"'{block}' {what} {told}, but a block {what} one value", block)
    for node in graph.nodes:
        if node.shares and (node.name in inside) != (node.shares in inside):
            raise GraphError(f"'{node.name}' and '{node.shares}' share weights across the border of '{block}'", block)

    def short(name: str) -> str:
        return name[len(block) + 1 :]

    taken = {short(name).partition(".")[0] for name in inside}
    entry = "input"
    while entry in taken:
        entry += "_"
    names = {name: short(name) for name in inside} | {next(iter(sources)): entry}
    nodes: list[Node] = []
    for node in members:
        inputs = tuple(names[source] for source in graph.sources(node))
        above = nodes[-1].name if nodes else entry
        nodes.append(
            replace(
                node,
                name=short(node.name),
                inputs=() if inputs == (above,) else inputs,
                shares=short(node.shares) if node.shares else None,
            )
        )
    blocks = tuple(replace(b, name=short(b.name)) for b in graph.blocks if b.name.startswith(f"{block}."))
    result = short(results[0])
    outputs = () if result == nodes[-1].name else (Output("output", result),)
    return Graph((Input(entry, shape),), tuple(nodes), outputs, blocks, block)
