"""``--weights``: what a network starts from, downloaded where it is PyTorch's and not here yet."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli import reading

if TYPE_CHECKING:
    from workbench.graph import Graph
    from workbench.project import Project

Weights = Annotated[
    str | None,
    typer.Option(
        "--weights",
        metavar="FILE|RUN|torchvision",
        help="Start from a run's or a file's weights where they fit, or from PyTorch's ImageNet weights, which are "
        "downloaded; torchvision:NAME takes one of several.",
    ),
]
AllButHead = Annotated[
    bool, typer.Option("--all-but-head", help="With --weights: the last layers begin anew all the same.")
]


def starting(project: Project, weights: str | None, all_but_head: bool, settings: list[str] | None = None) -> Project:
    """The project that starts from these weights; says here already where none of them fits.

    Pictures are normalized as the weights expect, unless one of the ``settings`` of the command line says how.
    """
    from dataclasses import replace

    from workbench import runs
    from workbench.cli.errors import CommandError

    if weights is None:
        if all_but_head:
            raise CommandError("--all-but-head needs --weights FILE or RUN")
        return project
    file = runs.read_source(_found(weights, project.graph))
    runs.matched(file, project.graph, all_but_head)
    begun = runs.starting_from(project, file, all_but_head)
    if any(text.startswith("data.normalization=") for text in settings or ()):
        return replace(begun, data=project.data)
    return begun


def _found(weights: str, graph: Graph) -> Path:
    """Where the weights are, after they were downloaded if they had to be. Raises `DataError`."""
    from workbench.weights.pretrained import WORD, fetch, recommended

    if weights.partition(":")[0] != WORD:
        return Path(weights)
    chosen = recommended(graph, weights)
    with reading.shown() as progress:
        return fetch(chosen, progress)
