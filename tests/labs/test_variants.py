"""Variants of one's own network differ in one thing, and each of them is a run."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbench.graph import FieldError
from workbench.labs.race import Lap, race
from workbench.labs.variants import AS_IT_WAS, kept_in, one_thing_changed, with_setting
from workbench.presets import PRESETS, build
from workbench.project import DataChoice, Project, Recipe
from workbench.runs import compare, list_runs

FEW = Project(build("lenet5"), DataChoice(subset=60), Recipe(epochs=2, batch_size=30, weight_decay=1e-4))


@pytest.mark.parametrize("name", ["lenet5", "cifar-resnet20", "googlenet", "vgg11-bn"])
def test_each_variant_runs_and_differs_from_all_others(name: str) -> None:
    project = Project(build(name), DataChoice(), PRESETS[name].starter)
    variants = one_thing_changed(project)
    assert variants[0].name == AS_IT_WAS
    assert variants[0].project == project
    assert len({variant.project for variant in variants}) == len(variants)
    assert len({variant.name for variant in variants}) == len(variants) > 8


def test_either_the_network_or_the_recipe_changes_never_the_data() -> None:
    for variant in one_thing_changed(FEW)[1:]:
        assert variant.project.data == FEW.data
        assert (variant.project.graph == FEW.graph) != (variant.project.recipe == FEW.recipe), variant.name


def test_a_setting_at_several_values() -> None:
    variants = with_setting(FEW, "batch_size", [8, 16])
    assert [variant.project.recipe.batch_size for variant in variants] == [8, 16]
    with pytest.raises(FieldError, match="batch_size"):
        with_setting(FEW, "batch_size", ["many"])


def test_each_becomes_a_run_whether_in_turn_or_one_after_the_other(tmp_path: Path) -> None:
    variants = one_thing_changed(FEW)[:3]
    orders, losses = [], []
    for folder, in_turn in (("turn", True), ("after", False)):
        laps = list(race(variants, training=kept_in(tmp_path / folder), in_turn=in_turn))
        orders.append([lap.variant for lap in laps])
        losses.append({(lap.variant, lap.epoch.epoch): lap.epoch.validation_loss for lap in laps if lap.epoch})
        runs = list_runs(tmp_path / folder)
        assert [run.status for run in runs] == ["completed"] * 3
        assert {run.project for run in runs} == {variant.project for variant in variants}
        assert "recipe.l1" in compare(runs)
    names = [variant.name for variant in variants]
    assert orders[0] == names * 3
    assert orders[1] == sorted(names * 3, key=names.index)
    assert losses[0] == losses[1]


def test_a_race_that_is_left_leaves_runs_that_can_go_on(tmp_path: Path) -> None:
    class Enough(Exception):
        pass

    laps: list[Lap] = []

    def check() -> None:
        if len(laps) >= 2:
            raise Enough

    variants = one_thing_changed(FEW)[:2]
    with pytest.raises(Enough):
        laps.extend(race(variants, check, kept_in(tmp_path)))
    runs = list_runs(tmp_path)
    assert [run.status for run in runs] == ["stopped", "stopped"]
    assert all(run.state(best=False).values["progress"]["step"] >= 2 for run in runs)
