"""A run starts from another's weights, says which, and keeps where they came from."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from tests.training.test_loop import last
from workbench import presets
from workbench.compiler import compile_graph
from workbench.compiler.export import Preprocessing, export
from workbench.graph import Node, edits
from workbench.project import DataChoice, Project, Recipe
from workbench.runs import (
    Run,
    RunError,
    evaluate_run,
    export_project,
    export_run,
    matched,
    read_source,
    resume,
    start,
    start_of,
    starting_from,
)
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
    return starting_from(project, read_source(source), all_but_head)


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
    assert not (tmp_path / "run").exists()
    with pytest.raises(RunError, match="holds no run"):
        read_source(tmp_path)
    with pytest.raises(WeightsError, match="none of its"):
        matched(read_source(trained), presets.build("cifar-resnet20"))


def given(tmp_path: Path, mean: float = 0.449, std: float = 0.226) -> Path:
    """Weights of LeNet-5 as an export leaves them, whose pictures were normalized with these figures."""
    graph = presets.build("lenet5")
    network = compile_graph(graph).eval()
    prepared = Preprocessing(1, (28, 28), (mean,), (std,), classes=tuple("abcdefghij"))
    path = tmp_path / "given.safetensors"
    export(graph, network, prepared, "safetensors", path, torch.rand(2, *graph.shape))
    return path


def test_pictures_are_normalized_as_the_weights_expect_and_the_run_and_its_export_keep_that(tmp_path: Path) -> None:
    fresh = Project(presets.build("lenet5"), DataChoice(), QUICK.changed(epochs=1))
    project = starting(given(tmp_path), fresh)
    assert project.data.normalization == "imagenet"
    told = [event.message for event in start(project, tmp_path / "run") if isinstance(event, Warning)]
    assert told == ["It starts from given.safetensors: 5 layers keep their weights."]
    run = Run.open(tmp_path / "run")
    assert run.environment["preprocessing"]["mean"] == pytest.approx([0.449])
    assert run.environment["weights"]["normalization"] == "imagenet"
    export_run(run, "safetensors", tmp_path / "out.safetensors")
    carried = read_source(tmp_path / "out.safetensors").prepared
    assert carried is not None
    assert carried.std == pytest.approx((0.226,))
    assert starting(tmp_path / "run", fresh).data.normalization == "imagenet"  # and who goes on from it has it too
    # A person may have it otherwise, and is told.
    other = replace(project, data=project.data.changed(normalization="measured"))
    (said,) = [event.message for event in start(other, tmp_path / "other") if isinstance(event, Warning)]
    assert "learnt from pictures normalized by ImageNet's mean and deviation; yours are" in said


def test_a_network_that_was_not_trained_is_exported_with_the_weights_that_it_starts_from(tmp_path: Path) -> None:
    fresh = Project(presets.build("lenet5"), DataChoice(), QUICK)
    path = given(tmp_path, 0.2, 0.3)
    found = export_project(starting(path, fresh), "safetensors", tmp_path / "out.safetensors")
    assert found.sentence.startswith("with weights of given.safetensors (5 layers keep their weights), its outputs")
    theirs, ours = load_file(path), load_file(tmp_path / "out.safetensors")
    assert all(torch.equal(theirs[name], ours[name]) for name in theirs)
    prepared = read_source(tmp_path / "out.safetensors").prepared
    assert prepared is not None
    assert (prepared.mean, prepared.std, prepared.classes[:2]) == ((0.2,), (0.3,), ("a", "b"))
    # Another last layer knows no names of classes.
    anew = export_project(starting(path, fresh, all_but_head=True), "safetensors", tmp_path / "anew.safetensors")
    assert anew.prepared.classes == ()
    assert not torch.equal(load_file(tmp_path / "anew.safetensors")["fc3.weight"], theirs["fc3.weight"])
    assert export_project(fresh, "safetensors", tmp_path / "fresh.safetensors").sentence.startswith(
        "with fresh weights"
    )


@pytest.mark.parametrize(
    "said",
    [
        "[]",
        "{",
        '{"channels": 1, "size": [28, 28], "mean": [0.1], "std": [0], "fit": "pad", "classes": []}',
        "9" * 5000,
    ],
    ids=["list", "no-json", "no-deviation", "number"],
)
def test_a_header_that_is_damaged_says_nothing(tmp_path: Path, said: str) -> None:
    save_file({"conv1.bias": torch.ones(6)}, tmp_path / "w.safetensors", {"preprocessing": said})
    assert read_source(tmp_path / "w.safetensors").prepared is None
