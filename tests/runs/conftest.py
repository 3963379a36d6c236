"""A project whose training takes a moment, and what of a run must be equal to the last bit."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from workbench.graph import Builder
from workbench.project import DataChoice, Project, Recipe
from workbench.runs import Run
from workbench.training import Event, Finished


@pytest.fixture(scope="session")
def project() -> Project:
    builder = Builder((1, 8, 8))
    builder.add("conv", "Conv2d", out_channels=6, kernel_size=3)
    builder.add("bn", "BatchNorm2d")
    builder.add("relu", "ReLU")
    builder.add("flatten", "Flatten")
    builder.add("drop", "Dropout", p=0.3)
    builder.add("fc", "Linear", out_features=10)
    recipe = Recipe(epochs=3, batch_size=16, crop_padding=1, input_noise=0.1, checkpoint_seconds=0.0)
    return Project(builder.build("small"), DataChoice(subset=120), recipe)


def finish(events: Iterator[Event]) -> Finished:
    """Follow a training to its end."""
    last = None
    for event in events:
        last = event
    assert isinstance(last, Finished)
    return last


def essence(directory: Path) -> tuple[list[dict[str, Any]], dict[str, torch.Tensor]]:
    """The metrics without times, and the last checkpoint's tensors."""
    run = Run.open(directory)
    timed = {"seconds", "images_per_second", "memory_bytes"}
    metrics = [{key: value for key, value in record.items() if key not in timed} for record in run.metrics]
    return metrics, dict(run.state(best=False).tensors)


def assert_same(one: Path, other: Path) -> None:
    metrics, tensors = essence(one)
    other_metrics, other_tensors = essence(other)
    assert metrics == other_metrics
    assert set(tensors) == set(other_tensors)
    for name, tensor in tensors.items():
        assert torch.equal(tensor.nan_to_num(), other_tensors[name].nan_to_num()), name
