"""``summary``, ``new``, ``check``: a network looked at, written down and examined."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from workbench.cli.catalogues import AsJson

Target = Annotated[str, typer.Argument(metavar="NAME|FILE", help="A preset's name or a project file.")]
InputShape = Annotated[str | None, typer.Option("--input", metavar="C,H,W", help="Another input (presets).")]
Classes = Annotated[
    int | None, typer.Option("--classes", min=1, metavar="N", help="Another number of classes (presets).")
]


def summary(target: Target, input: InputShape = None, classes: Classes = None, json: AsJson = False) -> None:
    """Show a network layer by layer: output, parameters, multiply-adds, receptive field."""
    from workbench.cli.output import count, print_json, print_table, say, shape
    from workbench.cli.targets import parse_shape, project_of
    from workbench.compiler import analyse
    from workbench.graph import inference_graph

    graph = project_of(target, classes, parse_shape(input)).graph
    analysis = analyse(graph)
    inference = analyse(inference_graph(graph))
    if json:
        print_json(
            {
                "name": graph.name,
                "input": list(graph.shape),
                "parameters": inference.parameters,
                "training_parameters": analysis.parameters,
                "macs": inference.macs,
                "activation_bytes": inference.activation_bytes,
                "problems": [_problem_record(problem) for problem in analysis.problems],
                "layers": [
                    {
                        "name": report.name,
                        "kind": report.kind,
                        "output": report.output,
                        "parameters": report.parameters,
                        "macs": report.macs,
                        "receptive_field": field_sizes(report.receptive_field),
                    }
                    for report in analysis.layers
                ],
            }
        )
        return
    inputs = ", ".join(shape(entry.shape) for entry in graph.inputs)
    say(f"{graph.name or target}: input {inputs}")
    print_table(
        ("name", "kind", "output", "parameters", "multiply-adds", "receptive field"),
        [
            (
                report.name,
                report.kind,
                shape(report.output),
                count(report.parameters) if report.parameters else "",
                count(report.macs) if report.macs else "",
                field_text(report.receptive_field),
            )
            for report in analysis.layers
        ],
        right=(2, 3, 4, 5),
    )
    print(f"{count(inference.parameters)} parameters, {count(inference.macs)} multiply-adds")
    if inference.parameters != analysis.parameters:
        print(f"{count(analysis.parameters)} parameters with what only training uses")
    for problem in analysis.problems:
        say(problem_text(problem))


def new(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A preset's name.")],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="The project file to write.")],
    input: InputShape = None,
    classes: Classes = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
) -> None:
    """Write a preset down as a project file."""
    from workbench.cli.targets import new_file, parse_shape, project_of, write_file

    new_file(output, force)
    write_file(project_of(name, classes, parse_shape(input)), output)
    print(f"wrote {output}")


def check(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A project file or a preset's name.")],
    json: AsJson = False,
) -> None:
    """List what keeps a network from running; exit status 1 if anything does."""
    from workbench.cli.output import count, print_json, say
    from workbench.cli.targets import project_of
    from workbench.compiler import analyse

    analysis = analyse(project_of(file).graph)
    if json:
        print_json([_problem_record(problem) for problem in analysis.problems])
    else:
        for problem in analysis.problems:
            say(problem_text(problem))
        if analysis.runs:
            print(f"{file} is sound: {len(analysis.layers)} layers, {count(analysis.parameters)} parameters")
    if not analysis.runs:
        raise typer.Exit(1)


def _problem_record(problem):
    return {
        "node": problem.node,
        "source": problem.source,
        "severity": problem.severity,
        "message": problem.message,
        "remedy": problem.remedy,
    }


def problem_text(problem) -> str:
    where = f"{problem.node}: " if problem.node else ""
    return f"{problem.severity}: {where}{problem.message}" + (f" ({problem.remedy})" if problem.remedy else "")


def field_sizes(field):
    return None if field is None else [float(field.height.size), float(field.width.size)]


def field_text(field) -> str:
    if field is None:
        return ""
    height, width = field_sizes(field)
    return f"{height:g}" if height == width else f"{height:g}×{width:g}"
