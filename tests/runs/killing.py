"""Trainings in processes of their own that end in their midst by kill -9, and what must be left of them.

python -m tests.runs.killing     serves `Nursery`: a line of JSON begins a training
"""

from __future__ import annotations

import json
import math
import os
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import torch

from tests import offline
from tests.pauses import Pauses
from workbench.data import load
from workbench.graph import Builder
from workbench.project import DataChoice, Project, Recipe, read_project, write_project
from workbench.runs import Run, layout, read_state, resume, start
from workbench.training import Checkpoint, Event, Step, saving, train

Place = Literal["boundary", "inside"]
ROOT = Path(__file__).parents[2]


class Nursery:
    """A process without threads that has imported everything once; each training is a copy of it, there at once."""

    def __init__(self, gpu: bool = False) -> None:
        # Asking for GPUs must not begin to use one, which a copy could not go on with.
        self._own = {"PYTORCH_NVML_BASED_CUDA_CHECK": "1"} if gpu else {"CUDA_VISIBLE_DEVICES": ""}

    def __enter__(self) -> Nursery:
        self._parts = ExitStack()
        self.pauses = self._parts.enter_context(Pauses())
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.runs.killing"], cwd=ROOT,
            env=os.environ | {"PYTHONPATH": _path()} | self._own,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            start_new_session=True,
        )  # fmt: skip
        return self

    def __exit__(self, *_: object) -> None:
        with self._parts:
            self._process.communicate()

    def begin(self, directory: Path, project: Project, place: Place | None = None, pause: float = 0.0) -> int:
        """Train, or go on with a run that is there already; gives the process's number."""
        if not directory.exists():
            write_project(project, directory.with_suffix(".json"))
        assert self._process.stdin is not None
        arguments = (str(directory), torch.get_num_threads(), place, pause)
        self._process.stdin.write(json.dumps(arguments) + "\n")
        self._process.stdin.flush()
        return self._number()

    def end(self) -> int:
        """Wait for the training that was begun last; gives its exit status, or minus the signal that killed it."""
        return self._number()

    def _number(self) -> int:
        assert self._process.stdout is not None
        return int(self._process.stdout.readline())


@dataclass
class Promises:
    """What a training said before it was killed: its last checkpoint's step, and how many seconds old each step was."""

    saved: int = 0
    steps: list[tuple[float, int]] = field(default_factory=list)


def die_at(place: Place, nursery: Nursery, directory: Path, project: Project) -> None:
    """Train until the process kills itself in the second epoch or a later one.

    ``boundary`` is behind a checkpoint that ends an epoch, ``inside`` behind the third of an epoch that does not.
    """
    nursery.begin(directory, project, place)
    assert nursery.end() == -signal.SIGKILL


def kill_after(
    seconds: float, nursery: Nursery, directory: Path, project: Project, pause: float = 0.01
) -> Promises | None:
    """Train or go on, and kill the process so long after its first checkpoint; None where it ended before that.

    It rests for ``pause`` seconds after each step, so that a small network is killed at many places of its training.
    """
    told = _told(directory)
    told.unlink(missing_ok=True)
    process = nursery.begin(directory, project, pause=pause)
    while Checkpoint.__name__ not in (told.read_text() if told.exists() else "") and _is_alive(process):
        time.sleep(0.002)
    until = time.monotonic() + seconds
    while time.monotonic() < until and _is_alive(process):
        time.sleep(0.002)
    promises, killed = Promises(), time.monotonic()
    if _is_alive(process):
        os.kill(process, signal.SIGKILL)
    if not nursery.end():
        return None
    for line in told.read_text().splitlines():
        when, kind, step = line.split()
        if kind == Checkpoint.__name__:
            promises.saved = int(step)
        elif kind == Step.__name__:
            promises.steps.append((nursery.pauses.lived(float(when), killed), int(step)))
    return promises


def check(directory: Path, promises: Promises) -> None:
    """R1: nothing is unreadable, no checkpoint that was acknowledged is lost, and at most a second of metrics."""
    run = Run.open(directory)
    for name in (layout.LAST, layout.BEST):
        if (directory / name).exists():
            read_state(directory / name)
    assert run.state(best=False).values["progress"]["step"] >= promises.saved
    old = {step for seconds, step in promises.steps if seconds > 1}
    assert old <= {record["step"] for record in run.metrics}


def _path() -> str:
    return os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))


def _told(directory: Path) -> Path:
    return directory.with_suffix(".told")


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def _serve() -> None:
    offline.watch_a_child()
    torch.set_num_threads(1)  # no thread may be there when a copy is made
    builder = Builder((1, 8, 8))
    builder.add("flatten", "Flatten")
    builder.add("fc", "Linear", out_features=10)
    graph = builder.build("first")
    if not torch.cuda.is_available():  # where there is a GPU the first gradient begins threads
        # A training imports much when it is first needed, which takes seconds.
        for _ in train(graph, load(DataChoice(subset=20), graph.shape), Recipe(epochs=1)):
            pass
    for line in sys.stdin:
        process = os.fork()
        if not process:
            _train(*json.loads(line))
        print(process, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]), flush=True)


def _train(run: str, threads: int, place: Place | None, pause: float) -> None:
    """A process's life. Its exit status is not 0 where the training failed."""
    status = 1
    try:
        torch.set_num_threads(threads)
        directory = Path(run)
        if place:
            saving._SHARE = math.inf  # a checkpoint after every step, whatever it costs
        is_there = (directory / layout.PROJECT).exists()
        project = read_project(directory.with_suffix(".json"))
        _follow(resume(directory) if is_there else start(project, directory), _told(directory), place, pause)
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(status)


def _follow(events: Iterator[Event], told: Path, place: Place | None, pause: float) -> None:
    inside = 0
    with told.open("ab", buffering=0) as file:
        for event in events:
            file.write(f"{time.monotonic()} {type(event).__name__} {getattr(event, 'step', 0)}\n".encode())
            if isinstance(event, Checkpoint) and event.epoch > 1:
                at_boundary = not event.state.values["progress"]["batch"]
                inside = 0 if at_boundary else inside + 1
                if (place == "boundary" and at_boundary) or (place == "inside" and inside == 3):
                    os.kill(os.getpid(), signal.SIGKILL)
            if isinstance(event, Step):
                time.sleep(pause)


if __name__ == "__main__":
    _serve()
