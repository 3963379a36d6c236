"""Each experiment shows what it says."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbench.compiler import analyse
from workbench.data import load
from workbench.presets import EXPERIMENTS
from workbench.project import read_project
from workbench.training import Epoch, Finished, train

EXAMPLES = Path(__file__).parents[2] / "examples"


def trained(name: str) -> tuple[list[Epoch], Finished]:
    project = EXPERIMENTS[name].make()
    recipe = project.recipe.changed(device="cpu", precision="fp32")
    events = list(train(project.graph, load(project.data, project.graph.shape), recipe))
    assert isinstance(events[-1], Finished)
    return [event for event in events if isinstance(event, Epoch)], events[-1]


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_every_experiment_can_be_trained(name: str) -> None:
    project = EXPERIMENTS[name].make()
    assert analyse(project.graph).runs
    assert EXPERIMENTS[name].title
    assert EXPERIMENTS[name].shows.endswith(".")


def test_the_same_network_overfits_and_is_cured() -> None:
    ill, _ = trained("overfitting")
    assert ill[-1].diagnosis.state == "overfitting"
    cured, end = trained("overfitting-cured")
    assert end.reason == "early_stopping"
    assert min(epoch.validation_loss for epoch in cured) < min(epoch.validation_loss for epoch in ill)


@pytest.mark.slow
def test_what_is_discarded_is_mostly_what_is_wrong() -> None:
    epochs, _ = trained("wrong-labels")
    project = EXPERIMENTS["wrong-labels"].make()
    kept = project.recipe.changed(discard_outliers=0.0)
    with_all = [
        event
        for event in train(project.graph, load(project.data, project.graph.shape), kept)
        if isinstance(event, Epoch)
    ]
    assert epochs[-1].validation_accuracy > with_all[-1].validation_accuracy + 0.02


def test_one_filter_underfits() -> None:
    epochs, _ = trained("underfitting")
    assert epochs[-1].diagnosis.state == "underfitting"


def test_too_large_steps_leave_a_network_that_guesses() -> None:
    epochs, _ = trained("too-fast")
    assert epochs[-1].diagnosis.state == "underfitting"
    assert "no better than guessing" in epochs[-1].diagnosis.sentence
    assert "lower the learning rate" in epochs[-1].diagnosis.remedies


@pytest.mark.parametrize("name", ["overfitting", "overfitting-cured"])
def test_the_example_files_are_these_experiments(name: str) -> None:
    assert read_project(EXAMPLES / f"{name}.json") == EXPERIMENTS[name].make()
