"""``train`` and ``preflight``, and the project that their command line means."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workbench.cli import reading
from workbench.cli.catalogues import AsJson
from workbench.cli.following import follow, follow_as_json, stopping_on_interrupt, to_its_end
from workbench.cli.interrupts import INTERRUPTED
from workbench.cli.networks import Classes, InputShape, Target
from workbench.cli.starting import AllButHead, Weights, starting

if TYPE_CHECKING:
    from workbench.data import Dataset
    from workbench.data.collection import Progress
    from workbench.inspection import ChosenPicture
    from workbench.project import DataChoice, Project

Data = Annotated[
    str | None,
    typer.Option("--data", metavar="NAME|FOLDER", help="A data set, a folder of images by class, or a CSV file."),
]
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="A setting, such as recipe.learning_rate=0.1; repeatable."),
]
_HEALTH_SHARE = 0.02

Device = Annotated[str | None, typer.Option("--device", metavar="NAME", help="auto, cpu, cuda, cuda:1 or mps.")]


def train(
    target: Annotated[
        str | None, typer.Argument(metavar="NAME|FILE", help="A preset's name or a project file.")
    ] = None,
    data: Data = None,
    epochs: Annotated[
        int | None, typer.Option("--epochs", min=1, metavar="N", help="Passes over the training images.")
    ] = None,
    set: Settings = None,
    device: Device = None,
    run: Annotated[Path | None, typer.Option("--run", metavar="DIR", help="The run's directory, a new one.")] = None,
    resume: Annotated[Path | None, typer.Option("--resume", metavar="DIR", help="Go on with this run.")] = None,
    input: InputShape = None,
    classes: Classes = None,
    weights: Weights = None,
    all_but_head: AllButHead = False,
    health: Annotated[
        bool, typer.Option("--health", help="After each epoch a table of how every layer fares (3 % slower at most).")
    ] = False,
    picture: Annotated[
        Path | None,
        typer.Option("--picture", metavar="FILE", help="Record this picture's maps, not the first validation image's."),
    ] = None,
    no_record: Annotated[bool, typer.Option("--no-record", help="Keep no epoch to be looked at again.")] = False,
    json: AsJson = False,
) -> None:
    """Train a network; Ctrl-C stops after a checkpoint."""
    _prepare_machine()
    from workbench import runs
    from workbench.cli.errors import CommandError
    from workbench.cli.output import print_no_more
    from workbench.training import Control, Watch

    if (target is None) == (resume is None):
        raise CommandError("give a preset or project file to train, or --resume DIR to go on with a run")
    control, watch = Control(), Watch(health=_HEALTH_SHARE if health else 0.0)
    if resume is not None:
        if data or epochs or set or device or run or input or classes or weights or all_but_head:
            raise CommandError("a resumed run keeps its settings; give --resume DIR alone")
        directory = resume
        project = runs.Run.open(directory).project
        watch.chosen = _chosen(project, picture)
        events = runs.resume(directory, control, watch, _images_shown, records=not no_record)
    else:
        project = configured(str(target), data, epochs, set, device, input, classes)
        project = starting(project, weights, all_but_head, set)
        directory = run if run is not None else runs.new_directory(Path("runs"), str(target))
        watch.chosen = _chosen(project, picture)
        events = runs.start(project, directory, control, watch, _images_shown, records=not no_record)
    with stopping_on_interrupt(control):
        finished, unread = to_its_end(follow_as_json if json else follow, events, control)
    if finished.reason == "failed":
        raise CommandError(finished.sentence)
    stopped = finished.reason == "stopped"
    go_on = f"go on with: workbench train --resume {shlex.quote(str(directory))}" if stopped else ""
    if unread:
        print_no_more()
        raise CommandError(f"nothing more can be printed ({unread}): {finished.sentence} {go_on}")
    if not json:
        print(f"run: {directory}")
    if stopped:
        if not json:
            print(go_on)
        sys.exit(INTERRUPTED)


def _chosen(project: Project, picture: Path | None) -> ChosenPicture | None:
    """A picture of the person's own as the network takes it. Raises `PictureError`."""
    if picture is None:
        return None
    from workbench.data import PictureError, fit_picture
    from workbench.inspection import ChosenPicture

    channels, height, width = project.graph.shape
    try:
        pixels = fit_picture(picture, (channels, height, width), project.data.fit)
    except PictureError as error:
        raise PictureError(f"{picture}: {error}") from None
    return ChosenPicture(pixels.numpy(), picture.name)


def preflight(
    target: Target,
    data: Data = None,
    set: Settings = None,
    device: Device = None,
    input: InputShape = None,
    classes: Classes = None,
    weights: Weights = None,
    all_but_head: AllButHead = False,
    json: AsJson = False,
) -> None:
    """Before training: memory, labels, ten images learnt by heart, and a learning-rate range test."""
    _prepare_machine()
    from workbench.cli.output import print_json
    from workbench.cli.preflight_report import print_report
    from workbench.data import load
    from workbench.runs import start_of
    from workbench.training.preflight import examine

    project = configured(target, data, None, set, device, input, classes)
    project = starting(project, weights, all_but_head, set)
    begins = start_of(project)
    with reading.shown() as progress:
        dataset = load(project.data, project.graph.shape, progress)
    report = examine(project.graph, dataset, project.recipe, weights=begins.match.tensors if begins else None)
    if json:
        print_json(report.record())
    else:
        print_report(report)


def configured(
    target: str,
    data: str | None,
    epochs: int | None,
    settings: list[str] | None,
    device: str | None,
    input: str | None,
    classes: int | None,
) -> Project:
    """The project that a command line means: a preset fits itself to the number of classes in the data."""
    from dataclasses import replace

    from workbench import presets
    from workbench.cli.targets import parse_shape, project_of

    shape = parse_shape(input)
    project = project_of(target, classes, shape)
    choice = project.data.changed(source=data) if data else project.data
    recipe = project.recipe
    if epochs is not None:
        recipe = recipe.changed(epochs=epochs)
    if device is not None:
        recipe = recipe.changed(device=device)
    for key, value in map(_setting, settings or ()):
        part, _, name = key.partition(".")
        if part == "recipe":
            recipe = recipe.changed(**{name: value})
        else:
            choice = choice.changed(**{name: value})
    if target in presets.PRESETS and classes is None:
        classes = _classes_of(choice.source)
        project = project_of(target, classes, shape)
    return replace(project, data=_anywhere(choice), recipe=recipe)


def _classes_of(source: str) -> int:
    """How many classes a source has: known of those with a name, counted in a folder or table."""
    from workbench.data import SOURCES, find

    if source in SOURCES:
        return SOURCES[source].classes
    with reading.shown() as progress:
        return len(find(source, progress).classes)


def _anywhere(choice: DataChoice) -> DataChoice:
    """The choice with a folder's or file's whole path: its run can then be resumed from any folder."""
    from workbench.data import SOURCES

    path = Path(choice.source).expanduser()
    return choice.changed(source=str(path.absolute())) if choice.source not in SOURCES and path.exists() else choice


def _images_shown(choice: DataChoice, shape: tuple[int, ...], stop: Progress) -> Dataset:
    """The images of a choice, with a line that says how far reading them is; ``stop`` ends it by raising."""
    from workbench.data import load

    with reading.shown() as show:

        def progress(what: str, done: int, total: int) -> None:
            stop(what, done, total)
            show(what, done, total)

        return load(choice, shape, progress)


def _setting(text: str) -> tuple[str, Any]:
    """``recipe.learning_rate=0.1`` as a key and a value read as JSON, or as a word where it is none."""
    from workbench.cli.errors import CommandError
    from workbench.graph import parse_value

    key, equals, value = text.partition("=")
    if not equals or key.partition(".")[0] not in ("recipe", "data") or not key.partition(".")[2]:
        raise CommandError(f"--set takes recipe.NAME=VALUE or data.NAME=VALUE, not '{text}'")
    return key, parse_value(value)


def _prepare_machine() -> None:
    """Choose threads and their wait policy: the OpenMP runtime reads them once, when torch is loaded."""
    from workbench.machine import prepare_for_torch

    prepare_for_torch()
