"""Whole trainings killed by kill -9: nothing that was promised is lost, and they go on to the same bits."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.runs.killing import Nursery, Place, check, die_at, kill_after
from tests.runs.trainings import RECIPES, assert_same, finish
from workbench.project import Project, files
from workbench.runs import Run, resume, start

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    with Nursery() as nursery:
        yield nursery


@pytest.mark.parametrize("recipe", RECIPES)
@pytest.mark.parametrize("place", ["boundary", "inside"])
@pytest.mark.parametrize("workers", [0, *(pytest.param(n, marks=pytest.mark.promise) for n in (2, 4))])
def test_a_killed_training_goes_on_to_the_same_bits(
    workers: int,
    place: Place,
    recipe: str,
    nursery: Nursery,
    streamed: Project,
    undisturbed: dict[str, Path],
    tmp_path: Path,
) -> None:
    """R2's twelve cases."""
    project = replace(streamed, data=streamed.data.changed(workers=workers), recipe=RECIPES[recipe])
    die_at(place, nursery, tmp_path / "run", project)
    left = Run.open(tmp_path / "run")
    assert left.status == "interrupted"
    progress = left.state(best=False).values["progress"]
    assert progress["epoch"] in (2, 3)
    assert (progress["batch"] == 0) == (place == "boundary")
    assert finish(resume(tmp_path / "run")).reason == "completed"
    assert_same(tmp_path / "run", undisturbed[recipe])
    assert Run.open(tmp_path / "run").warnings == []


@pytest.mark.parametrize("kills", [5, pytest.param(20, marks=pytest.mark.promise)])
def test_kills_of_one_training_lose_nothing_that_was_promised(
    kills: int, nursery: Nursery, project: Project, tmp_path: Path
) -> None:
    """R1, R2: at random moments; after each everything can be read, and in the end no bit is different."""
    patient = replace(project, recipe=project.recipe.changed(epochs=2 * kills))
    chance = random.Random(5)
    for _ in range(kills):
        promises = kill_after(chance.random() * 0.1, nursery, tmp_path / "run", patient)
        assert promises is not None
        check(tmp_path / "run", promises)
    assert finish(resume(tmp_path / "run")).reason == "completed"
    assert not list((tmp_path / "run").rglob(f"*{files.TEMPORARY}"))
    finish(start(patient, tmp_path / "undisturbed"))
    assert_same(tmp_path / "run", tmp_path / "undisturbed")
