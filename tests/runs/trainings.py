"""Projects whose training takes a moment, and what of two runs must be equal to the last bit."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch

from workbench.graph import Builder
from workbench.project import DataChoice, Project, Recipe
from workbench.runs import Run
from workbench.training import Event, Finished

EXACT = Recipe(device="cpu", precision="fp32", epochs=3, batch_size=16, checkpoint_seconds=0.0)
"""What is promised to the last bit is promised for the processor."""

RECIPES = {
    "sgd": EXACT.changed(nesterov=True, crop_padding=4, flip=True),
    "adamw": EXACT.changed(optimizer="adamw", learning_rate=0.01, ema=0.9, mixup=0.4, input_noise=0.1),
}


def small_project() -> Project:
    """Images in memory, 8 steps an epoch."""
    builder = Builder((1, 8, 8))
    builder.add("conv", "Conv2d", out_channels=6, kernel_size=3)
    builder.add("bn", "BatchNorm2d")
    builder.add("relu", "ReLU")
    builder.add("flatten", "Flatten")
    builder.add("drop", "Dropout", p=0.3)
    builder.add("fc", "Linear", out_features=10)
    return Project(builder.build("small"), DataChoice(subset=120), EXACT.changed(crop_padding=1, input_noise=0.1))


def streamed_project(folder: Path) -> Project:
    """Images of the two classes in a folder; 100 or more take more than the memory budget and are read each epoch."""
    builder = Builder((3, 64, 64))
    builder.add("conv", "Conv2d", out_channels=6, kernel_size=4, stride=4)
    builder.add("bn", "BatchNorm2d")
    builder.add("relu", "ReLU")
    builder.add("pool", "AdaptiveAvgPool2d", output_size=4)
    builder.add("flatten", "Flatten")
    builder.add("drop", "Dropout", p=0.3)
    builder.add("fc", "Linear", out_features=2)
    return Project(builder.build("small"), DataChoice(source=str(folder), memory_budget=1), RECIPES["sgd"])


def random_project(chance: random.Random, folder: Path | None = None) -> Project:
    """A small network and a recipe that nobody chose; with images streamed from a folder where one is given."""
    builder = Builder((3, 64, 64) if folder else (1, 8, 8))
    if folder:
        builder.add("shrink", "MaxPool2d", kernel_size=8)
    for number in range(chance.randint(1, 3)):
        builder.add(f"conv{number}", "Conv2d", out_channels=chance.choice((4, 6, 8)), kernel_size=3, padding=1)
        if chance.random() < 0.7:
            kind, settings = chance.choice(
                (("BatchNorm2d", {}), ("GroupNorm", {"num_groups": 2}), ("InstanceNorm2d", {"affine": True}))
            )
            builder.add(f"norm{number}", kind, **settings)
        builder.add(f"act{number}", chance.choice(("ReLU", "GELU", "SiLU", "PReLU", "Tanh")))
        if chance.random() < 0.4:
            builder.add(f"noise{number}", *chance.choice((("Dropout2d",), ("GaussianNoise",), ("Dropout",))))
    builder.add("pool", "AdaptiveAvgPool2d", output_size=chance.choice((1, 2)))
    builder.add("flatten", "Flatten")
    builder.add("fc", "Linear", out_features=2 if folder else 10)
    recipe = EXACT.changed(
        epochs=chance.randint(2, 5),
        batch_size=chance.choice((8, 16, 23)),
        seed=chance.randrange(2**31),
        optimizer=chance.choice(("sgd", "adam", "adamw", "rmsprop")),
        learning_rate=chance.choice((0.001, 0.01)),
        schedule=chance.choice(("constant", "step", "cosine", "onecycle", "plateau")),
        nesterov=chance.random() < 0.5,
        accumulate=chance.choice((1, 1, 2)),
        ema=chance.choice((0.0, 0.0, 0.9)),
        label_smoothing=chance.choice((0.0, 0.1)),
        clip_norm=chance.choice((0.0, 1.0)),
        l2=chance.choice((0.0, 1e-4)),
        mixup=chance.choice((0.0, 0.3)),
        cutmix=chance.choice((0.0, 0.5)),
        input_noise=chance.choice((0.0, 0.1)),
        crop_padding=chance.choice((0, 1)),
        flip=chance.random() < 0.5,
    )
    data = DataChoice(subset=chance.randint(60, 150), split_seed=chance.randrange(100))
    if folder:
        data = DataChoice(source=str(folder), memory_budget=1, workers=chance.choice((0, 1, 2)))
    return Project(builder.build("chance"), data, recipe)


def finish(events: Iterator[Event]) -> Finished:
    """Follow a training to its end."""
    last = None
    for event in events:
        last = event
    assert isinstance(last, Finished)
    return last


def assert_same(one: Path, other: Path) -> None:
    """All metrics but times and memory, and the last checkpoints' tensors."""
    metrics, tensors = _essence(one)
    other_metrics, other_tensors = _essence(other)
    assert metrics == other_metrics
    assert set(tensors) == set(other_tensors)
    for name, tensor in tensors.items():
        assert torch.equal(tensor.nan_to_num(), other_tensors[name].nan_to_num()), name


def _essence(directory: Path) -> tuple[list[dict[str, Any]], dict[str, torch.Tensor]]:
    run = Run.open(directory)
    timed = {"seconds", "images_per_second", "memory_bytes"}
    metrics = [{key: value for key, value in record.items() if key not in timed} for record in run.metrics]
    return metrics, dict(run.state(best=False).tensors)
