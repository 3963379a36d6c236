"""Numbers that are not finite, put into every place of a training where one may come up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.runs.trainings import assert_same, finish
from workbench.data import Batch
from workbench.project import Project
from workbench.runs import Run, layout, read_state, resume, start
from workbench.training import Checkpoint, Finished, Step
from workbench.training.session import Session

Spoil = Callable[[Session, list[Batch], float], object]


@dataclass(frozen=True, slots=True)
class Place:
    """How a number gets there, in front of a step; what is said of it; settings of the recipe that it needs."""

    spoil: Spoil
    words: str
    settings: tuple[tuple[str, Any], ...] = ()


def _parameter(name: str) -> Spoil:
    def spoil(session: Session, batches: list[Batch], value: float) -> None:
        session.network.get_parameter(name).data.view(-1)[0] = value

    return spoil


def _image(session: Session, batches: list[Batch], value: float) -> None:
    batches[0].images.view(-1)[0] = value


def _activation(session: Session, batches: list[Batch], value: float) -> None:
    session.network.get_submodule("relu").register_forward_hook(lambda module, given, output: output * value)


def _running_mean(session: Session, batches: list[Batch], value: float) -> None:
    session.network.get_buffer("bn.running_mean").view(-1)[0] = value


def _gradient(session: Session, batches: list[Batch], value: float) -> None:
    session.network.get_parameter("conv.weight").register_hook(lambda gradient: gradient + value)


def _loss(session: Session, batches: list[Batch], value: float) -> None:
    real = session._stepper._objective

    def objective(*given: Any) -> Any:
        parts = real(*given)
        return replace(parts, total=parts.total * value, data=parts.data * value)

    session._stepper._objective = objective  # type: ignore[assignment]


def _penalty(session: Session, batches: list[Batch], value: float) -> None:
    """Weights that are finite, but whose squares are not."""
    session.network.get_parameter("conv.weight").data.view(-1)[0] = 1e30


def _memory(session: Session, batches: list[Batch], value: float) -> None:
    memory = session._stepper.optimizer.state[session.network.get_parameter("fc.weight")]
    next(v for name, v in sorted(memory.items()) if name != "step").view(-1)[0] = value


def _average(session: Session, batches: list[Batch], value: float) -> None:
    assert session._average is not None
    session._average.tensors["fc.weight"].view(-1)[0] = value


def _rate(session: Session, batches: list[Batch], value: float) -> None:
    """A rate that overflows: neither the loss nor the gradient of this step shows it."""
    session._control.rate_factor = 1e42


PLACES: dict[str, Place] = {
    "an image": Place(_image, "batch's images"),
    "the first layer's weights": Place(_parameter("conv.weight"), "layer conv"),
    "a normalization's scale": Place(_parameter("bn.weight"), "layer bn"),
    "the last layer's weights": Place(_parameter("fc.weight"), "layer fc"),
    "an activation": Place(_activation, "layer relu"),
    "a running mean": Place(_running_mean, "network's bn.running_mean"),
    "the loss": Place(_loss, "the loss itself"),
    "the penalty": Place(_penalty, "the penalty on the weights", (("l2", 1e-4),)),
    "a gradient": Place(_gradient, "began at conv.weight"),
    "the optimizer's memory": Place(_memory, "network's fc.weight"),
    "the averaged weights": Place(_average, "network's fc.weight", (("ema", 0.9),)),
    "the learning rate": Place(_rate, "too large for a number of 32 bits"),
}


def spoil_a_training(name: str, step: int, value: float, whole: Project, directory: Path) -> None:
    """R5: it ends within that step, keeps the checkpoint before, says where it began, and can go on from there.

    ``whole`` is a project with a checkpoint behind every step.
    """
    place = PLACES[name]
    project = replace(whole, recipe=whole.recipe.changed(**dict(place.settings)))
    with spoiling(place.spoil, step, value):
        events = list(start(project, directory))
    assert max(event.step for event in events if isinstance(event, Step)) <= step
    finished = events[-1]
    assert isinstance(finished, Finished)
    assert finished.reason == "failed"
    assert place.words in finished.sentence, (name, finished.sentence)
    assert "the last good checkpoint is kept" in finished.sentence
    kept = [event for event in events if isinstance(event, Checkpoint)]
    assert kept[-1].step == step - 1
    for state in (*(event.state for event in kept), *map(read_state, _checkpoints(directory))):
        for tensor, content in state.tensors.items():
            assert tensor.startswith("samples") or torch.isfinite(content.float()).all(), (name, tensor)
    assert Run.open(directory).status == "failed"
    assert finish(resume(directory)).reason == "completed"
    finish(start(project, directory.with_suffix(".whole")))
    assert_same(directory, directory.with_suffix(".whole"))


@contextmanager
def spoiling(spoil: Spoil, step: int, value: float) -> Iterator[None]:
    real = Session.step

    def spoilt(self: Session, batches: list[Batch], *rest: Any) -> Step:
        if self.progress.step + 1 == step:
            spoil(self, batches, value)
        return real(self, batches, *rest)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Session, "step", spoilt)
        yield


def _checkpoints(directory: Path) -> list[Path]:
    return [directory / name for name in (layout.LAST, layout.BEST) if (directory / name).exists()]
