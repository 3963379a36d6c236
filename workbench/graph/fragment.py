"""A part of a network as a graph of its own, to be put elsewhere: `edits.insert_block` and `edits.remake_block`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from workbench.graph.arguments import Arguments
from workbench.graph.graph import Block, Graph, GraphError, Input, Node, Output, Shape


def fragment(graph: Graph, names: Sequence[str], shape: Shape = (1, 1, 1), whole: bool = False) -> Graph:
    """Some nodes and blocks as a graph with one input, of that shape, and one output.

    What they took from outside becomes the input. Names lose the path that all of them share, and one block alone loses
    its own name, unless it is wanted ``whole``; inner blocks keep the templates that made them; weights shared with a
    node outside become their own. Raises `GraphError` where they take or give several values.
    """
    kept = _chosen(graph, names)
    inside = {node.name for node in kept}
    outer = list(dict.fromkeys(s for node in kept for s in graph.sources(node) if s not in inside))
    if len(outer) > 1:
        raise GraphError(f"these layers take {len(outer)} values, {_listed(outer)}; choose a part that takes one")
    prefix = _common_path(kept)
    if len(names) == 1 and names[0] not in graph:
        path = names[0].rpartition(".")[0] if whole else names[0]
        prefix = f"{path}." if path else ""

    def short(name: str) -> str:
        return name.removeprefix(prefix)

    taken = {short(name).partition(".")[0] for name in inside}
    entry = "input"
    while entry in taken:
        entry += "_"
    nodes: list[Node] = []
    owners: dict[str, str] = {}
    for node in kept:
        arguments, shares = _weights(graph, node, owners)
        inputs = tuple(short(source) if source in inside else entry for source in graph.sources(node))
        above = nodes[-1].name if nodes else entry
        inputs = () if inputs == (above,) else inputs
        nodes.append(Node(short(node.name), node.kind, arguments, inputs, short(shares) if shares else None))
    result = short(_result(graph, kept, inside))
    outputs = () if result == nodes[-1].name else (Output("output", result),)
    return Graph((Input(entry, shape),), tuple(nodes), outputs, _blocks(graph, prefix, inside), prefix[:-1])


def _chosen(graph: Graph, names: Sequence[str]) -> list[Node]:
    inside: set[str] = set()
    for name in names:
        members = {node.name for node in graph.members(name)} or {name}
        if not members <= graph.position.keys():
            raise GraphError(f"there is no node or block '{name}'", name)
        inside |= members
    if not inside:
        raise GraphError("choose layers first")
    return [node for node in graph.nodes if node.name in inside]


def _common_path(nodes: Sequence[Node]) -> str:
    """The path under which all of these stand, with its last dot; '' for none."""
    path = nodes[0].block
    while path and not all(node.name.startswith(f"{path}.") for node in nodes):
        path = path.rpartition(".")[0]
    return f"{path}." if path else ""


def _weights(graph: Graph, node: Node, owners: dict[str, str]) -> tuple[Arguments, str | None]:
    """The node's arguments and whose weights it shares. Where the owner stays outside, the first one here owns them."""
    owner = owners.setdefault(node.shares or node.name, node.name)
    if owner != node.name:
        return Arguments(), owner
    return (graph.node(node.shares) if node.shares else node).arguments, None


def _result(graph: Graph, kept: Sequence[Node], inside: set[str]) -> str:
    """What the outside takes or, where that is nothing or several values, the one that nothing inside takes."""
    ends = {output.node for output in graph.results}
    users = {node.name: graph.consumers.get(node.name, ()) for node in kept}
    given = [name for name, those in users.items() if name in ends or any(user not in inside for user in those)]
    if len(given) != 1:
        given = [name for name, those in users.items() if not any(user in inside for user in those)]
    if len(given) > 1:
        raise GraphError(f"these layers give {len(given)} values, {_listed(given)}; choose a part that gives one")
    return given[0]


def _blocks(graph: Graph, prefix: str, inside: set[str]) -> tuple[Block, ...]:
    """What is recorded of the blocks that are inside as a whole."""
    return tuple(
        replace(block, name=block.name.removeprefix(prefix))
        for block in graph.blocks
        if block.name.startswith(prefix) and all(node.name in inside for node in graph.members(block.name))
    )


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"'{name}'" for name in names[:4]) + (" and more" if len(names) > 4 else "")
