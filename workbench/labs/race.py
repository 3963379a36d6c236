"""Networks trained side by side, an epoch of each in turn or one after the other: one sees what one change does."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace

from workbench.data import Dataset, load
from workbench.project import Project
from workbench.training import Control, Epoch, Event, Finished, Health, Warning, Watch, train

_RETRY_SECONDS = 0.5

# Wong 2011, told apart by people who see colours differently, then brown and grey; the others are for comparisons of
# many, and can be seen on light and on dark.
COLOURS = (
    "#0072b2", "#e69f00", "#009e73", "#d55e00", "#cc79a7", "#56b4e9", "#b8a800", "#8c6239", "#8a8f98",
    "#9467bd", "#e0405a", "#6aa84f", "#00a5b5", "#c05ad1", "#7f8fe0", "#d98880",
)  # fmt: skip

METRICS: dict[str, Callable[[Epoch], float]] = {
    "Validation loss": lambda epoch: epoch.validation_loss,
    "Training loss": lambda epoch: epoch.train_loss_eval,
    "Loss while training": lambda epoch: epoch.train_loss,
    "Error while training": lambda epoch: 1 - epoch.train_accuracy,
    "Gap": lambda epoch: epoch.validation_loss - epoch.train_loss_eval,
    "Validation accuracy": lambda epoch: epoch.validation_accuracy,
    "Gradient norm": lambda epoch: epoch.gradient_norm,
}


@dataclass(frozen=True)
class Variant:
    """One of the networks of a race. ``change`` says in words what is different about it.

    ``raw`` leaves its images as they were scanned, 0 to 255, where else each channel has mean 0 and deviation 1.
    """

    name: str
    change: str
    project: Project
    raw: bool = False


@dataclass(frozen=True, slots=True)
class Lap:
    """What one variant has come to after another epoch; ``finished`` where it was the last.

    ``waits`` says why it could not go on; it is tried again at its next turn. ``health`` is how its layers fared when
    they were last measured, where they are.
    """

    variant: str
    epoch: Epoch | None = None
    finished: Finished | None = None
    waits: str = ""
    health: Health | None = None


Training = Callable[[Variant], Generator[Event]]
"""Begins the training of one variant."""


def trained(variant: Variant, health: float = 0.0) -> Generator[Event]:
    """A training of which nothing is kept. ``health``: the share of its time in which its layers may be measured."""
    project = variant.project
    yield from train(project.graph, _images(variant), project.recipe, Control(), probe=Watch(health=health))


def race(
    variants: Sequence[Variant],
    check: Callable[[], object] = lambda: None,
    training: Training = trained,
    in_turn: bool = True,
) -> Iterator[Lap]:
    """Train all of them, an epoch of each ``in_turn``, or each to its end before the next begins.

    ``check`` is called with every step, and ends the race by raising. Raises what a training raises before its first
    step.
    """
    with ExitStack() as stack:
        running = {variant.name: training(variant) for variant in variants}
        for events in running.values():
            stack.callback(events.close)
        while running:
            for name in list(running):
                finished = False
                while not finished:
                    lap = _lap(name, running[name], check)
                    yield lap
                    finished = lap.finished is not None
                    if in_turn:
                        break
                if finished:
                    del running[name]


def of_step(variants: Sequence[Variant], ends: Mapping[int, Epoch], step: int) -> tuple[str, str]:
    """What came of a step of a ladder, and what it is beside the others; ``ends`` are their last epochs, by place.

    Best is the lowest validation loss. Below it a step underfits where both losses are higher; above it, it overfits
    where the training loss is lower and the validation loss higher.
    """
    end, variant = ends.get(step), variants[step]
    if end is None:
        return f"{variant.name}, {variant.change}", "not trained yet"
    told = f"{variant.name}: training {end.train_loss_eval:.3f}, validation {end.validation_loss:.3f}"
    best = min(ends, key=lambda row: ends[row].validation_loss)
    lower, other = end.train_loss_eval < ends[best].train_loss_eval, variants[best].name
    if step == best:
        return told, f"the lowest validation loss of {len(ends)} trained"
    if step < best and not lower:
        return told, f"underfitting: {other} does better on both"
    if step > best and lower:
        return told, f"overfitting: {other} does better on new images"
    return told, f"{other} does better on new images"


def _lap(name: str, events: Iterator[Event], check: Callable[[], object]) -> Lap:
    health: Health | None = None
    for event in events:
        check()
        match event:
            case Health():
                health = event
            case Epoch():
                return Lap(name, event, health=health)
            case Finished():
                return Lap(name, finished=event)
            case Warning(paused=True):
                time.sleep(_RETRY_SECONDS)
                return Lap(name, waits=event.message)
    raise RuntimeError(f"the training of '{name}' ended without saying so")


def _images(variant: Variant) -> Dataset:
    dataset = load(variant.project.data, variant.project.graph.shape)
    if not variant.raw:
        return dataset
    channels = len(dataset.mean)
    return replace(dataset, mean=(0.0,) * channels, std=(1 / 255,) * channels)
