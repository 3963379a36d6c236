"""Edits of a graph: pure functions from graph to graph. Undo is keeping the graph before.

Each raises `GraphError` where it is not possible, and the result is always a valid graph. A node without inputs takes
'the node above': an edit that changes what stands above a node names its old input where the meaning would change,
and a plain stack stays a plain stack.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from workbench.graph.arguments import Arguments
from workbench.graph.free_names import FreeNames, free_name
from workbench.graph.graph import Block, Graph, GraphError, Input, Node, Output, Shape
from workbench.graph.wiring import blocks_that_hold, explicit, fed, rebuilt


def insert(graph: Graph, node: Node, below: str | None = None) -> Graph:
    """Put a node below another (below the input: None), between it and whatever took it.

    The new node takes the one above; every node, and output, that took the one above takes the new node instead.
    A node that names inputs of its own is only put there, and nothing else changes.
    """
    above = graph.inputs[0].name if below is None else below
    index = 0 if below is None else graph.position[_existing(graph, below)] + 1
    nodes = explicit(graph)
    if node.inputs:
        nodes.insert(index, node)
        return rebuilt(graph, nodes)
    nodes = [fed(n, lambda source: node.name if source == above else source) if above in n.inputs else n for n in nodes]
    nodes.insert(index, replace(node, inputs=(above,)))
    outputs = tuple(replace(o, node=node.name) if o.node == above else o for o in graph.outputs)
    return rebuilt(graph, nodes, outputs=outputs)


def remove(graph: Graph, *names: str) -> Graph:
    """Take nodes away; what took one takes its first input instead, and an output moves there too."""
    gone = {_existing(graph, name) for name in names}
    for node in graph.nodes:
        if node.shares in gone and node.name not in gone:
            raise GraphError(f"'{node.name}' shares the weights of '{node.shares}'; remove it too", node.name)

    def standing(source: str) -> str:
        while source in gone:
            source = graph.sources(graph.node(source))[0]
        return source

    nodes = [fed(node, standing) for node in explicit(graph) if node.name not in gone]
    kept = {node.name for node in nodes}
    outputs = []
    for output in graph.outputs:
        target = standing(output.node)
        if target in kept:
            outputs.append(replace(output, node=target))
    if outputs and all(output.training_only for output in outputs):
        outputs = []
    return rebuilt(graph, nodes, outputs=tuple(outputs))


def move(graph: Graph, name: str, below: str | None) -> Graph:
    """Take a node out and put it below another (below the input: None)."""
    if below == name:
        raise GraphError(f"'{name}' cannot stand below itself", name)
    node = graph.node(name)
    if any(other.shares == name for other in graph.nodes):
        raise GraphError(f"'{name}' cannot move: other nodes share its weights", name)
    if below is not None:
        _existing(graph, below)
    if len(graph.sources(node)) > 1:
        raise GraphError(f"'{name}' joins several inputs; set its inputs instead of moving it", name)
    return insert(remove(graph, name), replace(node, inputs=()), below)


def rename(graph: Graph, old: str, new: str) -> Graph:
    """Give a node, or a whole block, another name everywhere it is spoken of."""
    if old in graph:
        names = {old: new}
    else:
        members = graph.members(old)
        if not members:
            raise GraphError(f"there is no node or block '{old}'")
        names = {node.name: new + node.name[len(old) :] for node in members}
    blocks = tuple(
        replace(block, name=new + block.name[len(old) :])
        if old not in graph and (block.name == old or block.name.startswith(f"{old}."))
        else block
        for block in graph.blocks
    )
    nodes = [fed(node, lambda source: names.get(source, source)) for node in explicit(graph)]
    nodes = [
        replace(node, name=names.get(node.name, node.name), shares=names.get(node.shares or "", node.shares))
        if node.name in names or node.shares in names
        else node
        for node in nodes
    ]
    outputs = tuple(replace(output, node=names.get(output.node, output.node)) for output in graph.outputs)
    return rebuilt(graph, nodes, outputs=outputs, blocks=blocks_that_hold(blocks, nodes))


def set_arguments(graph: Graph, name: str, arguments: Mapping[str, Any]) -> Graph:
    """Replace all arguments of a node."""
    node = graph.node(name)
    if node.shares:
        raise GraphError(f"'{name}' shares the weights of '{node.shares}'; set its arguments there", name)
    nodes = tuple(replace(n, arguments=Arguments(arguments)) if n.name == name else n for n in graph.nodes)
    return replace(graph, nodes=nodes)


def set_argument(graph: Graph, name: str, argument: str, value: Any) -> Graph:
    """Set one argument of a node."""
    return set_arguments(graph, name, graph.node(name).arguments.with_(**{argument: value}))


def set_inputs(graph: Graph, name: str, inputs: Sequence[str]) -> Graph:
    """Say what feeds a node; no inputs means the node above."""
    _existing(graph, name)
    nodes = [replace(node, inputs=tuple(inputs)) if node.name == name else node for node in graph.nodes]
    return rebuilt(graph, nodes)


def set_shape(graph: Graph, shape: Shape, input: str | None = None) -> Graph:
    """Set the shape of an input, the first one by default."""
    name = input or graph.inputs[0].name
    if all(entry.name != name for entry in graph.inputs):
        raise GraphError(f"there is no input '{name}'")
    inputs = tuple(Input(name, tuple(shape)) if entry.name == name else entry for entry in graph.inputs)
    return replace(graph, inputs=inputs)


def set_outputs(graph: Graph, outputs: Iterable[Output]) -> Graph:
    """Replace the named outputs; none means the last node."""
    return replace(graph, outputs=tuple(outputs))


def insert_block(
    graph: Graph, fragment: Graph, name: str, below: str | None = None, block: Block | None = None
) -> Graph:
    """Put a fragment's nodes under a new path below a node; what took that node takes the fragment's result.

    A fragment is a graph whose input stands for what the block takes and whose output is what it gives. ``block``
    records the template that made it.
    """
    if name in graph or graph.members(name):
        raise GraphError(f"there is a node or block '{name}' already", name)
    return _with_part(graph, fragment, lambda inner: f"{name}.{inner}", below, _recorded(fragment, name, block))


def insert_part(graph: Graph, fragment: Graph, below: str | None = None, parent: str = "") -> tuple[Graph, list[str]]:
    """Put a fragment's nodes and blocks below a node and into the block ``parent``; '' for none.

    Returns also what they are called there: as in the fragment, with a number where that name is taken. Raises
    `GraphError` where the fragment is empty or has not one input and one output.
    """
    free, names = FreeNames(graph), {}
    for segment in dict.fromkeys(node.name.partition(".")[0] for node in fragment.nodes):
        name = f"{parent}.{segment}" if parent else f"layer{segment}" if segment.isdigit() else segment
        names[segment] = free.take(name)

    def full(inner: str) -> str:
        segment = inner.partition(".")[0]
        return names[segment] + inner[len(segment) :]

    blocks = tuple(replace(block, name=full(block.name)) for block in fragment.blocks)
    return _with_part(graph, fragment, full, below, blocks), list(names.values())


def _with_part(
    graph: Graph, fragment: Graph, full: Callable[[str], str], below: str | None, blocks: tuple[Block, ...]
) -> Graph:
    """With a fragment below a node: what took that node takes the fragment's result."""
    above = graph.inputs[0].name if below is None else _existing(graph, below)
    index = 0 if below is None else graph.position[above] + 1
    placed, result = _placed(fragment, full, above)
    nodes = [fed(node, lambda source: result if source == above else source) for node in explicit(graph)]
    nodes[index:index] = placed
    outputs = tuple(replace(o, node=result) if o.node == above else o for o in graph.outputs)
    if all(o.node == above for o in graph.results):
        outputs = outputs or _ending(nodes, result)
    return rebuilt(graph, nodes, outputs=outputs, blocks=(*graph.blocks, *blocks))


def remake_block(graph: Graph, name: str, fragment: Graph, block: Block | None = None) -> Graph:
    """Replace the nodes under a block's path by a fragment's; what the block took and who took it stays."""
    members = graph.members(name)
    if not members:
        raise GraphError(f"there is no block '{name}'", name)
    inside = {node.name for node in members}
    sources = list(dict.fromkeys(s for node in members for s in graph.sources(node) if s not in inside))
    results = _results_of(graph, inside)
    if len(sources) != 1 or len(results) > 1:
        raise GraphError(f"'{name}' has several inputs or outputs, so it cannot be made anew as one block", name)
    placed, result = _placed(fragment, lambda inner: f"{name}.{inner}", sources[0])
    old = next(iter(results), "")
    nodes: list[Node] = []
    for node in explicit(graph):
        if node.name in inside:
            if node.name == members[0].name:
                nodes += placed
            continue
        nodes.append(fed(node, lambda source: result if source == old else source))
    outputs = tuple(replace(o, node=result) if o.node in inside else o for o in graph.outputs)
    if graph.nodes[-1].name in inside:
        outputs = outputs or _ending(nodes, result)
    others = tuple(b for b in graph.blocks if b.name != name and not b.name.startswith(f"{name}."))
    return rebuilt(graph, nodes, outputs=outputs, blocks=(*others, *_recorded(fragment, name, block)))


def ungroup(graph: Graph, name: str) -> Graph:
    """Dissolve a block: its nodes move one level up under names of their own."""
    members = graph.members(name)
    if not members:
        raise GraphError(f"there is no block '{name}'", name)
    parent = name.rpartition(".")[0]
    prefix = f"{parent}." if parent else ""
    result = replace(graph, blocks=tuple(block for block in graph.blocks if block.name != name))
    segments = dict.fromkeys(node.name[len(name) + 1 :].partition(".")[0] for node in members)
    word = name.rpartition(".")[2]
    for segment in segments:
        wanted = f"{prefix}{segment}"
        taken = wanted in result or any(node.name.startswith(f"{wanted}.") for node in result.nodes)
        if taken or wanted == name or segment.isdigit():
            wanted = free_name(result, f"{prefix}{word}_{segment}")
        result = rename(result, f"{name}.{segment}", wanted)
    return result


def group(graph: Graph, names: Iterable[str], name: str) -> Graph:
    """Put nodes under one new path, as a block made by hand."""
    chosen = [node.name for node in graph.nodes if node.name in set(names)]
    if not chosen:
        raise GraphError("choose the nodes to group first")
    if name in graph or graph.members(name):
        raise GraphError(f"there is a node or block '{name}' already", name)
    result = graph
    for old in chosen:
        result = rename(result, old, free_name(result, f"{name}.{old.rpartition('.')[2]}"))
    return replace(result, blocks=(*result.blocks, Block(name)))


def _existing(graph: Graph, name: str) -> str:
    return graph.node(name).name


def _results_of(graph: Graph, inside: set[str]) -> dict[str, None]:
    """The nodes of a part that something outside takes, or that are outputs."""
    ends = {output.node for output in graph.results}
    return {
        name: None
        for name in inside
        if name in ends or any(user not in inside for user in graph.consumers.get(name, ()))
    }


def _placed(fragment: Graph, full: Callable[[str], str], source: str) -> tuple[list[Node], str]:
    """A fragment's nodes under their full names, fed by ``source``, and the name of the one that is its result."""

    def fed_from(inner: str) -> str:
        return source if inner == fragment.inputs[0].name else full(inner)

    if not fragment.nodes:
        raise GraphError("a block needs a node at least")
    if len(fragment.inputs) != 1 or len(fragment.results) != 1:
        raise GraphError("a block has one input and one output")
    nodes = [
        replace(node, name=full(node.name), inputs=tuple(map(fed_from, fragment.sources(node))),
                shares=full(node.shares) if node.shares else None)
        for node in fragment.nodes
    ]  # fmt: skip
    return nodes, fed_from(fragment.results[0].node)


def _ending(nodes: Sequence[Node], result: str) -> tuple[Output, ...]:
    """No outputs, where the last node is the one that is meant; otherwise that one by name."""
    return () if nodes[-1].name == result else (Output("output", result),)


def _recorded(fragment: Graph, name: str, block: Block | None) -> tuple[Block, ...]:
    own = replace(block, name=name) if block else Block(name)
    return (own, *(replace(inner, name=f"{name}.{inner.name}") for inner in fragment.blocks))
