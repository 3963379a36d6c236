"""``train`` and ``preflight``: the events of a training, shown as they come."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workbench.cli import reading
from workbench.cli.catalogues import AsJson
from workbench.cli.networks import Classes, InputShape, Target
from workbench.cli.starting import AllButHead, Weights, starting

if TYPE_CHECKING:
    from workbench.data import Dataset
    from workbench.data.collection import Progress
    from workbench.inspection import ChosenPicture
    from workbench.project import DataChoice, Project
    from workbench.training import Control, Finished

Data = Annotated[
    str | None,
    typer.Option("--data", metavar="NAME|FOLDER", help="A data set, a folder of images by class, or a CSV file."),
]
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="A setting, such as recipe.learning_rate=0.1; repeatable."),
]
_RETRY_SECONDS = 2.0
_HEALTH_SHARE = 0.02

Device = Annotated[str | None, typer.Option("--device", help="auto, cpu, cuda, cuda:1 or mps.")]


def train(
    target: Annotated[
        str | None, typer.Argument(metavar="NAME|FILE", help="A preset's name or a project file.")
    ] = None,
    data: Data = None,
    epochs: Annotated[int | None, typer.Option("--epochs", min=1, help="Passes over the training images.")] = None,
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
    events = _patient(events)
    with _stopping_on_interrupt(control):
        finished = _follow_json(events) if json else _follow(events)
    if finished.reason == "failed":
        raise CommandError(finished.sentence)
    if not json:
        print(f"run: {directory}")
    if finished.reason == "stopped":
        if not json:
            print(f"go on with: workbench train --resume {directory}")
        raise typer.Exit(130)


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
        from workbench.data import find

        with reading.shown() as progress:
            classes = len(find(choice.source, progress).classes)
        project = project_of(target, classes, shape)
    return replace(project, data=_anywhere(choice), recipe=recipe)


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
    from workbench.machine import prepare_threads

    prepare_threads()


class _stopping_on_interrupt:
    """The first Ctrl-C asks the training to stop after a checkpoint; a second one interrupts at once."""

    def __init__(self, control: Control) -> None:
        self.control = control

    def __enter__(self) -> None:
        import signal

        self.previous = signal.signal(signal.SIGINT, self._asked)

    def __exit__(self, *_: object) -> None:
        import signal

        signal.signal(signal.SIGINT, self.previous)

    def _asked(self, *_: object) -> None:
        if self.control.stopping:
            raise KeyboardInterrupt
        self.control.stop()


def _patient(events: Any) -> Any:
    """The events, with one word where the training is paused instead of one each time it tries again."""
    import time

    from workbench.training import Warning

    told = ""
    for event in events:
        if isinstance(event, Warning) and event.paused:
            if event.message != told:
                yield event
            told = event.message
            time.sleep(_RETRY_SECONDS)
            continue
        told = ""
        yield event


def _follow_json(events: Any) -> Finished:
    from workbench.cli.output import print_json

    event: Any = None
    for event in events:
        record = event_record(event)
        if record is not None:
            print_json(record)
    return event


def event_record(event: Any) -> dict[str, Any] | None:
    """An event as a JSON object: its type in lower case and its fields. A checkpoint's tensors stay out."""
    import dataclasses

    from workbench.training import Checkpoint, Diagnosis, Health, Probe, Recorded

    name = {"event": type(event).__name__.lower()}
    if isinstance(event, Probe | Recorded):
        return None
    if isinstance(event, Health):
        layers = {layer: dataclasses.asdict(health) for layer, health in event.layers.items()}
        return name | {"step": event.step, "images": event.images, "layers": layers}
    if isinstance(event, Checkpoint):
        return name | {"epoch": event.epoch, "step": event.step, "best": event.best}
    return name | {
        field.name: dataclasses.asdict(value) if isinstance(value, Diagnosis) else value
        for field in dataclasses.fields(event)
        for value in [getattr(event, field.name)]
        if field.name not in ("details", "traceback")
    }


def _follow(events: Any) -> Finished:
    """Show a training: a progress bar with the time left, a row an epoch, the curves at the end."""
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from workbench.cli.health_report import print_health
    from workbench.cli.output import count, curves
    from workbench.training import Epoch, Finished, Health, Started, Step, Warning

    console = Console(highlight=False, soft_wrap=True)
    bar = Progress(
        TextColumn("epoch {task.fields[epoch]}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("loss {task.fields[loss]}"),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
    training_loss: list[float] = []
    validation_loss: list[float] = []
    event: Any = None
    health: Health | None = None
    with bar:
        task = bar.add_task("training", total=None, epoch=1, loss="–")
        for event in events:
            match event:
                case Started():
                    bar.update(task, total=event.epochs * event.steps_per_epoch, completed=event.step)
                    console.print(
                        f"{count(event.parameters)} parameters, {count(event.train_images)} training and "
                        f"{count(event.validation_images)} validation images, {len(event.classes)} classes; "
                        f"{event.device}, {event.precision}, {event.threads} threads",
                    )
                    console.print("epoch  train loss   at its end  validation  accuracy      rate  images/s")
                case Step():
                    bar.update(task, completed=event.step, epoch=event.epoch, loss=f"{event.data_loss:.3f}")
                case Epoch():
                    training_loss.append(event.train_loss)
                    validation_loss.append(event.validation_loss)
                    console.print(
                        f"{event.epoch:5d}  {event.train_loss:10.4f}  {event.train_loss_eval:11.4f}  "
                        f"{event.validation_loss:10.4f}  {event.validation_accuracy:8.2%}  "
                        f"{event.learning_rate:8.2g}  {event.images_per_second:8,.0f}{'  best' if event.best else ''}"
                    )
                    last_diagnosis = event.diagnosis.sentence
                    if health is not None:
                        print_health(health)
                case Health():
                    health = event
                case Warning():
                    console.print(f"warning: {escape(event.message)}")
                case Finished():
                    if validation_loss:
                        print(curves({"training loss": training_loss, "validation loss": validation_loss}))
                        console.print(escape(last_diagnosis))
                    if event.reason != "failed":
                        console.print(escape(event.sentence))
    return event
