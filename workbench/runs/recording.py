"""A training written down while it runs: the same events, and every one of them kept."""

from __future__ import annotations

import os
import platform
import sys
import time
from collections.abc import Callable, Generator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import torch

from workbench import __version__
from workbench.compiler import analyse, fed_by_one_picture
from workbench.compiler.export import to_python
from workbench.data import Dataset, check_source, load
from workbench.data.collection import Progress
from workbench.graph import GraphError
from workbench.project import (
    DataChoice,
    Project,
    WriteError,
    dumps,
    make_folders,
    read_project,
    sweep,
    write_atomically,
)
from workbench.runs import layout
from workbench.runs.checkpoint_file import encode, read_state
from workbench.runs.ending import as_json, close, guarded
from workbench.runs.layout import RunError
from workbench.runs.lock import locked
from workbench.runs.metrics import MetricsWriter
from workbench.runs.naming import number_of
from workbench.runs.preparing import preprocessing_for
from workbench.runs.reel import drop_epochs, keep_epoch
from workbench.runs.starting import check_start, discord, start_of
from workbench.training import (
    Checkpoint,
    Control,
    Epoch,
    Event,
    Finished,
    Recorded,
    Started,
    State,
    Step,
    Stopped,
    Warning,
    Watch,
    admitted,
    train,
)

_FLUSH_SECONDS = 0.5


Images = Callable[[DataChoice, tuple[int, ...], Progress], Dataset]
"""Makes a data choice real, as `workbench.data.load` does."""


def start(
    project: Project,
    directory: Path,
    control: Control | None = None,
    probe: Watch | None = None,
    images: Images | None = None,
    records: bool = True,
) -> Generator[Event]:
    """Train a project into a new directory. The project is frozen there; later edits never touch it.

    Raises `RunError` where the directory holds a run already, `WriteError` where it cannot be made, and what `train`
    raises before its first step; any other error ends it with a `Finished` that says ``failed``. No directory is made
    where network, images or weights are none at all. Where a file cannot be written later the training pauses: a
    `Warning` says why, and asking for the next event tries again. ``probe`` looks into the network meanwhile;
    ``images`` is given by whoever has read them already; without ``records`` no epoch is kept to be looked at again.
    """
    directory = Path(directory)
    if (directory / layout.PROJECT).exists():
        raise RunError(f"{directory} holds a run already; choose another directory, or resume it")
    _check(project)
    check_source(project.data.source)
    check_start(project.recipe.weights)
    admitted(project.graph, project.recipe)
    make_folders(directory / layout.CHECKPOINTS)
    with locked(directory):
        write_atomically(directory / layout.PROJECT, dumps(project).encode())
        events = _recorded(project, directory, control or Control(), None, probe, images, records)
        yield from guarded(events, directory)


def resume(
    directory: Path,
    control: Control | None = None,
    probe: Watch | None = None,
    images: Images | None = None,
    records: bool = True,
) -> Generator[Event]:
    """Go on with a run from its last checkpoint, on the CPU bit for bit as if it had never stopped."""
    directory = Path(directory)
    if not (directory / layout.PROJECT).exists():
        raise RunError(f"{directory} holds no run; `workbench runs` lists them")
    project = read_project(directory / layout.PROJECT)
    with locked(directory):
        sweep(directory)
        sweep(directory / layout.CHECKPOINTS)
        sweep(directory / layout.EPOCHS)
        last = directory / layout.LAST
        state = read_state(last) if last.exists() else None
        if state is not None and _is_over(project, state):
            raise RunError(f"{directory} is complete; start a new run with more epochs to go on")
        admitted(project.graph, project.recipe, state)
        for name in (layout.REPORT, layout.ERROR):
            (directory / name).unlink(missing_ok=True)
        events = _recorded(project, directory, control or Control(), state, probe, images, records)
        yield from guarded(events, directory)


def _check(project: Project) -> None:
    analysis = analyse(fed_by_one_picture(project.graph))
    if not analysis.runs:
        problem = next((p for p in analysis.problems if p.severity == "error"), None)
        raise GraphError(
            f"{problem.node}: {problem.message}{'; ' + problem.remedy if problem.remedy else ''}"
            if problem
            else "the network has no layers"
        )


def _is_over(project: Project, state: State) -> bool:
    progress = state.values["progress"]
    return bool(progress["done"]) or progress["epoch"] > project.recipe.epochs


def _recorded(
    project: Project,
    directory: Path,
    control: Control,
    state: State | None,
    probe: Watch | None,
    images: Images | None,
    records: bool,
) -> Generator[Event]:
    environment = {} if state else _environment(project, directory)
    if state is None:
        # Its number above all: a run that ends before its images are read has its place among the others too.
        write_atomically(directory / layout.ENVIRONMENT, as_json(environment))
        write_atomically(directory / layout.SOURCE, to_python(fed_by_one_picture(project.graph)).encode())
    metrics = MetricsWriter(directory / layout.METRICS)
    flushed = time.monotonic()
    try:
        begun = state.values["progress"] if state else {"step": 0, "epoch": 1}
        metrics.resumed(begun["step"], begun["epoch"])
        drop_epochs(directory, begun["epoch"])
        try:
            begins = None if state else start_of(project, control.check)
            dataset = (images or load)(project.data, project.graph.shape, _until_stopped(control))
        except Stopped:
            finished = _stopped_before(state)
            yield from _insisted(lambda: close(finished, directory), control)
            yield finished
            return
        if state is None:
            # Only now is it known how pictures are prepared and how many threads there are.
            environment["threads"] = torch.get_num_threads()
            environment["preprocessing"] = preprocessing_for(project, dataset).record()
            environment["weights"] = begins.record() if begins else None
            environment["skipped"] = [list(row) for row in dataset.skipped]
            yield from _insisted(
                lambda: write_atomically(directory / layout.ENVIRONMENT, as_json(environment)), control
            )
        tensors = begins.match.tensors if begins else None
        told = f"{begins.sentence} {discord(begins.prepared, project.data)}".rstrip() if begins else ""
        events = train(
            project.graph, dataset, project.recipe, control, state, probe, weights=tensors, records=records
        )  # fmt: skip
        del begins, tensors  # the network has them now: no second copy is kept
        rate = _ChosenRate(control, begun["step"])
        for event in events:
            if isinstance(event, Step | Epoch | Warning):
                metrics.add(event)
            if isinstance(event, Step):
                rate.follow(event, metrics)
            # Another step takes as long again: what would be older than a second then is written now.
            if not isinstance(event, Step) or time.monotonic() + event.seconds - flushed > _FLUSH_SECONDS:
                yield from _insisted(metrics.flush, control)
                flushed = time.monotonic()
            if isinstance(event, Checkpoint):
                # A power cut may not leave a checkpoint whose curves are lost.
                yield from _insisted(metrics.sync, control)
                yield from _insisted(lambda e=event: _keep(e, directory), control)  # type: ignore[misc]
                metrics.checkpoint(event.step)
            if isinstance(event, Recorded):
                yield from _insisted(lambda e=event: keep_epoch(e, directory), control)  # type: ignore[misc]
            if isinstance(event, Finished):
                yield from _insisted(lambda e=event: close(e, directory), control)  # type: ignore[misc]
            yield event
            rate.look()
            if told and isinstance(event, Started):
                metrics.add(Warning(told))
                yield Warning(told)
    finally:
        metrics.close()


class _ChosenRate:
    """Tells the metrics of each learning rate that is asked for while the training runs."""

    def __init__(self, control: Control, step: int) -> None:
        self._control, self._factor = control, control.rate_factor
        self._step = step
        self._since: int | None = None

    def follow(self, step: Step, metrics: MetricsWriter) -> None:
        """The first step with another rate tells what it is."""
        if self._since is not None:
            metrics.rate(self._since, step.learning_rate)
            self._since = None
        self._step = step.step
        self.look()

    def look(self) -> None:
        if self._control.rate_factor != self._factor:
            self._factor, self._since = self._control.rate_factor, self._step


def _until_stopped(control: Control) -> Progress:
    """Images may take minutes to read: whoever stops meanwhile does not wait for them."""

    def progress(what: str, done: int, total: int) -> None:
        if control.stopping:
            raise Stopped

    return progress


def _stopped_before(state: State | None) -> Finished:
    progress = state.values["progress"] if state else {"epoch": 0, "step": 0, "best_epoch": 0}
    sentence = "Stopped while the images were read, before the first step."
    return Finished("stopped", progress["epoch"], progress["step"], progress["best_epoch"], sentence)


def _insisted(write: Callable[[], None], control: Control) -> Iterator[Warning]:
    """Write, and where that fails say so and try again when asked to go on; give up only when asked to stop."""
    while True:
        try:
            write()
            return
        except WriteError as error:
            if control.stopping:
                raise
            yield Warning(f"Paused: {error}; make room and the training goes on.", paused=True)


def _keep(event: Checkpoint, directory: Path) -> None:
    content = encode(event.state)
    if event.best:
        write_atomically(directory / layout.BEST, content)
    write_atomically(directory / layout.LAST, content)


def _environment(project: Project, directory: Path) -> dict[str, Any]:
    return {
        "number": number_of(directory),
        "workbench": __version__,
        "python": platform.python_version(),
        "torch": torch.__version__,
        "platform": platform.platform(),
        "processor": platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "threads": torch.get_num_threads(),
        "seed": project.recipe.seed,
        "command": [Path(sys.argv[0]).name, *sys.argv[1:]],
        "started": datetime.now(UTC).isoformat(timespec="seconds"),
    }
