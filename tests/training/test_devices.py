"""What a training promises on every device: here the processor, and a GPU where there is one."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.runs.killing import Nursery, check, kill_after
from workbench import machine
from workbench.data import Dataset, training_batches
from workbench.graph import Builder, Graph
from workbench.project import DataChoice, Project, Recipe
from workbench.runs import Run, evaluate_run, export_run, resume, start
from workbench.training import Checkpoint, Control, Epoch, Event, Finished, State, Step, Warning, train
from workbench.training.chance import chance_tensors
from workbench.training.preflight import examine, range_test

needs_cuda = pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
DEVICES = ["cpu", pytest.param("cuda", marks=[pytest.mark.cuda, needs_cuda])]

pytestmark = pytest.mark.parametrize("device", DEVICES)

RECIPE = Recipe(epochs=3, batch_size=32, crop_padding=1, flip=True, input_noise=0.05, checkpoint_seconds=0.0)


def last(events: Iterable[Event], kind: type) -> Any:
    return [event for event in events if isinstance(event, kind)][-1]


@pytest.mark.parametrize("precision", ["fp32", "bf16", "fp16"])
def test_it_learns_in_every_precision(device: str, precision: str, small: Graph, digits: Dataset) -> None:
    if device == "cpu" and precision == "fp16":
        pytest.skip("fp16 needs a GPU")
    events = list(train(small, digits, RECIPE.changed(epochs=5, device=device, precision=precision)))
    assert last(events, Finished).reason == "completed"
    assert last(events, Epoch).validation_accuracy > 0.5
    assert events[0].precision == precision
    assert events[0].device == ("cuda:0" if device == "cuda" else "cpu")


def test_why_it_leaves_cores_to_others_is_told_where_that_matters(
    device: str, small: Graph, digits: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine, "why_fewer_threads", lambda: "Others are at work.")
    events = list(train(small, digits, RECIPE.changed(device=device)))
    told = [event.message for event in events if isinstance(event, Warning)]
    assert told == (["Others are at work."] if device == "cpu" else [])
    resumed = list(train(small, digits, RECIPE.changed(epochs=4, device=device), resume=last(events, Checkpoint).state))
    assert not [event for event in resumed if isinstance(event, Warning)]


@pytest.mark.parametrize(
    "change",
    [
        {"optimizer": "adamw", "learning_rate": 0.01, "weight_decay": 0.01, "decay_norms_and_biases": False},
        {"optimizer": "rmsprop", "learning_rate": 1e-3, "schedule": "plateau"},
        {"mixup": 0.4, "cutmix": 1.0, "label_smoothing": 0.1, "ema": 0.9},
        {"l1": 1e-5, "l2": 1e-5, "discard_outliers": 0.2, "clip_norm": 1.0, "accumulate": 2},
        {"rotation": 5.0, "cutout": 2, "colour": 0.1, "channels_last": "on", "schedule": "onecycle"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_it_obeys_the_recipe(device: str, change: dict[str, Any], small: Graph, digits: Dataset) -> None:
    events = list(train(small, digits, RECIPE.changed(epochs=6, device=device, **change)))
    assert last(events, Finished).reason == "completed"
    losses = [epoch.train_loss_eval for epoch in events if isinstance(epoch, Epoch)]
    assert losses[-1] < losses[0]


def test_images_are_gathered_and_augmented_there(device: str, digits: Dataset) -> None:
    recipe = RECIPE.changed(rotation=10.0, cutout=2, colour=0.2)
    here = training_batches(digits, recipe, 1)
    there = training_batches(digits, recipe, 1, device=device)
    for one, other in zip(here, there, strict=True):
        assert other.images.device.type == other.labels.device.type == device
        assert torch.equal(one.indices, other.indices)
        assert torch.allclose(one.images, other.images.cpu(), atol=1e-4)


@pytest.mark.parametrize("precision", ["fp32", "fp16"])
def test_a_resumed_training_makes_the_same_steps(device: str, precision: str, small: Graph, digits: Dataset) -> None:
    if device == "cpu" and precision == "fp16":
        pytest.skip("fp16 needs a GPU")
    recipe = RECIPE.changed(device=device, precision=precision)
    whole = list(train(small, digits, recipe))
    states = [event.state for event in whole if isinstance(event, Checkpoint)]
    state = states[len(states) // 2 - 1]  # how many there are depends on what one costs there
    resumed = [event for event in train(small, digits, recipe, resume=state) if isinstance(event, Step)]
    assert resumed
    expected = [event for event in whole if isinstance(event, Step)][-len(resumed) :]
    assert [(e.epoch, e.step, e.learning_rate) for e in resumed] == [
        (e.epoch, e.step, e.learning_rate) for e in expected
    ]
    # On a GPU sums may come in another order; the dropout masks are the same, or losses would be far apart.
    near = 0 if device == "cpu" else 0.02
    assert [e.data_loss for e in resumed] == pytest.approx([e.data_loss for e in expected], rel=near, abs=near)


def test_the_callers_chance_is_left_alone(device: str, small: Graph, digits: Dataset) -> None:
    torch.manual_seed(5)
    before = chance_tensors(torch.device(device))
    list(train(small, digits, RECIPE.changed(epochs=1, device=device)))
    assert range_test(small, digits, RECIPE.changed(device=device)).suggestion is not None
    after = chance_tensors(torch.device(device))
    assert before.keys() == after.keys()
    assert all(torch.equal(before[name], after[name]) for name in before)


def test_a_loss_that_is_not_finite_ends_it(device: str, small: Graph, digits: Dataset) -> None:
    good = last(train(small, digits, RECIPE.changed(epochs=1, device=device)), Checkpoint).state
    tensors = dict(good.tensors)
    tensors["model.fc.weight"] = torch.full_like(tensors["model.fc.weight"], torch.inf)
    events = list(train(small, digits, RECIPE.changed(device=device), resume=State(tensors, good.values)))
    assert last(events, Finished).reason == "failed"
    assert "layer fc" in last(events, Finished).sentence


def test_it_stops_inside_a_step(device: str, small: Graph, digits: Dataset) -> None:
    control = Control()
    running = train(small, digits, RECIPE.changed(device=device), control)
    next(running)
    control.stop()
    rest = list(running)
    assert last(rest, Finished).reason == "stopped"
    assert not [event for event in rest if isinstance(event, Step)]


def test_preflight_examines_it(device: str, small: Graph, digits: Dataset) -> None:
    report = examine(small, digits, RECIPE.changed(device=device))
    assert report.overfit.learnt
    assert report.memory.fitting_batch >= 1024
    assert 0 < report.memory.needed < report.memory.free


def test_a_run_made_there_is_used_without_it(device: str, small: Graph, tmp_path: Path) -> None:
    """Weights are kept on the processor: measuring and exporting need no GPU."""
    project = Project(small, DataChoice(subset=200), RECIPE.changed(device=device, precision="fp32"))
    control, directory = Control(), tmp_path / "run"
    for event in start(project, directory, control):
        if isinstance(event, Step) and event.step == 10:
            control.stop()
    assert last(list(resume(directory)), Finished).reason == "completed"
    run = Run.open(directory)
    best = min(run.epochs, key=lambda epoch: epoch["validation_loss"])
    assert evaluate_run(run).evaluation.loss == pytest.approx(best["validation_loss"], rel=1e-3)
    assert export_run(run, "safetensors", tmp_path / "net.safetensors").difference == 0


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_killed_training_loses_nothing_that_was_promised_and_goes_on(
    device: str, small: Graph, tmp_path: Path
) -> None:
    recipe = RECIPE.changed(device=device, precision="fp32", epochs=6)
    project, kills = Project(small, DataChoice(subset=200), recipe), 0
    with Nursery(gpu=device == "cuda") as nursery:
        for seconds in (0.05, 0.2, 0.1):
            promises = kill_after(seconds, nursery, tmp_path / "run", project)
            if promises is None:
                break
            check(tmp_path / "run", promises)
            kills += 1
    assert kills
    assert last(resume(tmp_path / "run"), Finished).reason == "completed"


def test_memory_comes_back_after_the_device_ran_out(device: str, digits: Dataset) -> None:
    if device == "cpu":
        pytest.skip("the system would end the program")
    builder = Builder((1, 8, 8))
    for number in range(12):
        builder.add(f"conv{number}", "Conv2d", out_channels=512, kernel_size=3, padding=1)
        builder.add(f"relu{number}", "ReLU")
    builder.add("pool", "AdaptiveAvgPool2d", output_size=1)
    builder.add("flatten", "Flatten")
    builder.add("fc", "Linear", out_features=10)
    graph = builder.build("wide")
    many = replace(digits, train=digits.train.select(torch.arange(len(digits.train)).repeat(20)))
    recipe = Recipe(epochs=1, batch_size=4000, device="cuda", precision="fp32")
    before = torch.cuda.memory_allocated()
    torch.cuda.set_per_process_memory_fraction(1e9 / torch.cuda.get_device_properties(0).total_memory)
    try:
        for _ in range(5):
            finished = last(train(graph, many, recipe), Finished)
            assert finished.reason == "failed"
            assert "ran out of memory at a batch of 4000: a batch of" in finished.sentence
            assert torch.cuda.memory_allocated() <= before + 16_000_000
    finally:
        torch.cuda.set_per_process_memory_fraction(1.0)
