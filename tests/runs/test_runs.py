"""A run is kept whole: frozen, locked, readable, and resumed to the last bit whatever ended it."""

from __future__ import annotations

import errno
import json
import math
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from tests.runs.trainings import assert_same, finish
from workbench.data import divide, read
from workbench.project import Project, ProjectError, files, read_project
from workbench.runs import Run, RunError, compare, layout, list_runs, new_directory, read_state, resume, start
from workbench.training import Checkpoint, Control, Epoch, Finished, Step, Warning, saving

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def whole(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run that nothing disturbed."""
    directory = tmp_path_factory.mktemp("whole") / "run"
    assert finish(start(project, directory)).reason == "completed"
    return directory


def test_a_run_holds_everything(whole: Path, project: Project) -> None:
    run = Run.open(whole)
    assert run.project == project
    assert run.status == "completed"
    assert run.environment["seed"] == 0
    assert len(run.epochs) == 3
    assert (whole / layout.SOURCE).read_text().startswith('"""small')
    assert [record["step"] for record in run.metrics if record["event"] == "step"] == list(range(1, 25))
    assert len(run.samples["losses"]) == 120
    network = run.network()
    assert torch.equal(network.get_parameter("fc.weight"), run.state().tensors["model.fc.weight"])
    assert run.summary()["validation_accuracy"] > 0.2


def test_nothing_is_said_of_validation_images_that_are_not_there(project: Project, tmp_path: Path) -> None:
    whole = replace(project, data=project.data.changed(validation=0.0))
    events = list(start(whole, tmp_path / "run"))
    assert [e.message for e in events if isinstance(e, Warning)] == [
        "There are no validation images: the training loss decides which epoch is best."
    ]
    said = " ".join(e.diagnosis.sentence for e in events if isinstance(e, Epoch))
    assert isinstance(events[-1], Finished)
    assert "best training loss" in events[-1].sentence
    assert "validation loss" not in said + events[-1].sentence


@pytest.mark.parametrize("step", [1, 7, 8, 13, 23])
def test_a_stopped_run_goes_on_as_if_it_had_not(step: int, project: Project, whole: Path, tmp_path: Path) -> None:
    control = Control()
    for event in start(project, tmp_path / "run", control):
        if isinstance(event, Step) and event.step == step:
            control.stop()
    assert Run.open(tmp_path / "run").status == "stopped"
    assert finish(resume(tmp_path / "run")).reason == "completed"
    assert_same(tmp_path / "run", whole)


def test_stopped_while_images_are_read_it_goes_on_as_if_it_had_not(
    project: Project, whole: Path, tmp_path: Path
) -> None:
    control = Control()
    control.stop()
    finished = finish(start(project, tmp_path / "run", control))
    assert (finished.reason, finished.step) == ("stopped", 0)
    assert Run.open(tmp_path / "run").status == "stopped"
    assert finish(resume(tmp_path / "run")).reason == "completed"
    assert_same(tmp_path / "run", whole)


def test_images_that_were_read_already_are_not_read_again(project: Project, whole: Path, tmp_path: Path) -> None:
    pool = read(project.data, project.graph.shape)
    finish(start(project, tmp_path / "run", images=lambda choice, shape, progress: divide(pool, choice)))
    assert_same(tmp_path / "run", whole)


def test_abandoned_at_any_event_it_goes_on(project: Project, whole: Path, tmp_path: Path) -> None:
    """Closing the iterator is what a killed process looks like from inside: nothing more is written."""
    events = start(project, tmp_path / "run")
    for index, event in enumerate(events):
        if index > 15 and isinstance(event, Checkpoint):
            events.close()  # type: ignore[attr-defined]
            break
    assert finish(resume(tmp_path / "run")).reason == "completed"
    assert_same(tmp_path / "run", whole)


def test_an_epoch_measured_anew_is_there_once(
    project: Project, whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last checkpoint is of the epoch's last step, and the process ends before the one with the epoch."""
    monkeypatch.setattr(saving, "_SHARE", math.inf)  # a checkpoint after every step, whatever it costs
    for event in start(project, tmp_path / "run"):
        if isinstance(event, Epoch) and event.epoch == 2:
            break
    progress = Run.open(tmp_path / "run").state(best=False).values["progress"]
    assert (progress["epoch"], progress["step"]) == (2, 16)
    assert finish(resume(tmp_path / "run")).reason == "completed"
    assert_same(tmp_path / "run", whole)


def test_two_processes_cannot_train_into_one_directory(project: Project, tmp_path: Path) -> None:
    """R16: the second is told who the first is; when the first is gone the directory is free."""
    directory = tmp_path / "run"
    first = start(project, directory)
    next(first)
    assert Run.open(directory).status == "running"
    code = (
        "from pathlib import Path\nfrom workbench.runs import RunError, resume\n"
        "try: next(resume(Path('run')))\nexcept RunError as error: print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert f"process {os.getpid()}" in done.stdout
    first.close()  # type: ignore[attr-defined]
    assert Run.open(directory).status == "interrupted"
    assert finish(resume(directory)).reason == "completed"


def test_a_full_disk_leaves_the_checkpoint_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file"
    files.write_atomically(path, b"old")

    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(files.WriteError, match="No space left"):
        files.write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_an_error_nobody_foresaw_is_kept(project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """R11: the run is 'failed', its traceback is kept, the last event says so."""
    from workbench.training.session import Session

    def broken(*_: object) -> None:
        raise ZeroDivisionError("somewhere deep")

    monkeypatch.setattr(Session, "finish_epoch", broken)
    finished = finish(start(project, tmp_path / "run"))
    assert finished.reason == "failed"
    assert "somewhere deep" in finished.sentence
    assert Run.open(tmp_path / "run").status == "failed"
    assert "ZeroDivisionError" in (tmp_path / "run" / layout.ERROR).read_text()


def test_a_torn_last_line_is_left_out(project: Project, whole: Path, tmp_path: Path) -> None:
    lines = (whole / layout.METRICS).read_bytes()
    end_of_last_step = lines.index(b"\n", lines.rindex(b'"event": "epoch"'))
    (tmp_path / "metrics").write_bytes(lines[: end_of_last_step - 20])
    from workbench.runs.metrics import read_metrics

    assert len(read_metrics(tmp_path / "metrics")) == len(Run.open(whole).metrics) - 1


def test_order_is_by_number_and_never_by_the_clock(project: Project, tmp_path: Path) -> None:
    """R17: directories made out of order of time, and with equal times, are listed by their numbers."""
    quick = Project(project.graph, project.data, project.recipe.changed(epochs=1))
    for _ in range(3):
        finish(start(quick, new_directory(tmp_path, "small")))
    for path in tmp_path.iterdir():
        os.utime(path, (0, 0))
    os.utime(tmp_path / "0001-small", (2e9, 2e9))
    assert [run.directory.name for run in list_runs(tmp_path)] == ["0001-small", "0002-small", "0003-small"]
    assert new_directory(tmp_path, "x").name == "0004-x"


def test_runs_are_compared_by_what_differs(project: Project, whole: Path, tmp_path: Path) -> None:
    other = Project(project.graph, project.data, project.recipe.changed(epochs=1, learning_rate=0.01))
    finish(start(other, tmp_path / "other"))
    runs = [Run.open(whole), Run.open(tmp_path / "other")]
    assert compare(runs) == {"recipe.epochs": (3, 1), "recipe.learning_rate": (0.05, 0.01)}


def test_what_is_no_run_is_refused(whole: Path, project: Project, tmp_path: Path) -> None:
    with pytest.raises(RunError, match="holds no run"):
        Run.open(tmp_path)
    with pytest.raises(RunError, match="holds a run already"):
        next(start(project, whole))
    with pytest.raises(RunError, match="is complete"):
        next(resume(whole))
    save_file({"a": torch.zeros(1)}, tmp_path / "a.safetensors")
    (tmp_path / "b.safetensors").write_bytes(b"\x80\x04\x95pickle")
    for name in ("a", "b", "missing"):
        with pytest.raises(RunError):
            read_state(tmp_path / f"{name}.safetensors")


def test_later_edits_never_touch_a_run(whole: Path, project: Project) -> None:
    frozen = (whole / layout.PROJECT).read_bytes()
    assert read_project(whole / layout.PROJECT) == project
    with pytest.raises(ProjectError):
        read_project(whole / layout.METRICS)
    assert (whole / layout.PROJECT).read_bytes() == frozen
    assert json.loads(frozen)["version"] == 1
