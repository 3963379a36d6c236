"""What a run writes down besides its steps and epochs, and names of runs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from workbench.project import Project
from workbench.runs import Run, RunError, read_records, rename, resume, start
from workbench.training import Control, Epoch, Step


@pytest.fixture(scope="module")
def quick(project: Project) -> Project:
    """With checkpoints at the ends of epochs only."""
    return replace(project, recipe=project.recipe.changed(checkpoint_seconds=86_400.0))


def test_checkpoints_and_a_persons_rates_are_written_down(quick: Project, tmp_path: Path) -> None:
    control = Control()
    for event in start(quick, tmp_path / "run", control):
        if isinstance(event, Step) and event.step == 3:
            control.rate_factor = 0.5
    records = list(read_records(tmp_path / "run"))
    steps = {record["step"]: record for record in records if record["event"] == "step"}
    (rate,) = [record for record in records if record["event"] == "rate"]
    assert rate == {"event": "rate", "step": 3, "learning_rate": steps[4]["learning_rate"]}
    ends = [record["step"] for record in records if record["event"] == "epoch"]
    assert [record["step"] for record in records if record["event"] == "checkpoint"] == ends


def test_epochs_alone_are_those_among_all_records_also_after_going_on(quick: Project, tmp_path: Path) -> None:
    control = Control()
    for event in start(quick, tmp_path / "run", control):
        if isinstance(event, Epoch):
            control.stop()
    for _ in resume(tmp_path / "run"):
        pass
    run = Run.open(tmp_path / "run")
    assert run.epochs == [record for record in run.metrics if record["event"] == "epoch"]
    assert [epoch["epoch"] for epoch in run.epochs] == list(range(1, quick.recipe.epochs + 1))


def test_a_run_is_called_otherwise_and_keeps_its_number(quick: Project, tmp_path: Path) -> None:
    for _ in start(quick, tmp_path / "0003-small"):
        pass
    (tmp_path / "0003-taken").mkdir()
    now = rename(tmp_path / "0003-small", "a wide one!")
    assert now == tmp_path / "0003-a-wide-one-"
    assert Run.open(now).status == "completed"
    assert rename(now, "0003-a-wide-one-") == now
    with pytest.raises(RunError, match="there is a 0003-taken already"):
        rename(now, "taken")
    with pytest.raises(RunError, match="letters or digits"):
        rename(now, " / ")
    assert now.is_dir()


def test_a_run_that_trains_keeps_its_name(quick: Project, tmp_path: Path) -> None:
    training = start(quick, tmp_path / "run")
    next(training)
    with pytest.raises(RunError, match="trains now"):
        rename(tmp_path / "run", "other")
    training.close()
