"""A run starts from another's weights, says which, and keeps where they came from."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from tests.training.test_loop import last
from workbench import presets
from workbench.graph import Node, edits
from workbench.project import DataChoice, Project, Recipe
from workbench.runs import Run, RunError, evaluate_run, matched, read_source, resume, start, start_of, starting_from
from workbench.training import Checkpoint, Control, Epoch, Step, Warning
from workbench.weights import WeightsError

QUICK = Recipe(epochs=4, batch_size=64, learning_rate=0.05, checkpoint_seconds=0.0)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("runs") / "first"
    project = Project(presets.build("lenet5"), DataChoice(), QUICK)
    list(start(project, directory))
    return directory


def starting(source: Path, project: Project, all_but_head: bool = False) -> Project:
    return replace(project, recipe=starting_from(project.recipe, read_source(source), all_but_head))


def test_an_edited_network_keeps_what_the_run_has_learnt(trained: Path, tmp_path: Path) -> None:
    before = evaluate_run(Run.open(trained)).evaluation.accuracy
    assert before > 0.85
    graph = Run.open(trained).project.graph
    # A normalization more, and a last layer of another name: the convolutions and dense layers above stay.
    graph = edits.insert(graph, Node("norm", "BatchNorm2d"), "conv2")
    project = starting(trained, Project(graph, DataChoice(), QUICK.changed(epochs=1, learning_rate=0.0)))
    directory = tmp_path / "second"
    events = list(start(project, directory))
    (told,) = [event.message for event in events if isinstance(event, Warning)]
    assert told == "It starts from first: 5 layers keep their weights; new: norm."
    run = Run.open(directory)
    assert run.environment["weights"]["kept"] == ["conv1", "conv2", "fc1", "fc2", "fc3"]
    assert run.environment["weights"]["new"] == ["norm"]
    assert run.environment["weights"]["source"] == str(trained)
    assert told in run.warnings
    kept = Run.open(trained).state().tensors
    now = run.state(best=False).tensors
    for name in ("conv1.weight", "fc3.bias"):
        assert torch.equal(now[f"model.{name}"], kept[f"model.{name}"])
    # Going on for one epoch, it is at once about as good as before, which a fresh network is not.
    recipe = QUICK.changed(epochs=1, learning_rate=0.01)
    fresh = Project(graph, DataChoice(), recipe)
    accuracies = [
        last(start(made, tmp_path / name), Epoch).validation_accuracy
        for name, made in (("third", starting(trained, fresh)), ("fourth", fresh))
    ]
    assert accuracies[0] >= before - 0.02
    assert accuracies[1] < accuracies[0] - 0.2


def test_the_head_alone_begins_anew_and_learns_while_the_rest_is_frozen(trained: Path, tmp_path: Path) -> None:
    project = Project(
        presets.build("lenet5"), DataChoice(), QUICK.changed(epochs=2, frozen=("conv1", "conv2", "fc1", "fc2"))
    )
    events = list(start(starting(trained, project, all_but_head=True), tmp_path / "tuned"))
    assert last(events, Epoch).validation_accuracy > 0.85
    kept, now = Run.open(trained).state().tensors, last(events, Checkpoint).state.tensors
    assert torch.equal(now["model.fc2.weight"], kept["model.fc2.weight"])
    assert Run.open(tmp_path / "tuned").environment["weights"]["new"] == ["fc3"]


def test_a_run_that_started_from_weights_resumes_without_them_to_the_same_bits(trained: Path, tmp_path: Path) -> None:
    state = Run.open(trained).state().tensors
    file = tmp_path / "weights.safetensors"
    save_file({n.removeprefix("model."): v for n, v in state.items() if n.startswith("model.")}, file)
    project = starting(file, Project(presets.build("lenet5"), DataChoice(subset=200), QUICK.changed(epochs=2)))
    whole = last(start(project, tmp_path / "whole"), Checkpoint).state
    control = Control()
    for event in start(project, tmp_path / "parts", control):
        if isinstance(event, Step) and event.step == 3:
            control.stop()
    file.unlink()
    resumed = last(resume(tmp_path / "parts"), Checkpoint).state
    assert all(torch.equal(resumed.tensors[name], value) for name, value in whole.tensors.items() if "model." in name)


def test_weights_that_are_gone_changed_or_foreign_are_refused(trained: Path, tmp_path: Path) -> None:
    file = tmp_path / "weights.safetensors"
    save_file({"conv1.weight": torch.ones(6, 1, 5, 5), "conv1.bias": torch.ones(6)}, file)
    project = starting(file, Project(presets.build("lenet5"), DataChoice(), QUICK))
    found = start_of(project)
    assert found is not None
    assert found.match.named("kept") == ["conv1"]
    save_file({"conv1.weight": torch.zeros(6, 1, 5, 5), "conv1.bias": torch.ones(6)}, file)
    with pytest.raises(WeightsError, match="other weights than those that were chosen"):
        start_of(project)
    file.unlink()
    with pytest.raises(WeightsError, match="no such file or run"):
        next(start(project, tmp_path / "run"))
    assert Run.open(tmp_path / "run").status == "failed"
    with pytest.raises(RunError, match="holds no run"):
        read_source(tmp_path)
    with pytest.raises(WeightsError, match="none of its"):
        matched(read_source(trained), presets.build("cifar-resnet20"))
