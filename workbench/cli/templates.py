"""``insert`` and ``save-template``: blocks put into networks, and networks kept as blocks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli.networks import Target, problem_text

if TYPE_CHECKING:
    from workbench.graph import Block, Graph

Force = Annotated[bool, typer.Option("--force", help="Replace a file that is there.")]


def insert(
    target: Target,
    made_by: Annotated[str, typer.Argument(metavar="TEMPLATE|FILE", help="A block template's name or file.")],
    below: Annotated[
        str | None, typer.Option("--below", metavar="NODE", help="Put it below this node, or below the input.")
    ] = None,
    replace: Annotated[
        str | None, typer.Option("--replace", metavar="BLOCK", help="Put it in a block's place.")
    ] = None,
    name: Annotated[str | None, typer.Option("--as", metavar="PATH", help="The new block's path.")] = None,
    set: Annotated[
        list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="An argument of the template.")
    ] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write another file.")] = None,
    force: Force = False,
) -> None:
    """Put a block into a project file, below a node or in another block's place."""
    import dataclasses

    from workbench.cli.errors import CommandError
    from workbench.cli.output import count
    from workbench.cli.targets import new_file, project_of, write_file
    from workbench.compiler import analyse
    from workbench.graph import edits, free_name

    if (below is None) == (replace is None):
        raise CommandError("say where: --below NODE (or the input's name), or --replace BLOCK")
    if replace is not None and name is not None:
        raise CommandError(f"a block that replaces '{replace}' takes its name; leave out --as")
    if output is None and not Path(target).is_file():
        raise CommandError(f"'{target}' is no project file; give -o FILE to write one")
    destination = Path(target) if output is None else new_file(output, force)
    project = project_of(target)
    graph = project.graph
    made, block = _made(made_by, set or [])
    if replace is not None:
        path, changed = replace, edits.remake_block(graph, replace, made, block)
    else:
        path = name or free_name(graph, "block")
        above = None if below == graph.inputs[0].name else below
        changed = edits.insert_block(graph, made, path, above, block)
    write_file(dataclasses.replace(project, graph=changed), destination)
    analysis = analyse(changed)
    whole = f" with {count(analysis.parameters)} parameters" if analysis.runs else ""
    print(
        f"wrote {destination}: {path} has {len(changed.members(path))} layers, the network {len(changed.nodes)}{whole}"
    )
    for problem in analysis.problems:
        print(problem_text(problem))


def save_template(
    target: Target,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="The template file to write.")],
    block: Annotated[
        str | None, typer.Option("--block", metavar="PATH", help="This block only, such as layer1.0.")
    ] = None,
    force: Force = False,
) -> None:
    """Keep a network, or one block of it, as a template file that `insert` puts into others."""
    from workbench.cli.targets import new_file, project_of
    from workbench.graph import GraphError
    from workbench.project import write_template

    new_file(output, force)
    graph = project_of(target).graph
    if block is not None:
        if block in graph or not graph.members(block):
            raise GraphError(f"there is no block '{block}'")
        graph = _block_of(graph, block)
    elif len(graph.inputs) != 1 or len(graph.results) != 1:
        raise GraphError("a template has one input and one output; choose a part that has them with --block PATH")
    if not graph.nodes:
        raise GraphError("a template needs a layer at least")
    write_template(graph, output)
    print(f"wrote {output}: {len(graph.nodes)} layers")


def _block_of(graph: Graph, path: str) -> Graph:
    """The block with the shape that comes to it, where that is known: its file can then be read by itself."""
    from workbench.compiler import analyse
    from workbench.graph import fragment

    part = fragment(graph, [path])
    first = next(node for node in graph.members(path) if part.inputs[0].name in part.sources(part.nodes[0]))
    shape = analyse(graph).by_name[first.name].inputs[0]
    sizes = tuple(size for size in shape or () if isinstance(size, int))
    return fragment(graph, [path], sizes) if sizes else part


def _made(word: str, settings: list[str]) -> tuple[Graph, Block | None]:
    """The block that a template's name and arguments mean, with what is recorded of it; or that of a file."""
    from workbench.cli.errors import CommandError
    from workbench.graph import Block, parse_value
    from workbench.layers import TEMPLATES, template
    from workbench.project import read_template

    arguments = {}
    for text in settings:
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise CommandError(f"--set takes NAME=VALUE, not '{text}'")
        arguments[name] = parse_value(value)
    if word not in TEMPLATES and Path(word).exists():
        if arguments:
            raise CommandError(f"{word} is a template file, which has no arguments; leave out --set")
        return read_template(word), None
    known = template(word)
    checked = known.check(arguments)
    return known.make(checked), Block(word, word, checked)
