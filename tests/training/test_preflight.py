"""What pre-flight finds out before the first step: ten images by heart, a learning rate, labels."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
import torch

from workbench import presets
from workbench.compiler import compile_graph
from workbench.data import Dataset, load
from workbench.graph import Graph, GraphError
from workbench.project import DataChoice, Recipe
from workbench.training import Control, Epoch, Stopped, train
from workbench.training.preflight import examine_labels, overfit_few, range_test


def test_ten_images_are_learnt_by_heart(small: Graph, digits: Dataset) -> None:
    report = overfit_few(small, digits, Recipe())
    assert report.learnt
    assert "learnt by heart" in report.sentence
    assert len(report.losses) == report.steps
    assert report.losses[-1] < report.losses[0]
    assert not overfit_few(small, digits, Recipe(learning_rate=0.0)).learnt


def test_what_is_learnt_by_heart_begins_with_the_weights_that_are_given(small: Graph, digits: Dataset) -> None:
    # Without learning nothing changes: what the first loss is tells where it began.
    still = Recipe(learning_rate=0.0)
    given = {name: torch.zeros_like(value) for name, value in compile_graph(small).state_dict().items()}
    fresh, begun = (overfit_few(small, digits, still, weights=weights).losses[0] for weights in (None, given))
    assert begun == pytest.approx(math.log(10), abs=1e-4)
    assert fresh != pytest.approx(begun, abs=1e-2)
    frozen = Recipe(frozen=("conv", "bn", "fc"), learning_rate=0.1)
    assert overfit_few(small, digits, frozen).learnt  # fresh weights all learn
    with pytest.raises(GraphError, match="every layer that has weights is frozen"):
        overfit_few(small, digits, frozen, weights=given)


def test_the_range_test_rises_and_leaves_chance_alone(small: Graph, digits: Dataset) -> None:
    torch.manual_seed(5)
    state = torch.get_rng_state()
    report = range_test(small, digits, Recipe())
    assert list(report.rates) == sorted(report.rates)
    assert report.suggestion is not None
    assert report.rates[0] == pytest.approx(1e-5)
    assert torch.equal(torch.get_rng_state(), state)
    lowest = report.rates[report.losses.index(min(report.losses))]
    assert report.suggestion == pytest.approx(lowest / 10)


def test_lenet_learns_at_the_rate_that_is_recommended() -> None:
    lenet = presets.build("lenet5")
    digits = load(DataChoice(), lenet.shape)
    recipe = Recipe(epochs=4, seed=2)
    rate = range_test(lenet, digits, recipe).suggestion
    assert rate is not None
    events = list(train(lenet, digits, recipe.changed(learning_rate=rate)))
    accuracies = [event.validation_accuracy for event in events if isinstance(event, Epoch)]
    assert accuracies[-1] is not None
    assert accuracies[-1] > 0.8


def test_a_preflight_that_is_stopped_tells_nothing(small: Graph, digits: Dataset) -> None:
    for test in (overfit_few, range_test):
        control, points = Control(), []

        def seen(x: float, y: float, control: Control = control, points: list[float] = points) -> None:
            points.append(x)
            if len(points) == 3:
                control.stop()

        with pytest.raises(Stopped):
            test(small, digits, Recipe(learning_rate=1e-4), control, seen)
        assert len(points) == 3


def test_labels_are_audited(digits: Dataset) -> None:
    report = examine_labels(digits)
    assert sum(report.counts.values()) == 200
    assert not report.warnings
    few = digits.train.select((digits.train.labels != 3).nonzero().flatten()[:120])
    twice = few.select(torch.arange(len(few)).repeat(2)).relabelled(torch.cat((few.labels, few.labels.roll(1))))
    said = " ".join(examine_labels(replace(digits, train=twice, skipped=(("a.png", "truncated"),))).warnings)
    assert "There is no training image of 3" in said
    assert "training labels are wrong on purpose" in said
    assert "Skipped a.png: truncated." in said


def test_an_audit_that_is_stopped_tells_nothing(digits: Dataset) -> None:
    control = Control()
    control.stop()
    with pytest.raises(Stopped):
        examine_labels(digits, control)
