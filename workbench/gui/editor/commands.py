"""What a person does to the network: each function is one edit of the document, named as the Edit menu names it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from workbench.graph import Arguments, Block, Field, Graph, GraphError, Node, edits, fragment, free_name
from workbench.gui.document import Document
from workbench.gui.editor import own_blocks
from workbench.layers import CATALOGUE, TEMPLATES, Layer
from workbench.project.fine_tuning import is_frozen, renamed, with_factor, with_frozen

_STARTING = {
    "out_channels": 16, "kernel_size": 3, "out_features": 10, "output_size": 1, "num_groups": 1, "channels": 16,
    "features": 16, "size": 2, "factor": 2, "upscale_factor": 2, "groups": 1,
}  # fmt: skip
"""What a new layer begins with where PyTorch has no default."""


def insert(document: Document, what: str, below: str | None) -> None:
    """Insert ``layer:KIND``, ``template:NAME`` or ``mine:NAME`` below a node; below None, under the input."""
    sort, _, name = what.partition(":")
    graph = document.graph
    if sort == "mine":
        path = free_name(graph, re.sub(r"\W+", "_", name, flags=re.ASCII).strip("_").lower() or "block")
        path = path if path[0].isalpha() else f"block_{path}"
        document.set_graph(
            edits.insert_block(graph, own_blocks.load(name), path, below), f"Insert {name}", select=[path]
        )
        return
    if sort == "template":
        made = TEMPLATES[name]
        taken = _channels(document, below)
        arguments = Arguments({f.name: _start(f, taken) for f in made.fields if f.required})
        path = free_name(graph, name.lower())
        document.set_graph(
            edits.insert_block(graph, made.make(arguments), path, below, Block(path, name, made.check(arguments))),
            f"Insert {name}",
            select=[path],
        )
        return
    entry = CATALOGUE[name]
    taken = _channels(document, below)
    arguments = Arguments({f.name: _start(f, taken) for f in entry.fields if f.required})
    arguments = entry.check(arguments)
    new = Node(free_name(graph, _new_name(entry, below)), name, arguments, _first_inputs(graph, entry, below))
    document.set_graph(edits.insert(graph, new, below), f"Insert {name}", select=[new.name])


def place_for(document: Document, what: str) -> str | None:
    """The layer below which something goes where nothing is selected, None being the input.

    That is the output; what takes maps, after a classifier that gives none, goes below the last layer that gives some.
    """
    graph, analysis = document.graph, document.analysis
    end = next((output.node for output in graph.results if not output.training_only), None)
    sort, _, kind = what.partition(":")
    ranks = CATALOGUE[kind].ranks if sort == "layer" else (3,)
    if analysis is None or end is None or ranks is None:
        return end
    name = end
    while name in graph:
        output = analysis.by_name[name].output
        if output and len(output) in ranks and isinstance(output[0], int):
            return name
        name = graph.sources(graph.node(name))[0]
    return None if len(graph.shape) in ranks else end


def remove(document: Document, names: Sequence[str]) -> None:
    """Take cards away; what took them takes what they took."""
    nodes = _nodes(document.graph, names)
    if nodes:
        document.set_graph(edits.remove(document.graph, *nodes), f"Delete {_spoken(names)}")


def duplicate(document: Document, names: Sequence[str]) -> None:
    """A copy of each card below the last of them, in their order; blocks keep their inner wiring."""
    part = fragment(document.graph, names, document.graph.shape, whole=True)
    paste(document, part, names[-1] if names else None, f"Duplicate {_spoken(names)}")


def move(document: Document, name: str, below: str | None) -> None:
    move_all(document, [name], below)


def move_all(document: Document, names: Sequence[str], below: str | None) -> None:
    """Put cards below another, in their order, as one step."""
    graph = document.graph
    for name in names:
        graph = _moved(graph, name, below)
        below = last_of(graph, name)
    document.set_graph(graph, f"Move {_spoken(names)}")


def _moved(graph: Graph, name: str, below: str | None) -> Graph:
    if name in graph:
        return edits.move(graph, name, below)
    part, block = fragment(graph, [name], graph.shape), graph.block_of(name)
    without = edits.remove(graph, *_nodes(graph, [name]))
    if below is not None and below not in without:
        raise GraphError(f"'{name}' cannot stand below a part of itself", name)
    return edits.insert_block(without, part, name, below, block)


def rename(document: Document, old: str, new: str) -> None:
    graph, recipe = edits.rename(document.graph, old, new), renamed(document.recipe, old, new)
    document.apply(replace(document.project, graph=graph, recipe=recipe), f"Rename {old} to {new}", select=[new])


def set_argument(document: Document, names: Sequence[str], argument: str, value: Any) -> None:
    """Set one argument of several layers of one kind at once. A value that is the default is left out."""
    graph = document.graph
    for name in names:
        node = graph.node(name)
        field = CATALOGUE[node.kind].by_name[argument]
        given = node.arguments.with_(**{argument: value})
        if not field.required and value == field.default and type(value) is type(field.default):
            given = given.without(argument)
        graph = edits.set_arguments(graph, name, given)
    document.set_graph(graph, f"Set {argument} of {_spoken(names)}", f"{argument} of {','.join(names)}")


def set_block_argument(document: Document, names: Sequence[str], argument: str, value: Any) -> None:
    """Make blocks of templates anew with another value of one argument."""
    graph = document.graph
    for name in names:
        block = graph.block_of(name)
        if block is None or not block.template:
            raise GraphError(f"'{name}' was made by hand, not from a template", name)
        made = TEMPLATES[block.template]
        checked = made.check({**block.arguments, argument: value})
        graph = edits.remake_block(graph, name, made.make(checked), Block(name, block.template, checked))
    document.set_graph(graph, f"Set {argument} of {_spoken(names)}", f"{argument} of {','.join(names)}")


def freeze(document: Document, names: Sequence[str], on: bool | None = None) -> None:
    """Have layers and blocks keep their weights, or learn; None: the other of what they do now."""
    graph, recipe = document.graph, document.recipe
    nodes = _nodes(graph, names)
    if on is None:
        on = not all(is_frozen(recipe, name) for name in nodes)
    title = f"{'Freeze' if on else 'Let learn'} {_spoken(names)}"
    document.set_recipe(with_frozen(graph, recipe, names, on), title)


def set_rate_factor(document: Document, names: Sequence[str], factor: float) -> None:
    """Multiply the learning rate of layers and blocks."""
    recipe = with_factor(document.recipe, names, factor)
    document.set_recipe(recipe, f"Set learning rate of {_spoken(names)}", f"rate of {','.join(names)}")


def connect(document: Document, source: str, target: str) -> None:
    """Have ``target`` take ``source``: as one more input where it joins several, else in place of what it took."""
    graph = document.graph
    node = graph.node(target)
    entry = CATALOGUE[node.kind]
    sources = list(graph.sources(node))
    if source in sources:
        if len(sources) == 1:
            return
        sources.remove(source)
        title = f"Disconnect {source} from {target}"
    elif entry.arity[1] is None or entry.arity[1] > 1:
        sources.append(source)
        title = f"Connect {source} to {target}"
    else:
        sources = [source]
        title = f"Connect {source} to {target}"
    document.set_graph(edits.set_inputs(graph, target, sources), title)


def group(document: Document, names: Sequence[str], name: str = "") -> str:
    """Make one block of cards; its path."""
    graph = document.graph
    path = free_name(graph, name or "block1")
    document.set_graph(edits.group(graph, _nodes(graph, names), path), f"Group {_spoken(names)}", select=[path])
    return path


def ungroup(document: Document, names: Sequence[str]) -> None:
    """Have the layers of blocks stand by themselves, selected. Raises `GraphError` where none of these is a block."""
    graph = document.graph
    chosen = [name for name in names if name not in graph]
    if not chosen:
        raise GraphError("select a block to ungroup it")
    for name in chosen:
        graph = edits.ungroup(graph, name)
    freed = [node.name for node in graph.nodes if node.name not in document.graph]
    document.set_graph(graph, f"Ungroup {_spoken(chosen)}", select=freed)


def paste(document: Document, part: Graph, below: str | None, title: str = "") -> None:
    """Insert a part's layers and blocks below a card and in its block, under names that are free."""
    graph = document.graph
    place = last_of(graph, below) if below else (graph.nodes[-1].name if graph.nodes else None)
    result, names = edits.insert_part(graph, part, place, (below or "").rpartition(".")[0])
    document.set_graph(result, title or f"Paste {_spoken(names)}", select=names)


def last_of(graph: Graph, name: str) -> str | None:
    """The node that a card's value comes from: None for an input."""
    if name in graph:
        return name
    members = graph.members(name)
    return members[-1].name if members else None


def _nodes(graph: Graph, names: Iterable[str]) -> list[str]:
    chosen: dict[str, None] = {}
    for name in names:
        if name in graph:
            chosen[name] = None
        else:
            chosen.update(dict.fromkeys(node.name for node in graph.members(name)))
    return list(chosen)


def _spoken(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{len(names)} layers"


def _channels(document: Document, below: str | None) -> int | None:
    """How many maps a layer put below this one would take, as far as is known."""
    if below is None:
        return document.graph.shape[0]
    report = document.analysis.by_name.get(below) if document.analysis else None
    output = report.output if report else None
    return output[0] if output and len(output) == 3 and isinstance(output[0], int) else None


def _start(field: Field, channels: int | None) -> Any:
    """A value to begin with: a block keeps the number of maps, so that it fits where it is put."""
    if field.choices:
        return field.choices[0]
    if field.name == "connections":
        maps = channels or 1
        return "; ".join(" ".join(str(seen % maps) for seen in range(out, out + min(3, maps))) for out in range(maps))
    value: Any = _STARTING.get(field.name, max(1, int(field.low)) if field.low > -1e9 else 1)
    if field.name == "channels" and channels is not None:
        value = channels
    return (value,) * (field.length or 1) if field.type in ("ints", "floats") else value


def _new_name(entry: Layer, below: str | None) -> str:
    word = {"Conv2d": "conv", "Linear": "fc", "BatchNorm2d": "bn", "MaxPool2d": "pool", "AvgPool2d": "pool"}
    stem = word.get(entry.kind, entry.kind.lower())
    path = (below or "").rpartition(".")[0]
    return f"{path}.{stem}1" if path else f"{stem}1"


def _first_inputs(graph: Graph, entry: Layer, below: str | None) -> tuple[str, ...]:
    """A layer that joins begins with what stands above and the nearest other value it could take."""
    if entry.arity[0] < 2:
        return ()
    above = below or graph.inputs[0].name
    node = graph.by_name.get(above)
    other = graph.sources(node)[0] if node else above
    return (above, other)
