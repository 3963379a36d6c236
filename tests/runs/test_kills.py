"""Whole trainings killed by kill -9: nothing that was promised is lost, and they go on to the same bits."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.data.pictures import class_folder
from tests.runs.conftest import assert_same, finish
from tests.runs.killing import Nursery, Place, check, die_at, kill_after
from workbench.graph import Builder
from workbench.project import DataChoice, Project, Recipe, files
from workbench.runs import Run, resume, start

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")

RECIPES = {
    "sgd": Recipe(epochs=3, batch_size=16, nesterov=True, crop_padding=4, flip=True, checkpoint_seconds=0.0),
    "adamw": Recipe(
        epochs=3, batch_size=16, optimizer="adamw", learning_rate=0.01, ema=0.9, mixup=0.4, input_noise=0.1,
        checkpoint_seconds=0.0,
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    with Nursery() as nursery:
        yield nursery


@pytest.fixture(scope="module")
def streamed(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Images that take more than the memory budget and are read anew in each epoch."""
    folder = class_folder(tmp_path_factory.mktemp("images"), {"a": 60, "b": 60})
    builder = Builder((3, 64, 64))
    builder.add("conv", "Conv2d", out_channels=6, kernel_size=4, stride=4)
    builder.add("bn", "BatchNorm2d")
    builder.add("relu", "ReLU")
    builder.add("pool", "AdaptiveAvgPool2d", output_size=4)
    builder.add("flatten", "Flatten")
    builder.add("drop", "Dropout", p=0.3)
    builder.add("fc", "Linear", out_features=2)
    return Project(builder.build("small"), DataChoice(source=str(folder), memory_budget=1), RECIPES["sgd"])


@pytest.fixture(scope="module")
def undisturbed(streamed: Project, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A run of each recipe that nothing disturbed and no worker helped."""
    runs = {name: tmp_path_factory.mktemp("undisturbed") / name for name in RECIPES}
    for name, directory in runs.items():
        finish(start(replace(streamed, data=streamed.data.changed(workers=0), recipe=RECIPES[name]), directory))
    return runs


def cases() -> list[object]:
    """R2's matrix. Whoever has workers takes seconds to begin, so half of these cases are left to the slow tests."""
    quick = {(2, "boundary", "sgd"), (2, "inside", "adamw"), (4, "boundary", "adamw"), (4, "inside", "sgd")}
    return [
        pytest.param(*case, marks=() if not workers or case in quick else pytest.mark.slow)
        for workers in (0, 2, 4)
        for place in ("boundary", "inside")
        for recipe in RECIPES
        for case in [(workers, place, recipe)]
    ]


@pytest.mark.parametrize(("workers", "place", "recipe"), cases())
def test_a_killed_training_goes_on_to_the_same_bits(
    workers: int,
    place: Place,
    recipe: str,
    nursery: Nursery,
    streamed: Project,
    undisturbed: dict[str, Path],
    tmp_path: Path,
) -> None:
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


def test_twenty_kills_of_one_training_lose_nothing_that_was_promised(
    nursery: Nursery, project: Project, tmp_path: Path
) -> None:
    """R1, R2: at random moments; after each everything can be read, and in the end no bit is different."""
    patient = replace(project, recipe=project.recipe.changed(epochs=40))
    chance = random.Random(5)
    for _ in range(20):
        promises = kill_after(chance.random() * 0.1, nursery, tmp_path / "run", patient)
        assert promises is not None
        check(tmp_path / "run", promises)
    assert finish(resume(tmp_path / "run")).reason == "completed"
    assert not list((tmp_path / "run").rglob(f"*{files.TEMPORARY}"))
    finish(start(patient, tmp_path / "undisturbed"))
    assert_same(tmp_path / "run", tmp_path / "undisturbed")
