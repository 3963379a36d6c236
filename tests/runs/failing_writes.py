"""A training one of whose writes fails: it pauses, says why, and goes on to the same bits when it is asked again."""

from __future__ import annotations

import math
import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.project.power_cut import Recorder
from tests.runs.trainings import assert_same, finish
from workbench.project import Project, WriteError, files
from workbench.runs import RunError, layout, read_state, resume, start
from workbench.training import Checkpoint, Event, Warning, saving


@dataclass(frozen=True, slots=True)
class Whole:
    """A training whose every write succeeded, and how many operations on files it took."""

    project: Project
    directory: Path
    operations: int


def undisturbed(project: Project, directory: Path) -> Whole:
    recorder = Recorder()
    _train(project, directory, recorder)
    return Whole(project, directory, len(recorder.operations))


def fail_at(place: int, error: int, whole: Whole, directory: Path) -> str:
    """R4: the operation at this place fails once, for the reason that an error number stands for.

    Gives what was said: why it could not begin, or why it paused.
    """
    recorder = Recorder(fails=place, error=error)
    try:
        paused = [event for event in _train(whole.project, directory, recorder) if isinstance(event, Warning)]
    except (
        WriteError,
        RunError,
    ) as refused:  # before the first step: no training was lost, and it can be begun once more
        is_there = (directory / layout.PROJECT).exists()
        finish(resume(directory) if is_there else start(whole.project, directory))
        said = str(refused)
    else:
        assert [event.paused for event in paused] == [True]
        said = paused[0].message
    assert str(directory) in said
    assert os.strerror(error) in said
    assert "bytes are free there" in said
    assert_same(directory, whole.directory)
    assert not list(directory.rglob(f"*{files.TEMPORARY}"))
    return said


def _train(project: Project, directory: Path, recorder: Recorder) -> list[Event]:
    """All events. At each of them the checkpoint that was promised last can be read."""
    events, promised = [], -1
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "os", recorder)
        patch.setattr(saving, "_SHARE", math.inf)  # as many checkpoints whatever they cost
        for event in start(project, directory):
            events.append(event)
            if isinstance(event, Checkpoint):
                promised = event.step
            if isinstance(event, Warning) and promised >= 0:
                assert read_state(directory / layout.LAST).values["progress"]["step"] >= promised
    return events
