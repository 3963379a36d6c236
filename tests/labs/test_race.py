"""Races are the engine's own trainings, one epoch of each in turn."""

from __future__ import annotations

import numpy as np
import pytest

from workbench.data import load
from workbench.labs import lineups
from workbench.labs.gradient_noise import gradient_noise
from workbench.labs.race import Lap, Variant, race
from workbench.presets import build
from workbench.project import DataChoice, Project, Recipe
from workbench.training import Epoch, train


def two(**first: object) -> list[Variant]:
    recipe = Recipe(epochs=2, batch_size=32)
    data = DataChoice(subset=100)
    return [
        Variant("one", "", Project(build("lenet5"), data, recipe.changed(**first))),
        Variant("other", "", Project(build("lenet5"), data, recipe)),
    ]


def test_each_gets_its_turn_and_ends_as_if_alone() -> None:
    laps = list(race(two(epochs=3)))
    assert [lap.variant for lap in laps[:4]] == ["one", "other", "one", "other"]
    assert {lap.variant for lap in laps if lap.finished} == {"one", "other"}
    project = two()[1].project
    alone = list(train(project.graph, load(project.data, project.graph.shape), project.recipe))
    expected = [event.validation_loss for event in alone if isinstance(event, Epoch)]
    assert [lap.epoch.validation_loss for lap in laps if lap.variant == "other" and lap.epoch] == expected


def test_it_ends_where_it_is_told_to() -> None:
    class Enough(Exception):
        pass

    laps: list[Lap] = []
    calls: list[None] = []

    def check() -> None:
        calls.append(None)
        if len(calls) >= 9:
            raise Enough

    with pytest.raises(Enough):
        laps.extend(race(two(epochs=50), check))
    assert 1 <= len(laps) <= 9


@pytest.mark.parametrize("name", ["overfitting", "normalization", "depth", "capacity", "batch_sizes"])
def test_a_line_up_differs_in_what_it_says(name: str) -> None:
    variants = getattr(lineups, name)()
    assert len({variant.name for variant in variants}) == len(variants)
    assert len({(variant.project, variant.raw) for variant in variants}) == len(variants)
    assert all(variant.change for variant in variants)


def test_raw_images_keep_their_values() -> None:
    variant = lineups.normalization(epochs=1)[0]
    assert variant.raw
    laps = list(race([variant]))
    assert laps[-1].finished is not None


def test_batch_normalization_makes_raw_images_as_good_as_normalised_ones() -> None:
    best: dict[str, float] = {}
    for lap in race(lineups.normalization()):
        if lap.epoch:
            best[lap.variant] = min(best.get(lap.variant, np.inf), lap.epoch.validation_loss)
    assert best["raw, batch norm"] < 0.7 * best["raw images"]
    assert best["normalised images"] < best["raw images"]
    assert best["raw, batch norm"] == pytest.approx(best["normalised, batch norm"], abs=0.1)


def test_the_noise_of_gradients_falls_as_one_over_the_batch() -> None:
    dataset = load(DataChoice(subset=200), (1, 28, 28))
    small, large = (gradient_noise(build("lenet5"), dataset, size) for size in (4, 64))
    assert small / large == pytest.approx(16, rel=0.4)
