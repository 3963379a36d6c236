"""R5: a number that is not finite ends a training at once, wherever it comes up, and is never kept."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest

from tests.runs.bad_numbers import PLACES, spoil_a_training, spoiling
from workbench.project import Project
from workbench.runs import layout, resume, start
from workbench.training import Finished, saving


@pytest.mark.parametrize("name", PLACES)
def test_it_is_found_within_a_step_named_and_never_kept(
    name: str, project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saving, "_SHARE", math.inf)  # a checkpoint after every step, whatever it costs
    short = replace(project, data=project.data.changed(subset=60), recipe=project.recipe.changed(epochs=2))
    value = (math.nan, math.inf)[len(name) % 2]
    spoil_a_training(name, 6, value, short, tmp_path / "run")


@pytest.mark.parametrize("name", ["the last layer's weights", "a gradient", "the learning rate", "a running mean"])
def test_no_checkpoint_is_promised_before_there_is_one(name: str, project: Project, tmp_path: Path) -> None:
    """Where one was resumed from there is one; where the first epoch ends in one, it would be the bad one."""
    short = replace(project, recipe=project.recipe.changed(epochs=2, checkpoint_seconds=1000.0))
    with spoiling(PLACES[name].spoil, 8, math.nan):
        *_, first = start(short, tmp_path / "first")
        assert not (tmp_path / "first" / layout.LAST).exists()
    with spoiling(PLACES[name].spoil, 10, math.nan):
        *_, second = resume(tmp_path / "first")
    with spoiling(PLACES[name].spoil, 12, math.nan):
        *_, third = resume(tmp_path / "first")
    for finished, left in ((first, "there was no"), (second, "the last good"), (third, "the last good")):
        assert isinstance(finished, Finished)
        assert finished.reason == "failed"
        assert f"; {left} checkpoint" in finished.sentence
