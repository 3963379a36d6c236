"""R19: what any version has written opens in this one, and what a later one writes gets a clear sentence."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.runs.released import ANSWERS, FIXTURES, answers
from tests.runs.trainings import finish
from workbench.project import read_project
from workbench.runs import Run, RunError, layout, read_state, resume, write_state
from workbench.training import State

RELEASED = sorted(FIXTURES.glob("run-v*"))


def test_there_is_a_run_of_every_version_of_the_checkpoint() -> None:
    versions = {read_state(run / layout.LAST).values["format"] for run in RELEASED}
    assert versions == {1}


@pytest.mark.parametrize("released", RELEASED, ids=lambda path: path.name)
def test_a_run_of_an_earlier_version_opens_answers_as_it_did_and_goes_on(released: Path, tmp_path: Path) -> None:
    import json

    directory = tmp_path / "run"
    shutil.copytree(released, directory)
    run = Run.open(directory)
    assert run.status == "stopped"
    assert len(run.epochs) == 1
    assert [record["step"] for record in run.metrics if record["event"] == "step"] == list(range(1, 8))
    told = json.loads((directory / ANSWERS).read_text())
    for name, logits in answers(run).items():
        assert logits == pytest.approx(told[name], rel=1e-4, abs=1e-5)
    assert finish(resume(directory)).reason == "completed"
    assert len(Run.open(directory).epochs) == 3
    assert read_project(directory / layout.PROJECT) == run.project


@pytest.mark.parametrize(
    ("version", "words"),
    [(2, "newer version of CNN Workbench"), ("x", "no checkpoint"), (None, "no checkpoint")],
)
def test_a_checkpoint_of_a_version_that_is_not_known_gets_one_sentence(
    version: object, words: str, tmp_path: Path
) -> None:
    write_state(State({}, {"format": version, "progress": {}}), tmp_path / "last.safetensors")
    with pytest.raises(RunError, match=words):
        read_state(tmp_path / "last.safetensors")
