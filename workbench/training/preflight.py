"""What can be known before the first step: memory, labels, whether it can learn at all, and a good learning rate."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, replace
from typing import Any

import torch
from torch import Tensor

from workbench.data import Dataset
from workbench.graph import Graph
from workbench.project import Recipe
from workbench.training import memory
from workbench.training.events import Finished, Step
from workbench.training.loop import train
from workbench.training.precision import choose

IMBALANCE = 3.0
"""A class with this many times as many training images as another is worth a word."""

_FEW = 10
_FEW_EPOCHS = 200
_RANGE_STEPS = 60
_RANGE = (1e-5, 10.0)


@dataclass(frozen=True, slots=True)
class MemoryReport:
    """Bytes that a step needs by estimate, that are free, and the largest batch (a power of two) that fits."""

    needed: int
    free: int
    fitting_batch: int


@dataclass(frozen=True, slots=True)
class LabelReport:
    """Training images by class, and warnings about them."""

    counts: dict[str, int]
    warnings: tuple[str, ...]
    skipped: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class OverfitReport:
    """Whether ten images can be learnt by heart: what cannot, has a mistake in network, data or recipe."""

    learnt: bool
    accuracy: float
    steps: int
    sentence: str


@dataclass(frozen=True, slots=True)
class RangeReport:
    """A learning-rate range test (Smith 2015): the loss at rising rates, smoothed, and a rate to begin with."""

    rates: tuple[float, ...]
    losses: tuple[float, ...]
    suggestion: float | None


@dataclass(frozen=True, slots=True)
class Preflight:
    memory: MemoryReport
    labels: LabelReport
    overfit: OverfitReport
    range: RangeReport

    def record(self) -> dict[str, Any]:
        """As JSON values."""
        return asdict(self)


def examine(graph: Graph, dataset: Dataset, recipe: Recipe) -> Preflight:
    """All four examinations. Networks of their own are trained: nothing of a training to come is touched."""
    return Preflight(
        examine_memory(graph, recipe),
        examine_labels(dataset),
        overfit_few(graph, dataset, recipe),
        range_test(graph, dataset, recipe),
    )


def examine_memory(graph: Graph, recipe: Recipe) -> MemoryReport:
    """An estimate from shapes alone; nothing is allocated."""
    arithmetic = choose(recipe, graph)
    return MemoryReport(
        memory.estimate(graph, recipe, recipe.batch_size, arithmetic),
        memory.available(arithmetic),
        memory.fitting_batch(graph, recipe, arithmetic),
    )


def examine_labels(dataset: Dataset) -> LabelReport:
    """Class balance of the training part, and what was skipped."""
    counts = dataset.train.labels.bincount(minlength=len(dataset.classes)).tolist()
    warnings = []
    most, least = max(counts), min(counts)
    if least * IMBALANCE < most:
        rare, common = dataset.classes[counts.index(least)], dataset.classes[counts.index(most)]
        warnings.append(f"{common} has {most} training images and {rare} only {least}: accuracy will favour {common}")
    if len(dataset.classes) < 2:
        warnings.append("there is one class only: every network is right, and learns nothing")
    if dataset.skipped:
        warnings.append(f"{len(dataset.skipped)} files were skipped; the list says why")
    return LabelReport(dict(zip(dataset.classes, counts, strict=True)), tuple(warnings), dataset.skipped)


def overfit_few(graph: Graph, dataset: Dataset, recipe: Recipe) -> OverfitReport:
    """Train on ten images without regularization until they are known by heart."""
    few = dataset.train.select(_spread(dataset, _FEW))
    small = replace(dataset, train=few, validation=few.select(few.indices[:0]))
    plain = _unregularised(recipe).changed(
        epochs=_FEW_EPOCHS, batch_size=max(2, len(few)), schedule="constant", checkpoint_seconds=86_400.0
    )
    accuracy, steps = 0.0, 0
    for event in train(graph, small, plain):
        if isinstance(event, Step):
            steps = event.step
        accuracy = getattr(event, "train_accuracy_eval", accuracy)
        if accuracy == 1.0 or (isinstance(event, Finished) and event.reason == "failed"):
            break
    if accuracy == 1.0:
        return OverfitReport(True, accuracy, steps, f"Ten images were learnt by heart in {steps} steps.")
    return OverfitReport(
        False, accuracy, steps,
        f"Ten images were not learnt in {steps} steps ({accuracy:.0%} right): look for a mistake in the network, try "
        "another learning rate, or another initialisation.",
    )  # fmt: skip


def range_test(graph: Graph, dataset: Dataset, recipe: Recipe) -> RangeReport:
    """Losses while the learning rate rises from 1e-5 to 10 step by step; stops where the loss blows up.

    The suggestion is the rate where the smoothed loss falls most steeply, or None where it never falls.
    """
    low, high = _RANGE
    rates = [low * (high / low) ** (step / (_RANGE_STEPS - 1)) for step in range(_RANGE_STEPS)]
    plain = _unregularised(recipe).changed(epochs=1_000, schedule="constant", checkpoint_seconds=86_400.0)
    seen: list[float] = []
    smoothed: list[float] = []
    average = 0.0
    best = math.inf
    for event in train(graph, dataset, plain, rates=rates):
        if isinstance(event, Finished):
            break
        if not isinstance(event, Step):
            continue
        average = 0.8 * average + 0.2 * event.data_loss
        loss = average / (1 - 0.8 ** (len(smoothed) + 1))
        seen.append(event.learning_rate)
        smoothed.append(loss)
        best = min(best, loss)
        if not math.isfinite(loss) or loss > 4 * best or len(seen) == _RANGE_STEPS:
            break
    return RangeReport(tuple(seen), tuple(smoothed), _steepest(seen, smoothed))


def _steepest(rates: list[float], losses: list[float]) -> float | None:
    """The rate where the loss falls most from one to the next but three, before its lowest point."""
    if len(losses) < 6:
        return None
    lowest = losses.index(min(losses))
    falls = [(losses[i] - losses[i + 3], rates[i + 1]) for i in range(max(0, min(lowest, len(losses) - 3)))]
    steepest = max(falls, default=(0.0, 0.0))
    return steepest[1] if steepest[0] > 0 else None


def _unregularised(recipe: Recipe) -> Recipe:
    return recipe.changed(
        weight_decay=0.0, l1=0.0, l2=0.0, label_smoothing=0.0, mixup=0.0, cutmix=0.0, input_noise=0.0, crop_padding=0,
        flip=False, rotation=0.0, cutout=0, colour=0.0, discard_outliers=0.0, early_stopping=0, ema=0.0, accumulate=1,
        warmup_epochs=0.0,
    )  # fmt: skip


def _spread(dataset: Dataset, count: int) -> Tensor:
    """Positions of a few training images, of as many classes as there are."""
    labels = dataset.train.labels
    order = torch.argsort(labels, stable=True)
    starts = torch.linspace(0, len(labels) - 1, min(count, len(labels))).round().long()
    return order[starts].unique()
