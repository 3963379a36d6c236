"""Trainings that run out of memory, again and again in one process, and what must be so afterwards.

python -m tests.runs.out_of_memory     a process whose memory is really limited; prints what happened as JSON
"""

from __future__ import annotations

import gc
import json
import os
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.runs.trainings import finish
from workbench.data.batches import Normalise
from workbench.graph import Builder
from workbench.project import DataChoice, Project, Recipe
from workbench.runs import Run, layout, start
from workbench.training import Control, DeviceError, epoch_measures, train
from workbench.training.objective import Objective
from workbench.training.session import Session

PLACES: dict[str, tuple[Any, str]] = {
    "set up": (torch.nn.Module, "to"),
    "images": (Normalise, "__call__"),
    "forward": (torch.nn.Conv2d, "forward"),
    "loss": (Objective, "__call__"),
    "backward": (torch.Tensor, "backward"),
    "optimizer": (torch.optim.SGD, "step"),
    "evaluation": (epoch_measures, "evaluate"),
}


def run_out(place: str, call: int, project: Project, directory: Path) -> str:
    """R6: memory runs out at a call of one place; the network's memory is free afterwards. Gives the sentence."""
    networks: list[weakref.ref[Any]] = []
    with _running_out(place, call), _noting(networks):
        try:
            finished = finish(start(project, directory))
        except DeviceError as refused:  # before the first step
            sentence = str(refused)
        else:
            assert finished.reason == "failed"
            assert "OutOfMemoryError" in (directory / layout.ERROR).read_text()
            sentence = finished.sentence
    assert "ran out of memory at a batch of 16" in sentence
    assert "set recipe.batch_size=8" in sentence
    assert Run.open(directory).status == "failed"
    gc.collect()
    assert networks
    assert not any(network() for network in networks), "something holds on to the network"
    return sentence


def live_tensors() -> int:
    """How many tensors Python knows of."""
    gc.collect()
    return sum(issubclass(type(thing), torch.Tensor) for thing in gc.get_objects())


@contextmanager
def _running_out(place: str, call: int) -> Iterator[None]:
    owner, name = PLACES[place]
    real, calls = getattr(owner, name), 0

    def sometimes(*arguments: Any, **named: Any) -> Any:
        nonlocal calls
        on_meta = any(isinstance(a, torch.Tensor) and a.is_meta for a in arguments)
        calls += not on_meta
        if calls == call and not on_meta:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")
        return real(*arguments, **named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(owner, name, sometimes)
        yield
    assert calls >= call, f"{place} was never reached"


@contextmanager
def _noting(networks: list[weakref.ref[Any]]) -> Iterator[None]:
    """Know each network that a training makes."""
    real = Session.__init__

    def init(self: Session, *arguments: Any) -> None:
        try:
            real(self, *arguments)
        finally:
            networks.append(weakref.ref(self.network))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Session, "__init__", init)
        yield


def _limited(times: int = 20, room: int = 250_000_000) -> dict[str, Any]:
    """Train with a batch that does not fit into what the system gives, then with one that does; in one process."""
    import resource

    from workbench.data import load

    builder = Builder((3, 32, 32))
    builder.add("conv1", "Conv2d", out_channels=48, kernel_size=3, padding=1)
    builder.add("relu1", "ReLU")
    builder.add("conv2", "Conv2d", out_channels=48, kernel_size=3, padding=1)
    builder.add("relu2", "ReLU")
    builder.add("pool", "AdaptiveAvgPool2d", output_size=1)
    builder.add("flatten", "Flatten")
    builder.add("fc", "Linear", out_features=10)
    graph = builder.build("wide")
    dataset = load(DataChoice(), graph.shape)
    large = Recipe(epochs=1, batch_size=1024, precision="fp32", channels_last="off")
    small = large.changed(batch_size=16)
    finish(_few(train(graph, dataset, small, control := Control()), control))
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    sentences, held = [], []
    for _ in range(times):
        resource.setrlimit(resource.RLIMIT_AS, (_pages(0) + room, hard))
        try:
            sentences.append(finish(train(graph, dataset, large)).sentence)
        finally:
            resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
        held.append(_pages(1))
    control = Control()
    finished = finish(_few(train(graph, dataset, small, control), control))
    return {"sentences": sentences, "held": held, "after": finished.reason}


def _few(events: Any, control: Control) -> Iterator[Any]:
    """The first ten events, and what a stop makes of the rest."""
    for number, event in enumerate(events):
        yield event
        if number == 10:
            control.stop()


def _pages(column: int) -> int:
    """Bytes of this process's address space (0), or of it in memory (1)."""
    return int(Path("/proc/self/statm").read_text().split()[column]) * os.sysconf("SC_PAGE_SIZE")


def small_batches(project: Project) -> Project:
    """A project of one epoch, at whose batch of 16 memory runs out."""
    return replace(project, recipe=project.recipe.changed(epochs=1, batch_size=16, optimizer="sgd"))


if __name__ == "__main__":
    torch.set_num_threads(1)
    print(json.dumps(_limited()))
