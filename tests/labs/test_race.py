"""Races are the engine's own trainings, one epoch of each in turn."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from workbench.data import load
from workbench.labs import lineups
from workbench.labs.gradient_noise import gradient_noise
from workbench.labs.race import Lap, Variant, of_step, race
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


@pytest.mark.parametrize("name", ["overfitting", "normalization", "depth", "capacity", "depths", "batch_sizes"])
def test_a_line_up_differs_in_what_it_says(name: str) -> None:
    variants = getattr(lineups, name)()
    assert len({variant.name for variant in variants}) == len(variants)
    assert len({(variant.project, variant.raw) for variant in variants}) == len(variants)
    assert all(variant.change for variant in variants)


def test_a_ladder_leads_from_under_to_overfitting() -> None:
    """The recipe of the lab, fewer epochs; what is said of a step is held against the figures."""
    variants = lineups.depths(epochs=12)[:5]
    last: dict[str, Epoch] = {}
    for lap in race(variants):
        if lap.epoch:
            last[lap.variant] = lap.epoch
    ends = {row: last[variant.name] for row, variant in enumerate(variants)}
    best = min(ends, key=lambda row: ends[row].validation_loss)
    for row, end in ends.items():
        _, told = of_step(variants, ends, row)
        both = end.train_loss_eval > ends[best].train_loss_eval and end.validation_loss > ends[best].validation_loss
        assert (f"{variants[best].name} does better on both" in told) == (row < best and both)
        assert ("the lowest validation loss of 5" in told) == (row == best)
    assert of_step(variants, {}, 2)[1] == "not trained yet"


def test_what_is_said_of_a_step() -> None:
    def end(training: float, validation: float) -> Any:
        return SimpleNamespace(train_loss_eval=training, validation_loss=validation)

    steps = [Variant(name, "", None) for name in ("small", "right", "large")]  # type: ignore[arg-type]
    ends = {0: end(2.0, 2.1), 1: end(0.4, 0.6), 2: end(0.1, 0.9)}
    assert of_step(steps, ends, 0) == (
        "small: training 2.000, validation 2.100", "underfitting: right does better on both",
    )  # fmt: skip
    assert of_step(steps, ends, 1)[1] == "the lowest validation loss of 3 trained"
    assert of_step(steps, ends, 2)[1] == "overfitting: right does better on new images"
    assert of_step(steps, {**ends, 2: end(0.5, 0.9)}, 2)[1] == "right does better on new images"


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
    assert best["normalized images"] < best["raw images"]
    assert best["raw, batch norm"] == pytest.approx(best["normalized, batch norm"], abs=0.1)


def test_the_noise_of_gradients_falls_as_one_over_the_batch() -> None:
    dataset = load(DataChoice(subset=200), (1, 28, 28))
    small, large = (gradient_noise(build("lenet5"), dataset, size) for size in (4, 64))
    assert small / large == pytest.approx(16, rel=0.4)
