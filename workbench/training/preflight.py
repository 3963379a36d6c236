"""What can be known before the first step: memory, labels, whether it can learn at all, and a good learning rate."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import torch
from torch import Tensor

from workbench.compiler import fed_by_one_picture
from workbench.data import Dataset, audit
from workbench.graph import Graph
from workbench.project import Recipe
from workbench.training import memory
from workbench.training.control import Control, Stopped
from workbench.training.events import Event, Finished, Step
from workbench.training.loop import train
from workbench.training.precision import choose

Seen = Callable[[float, float], None]
"""Told each point of a curve as it is measured."""

_FEW = 10
_FEW_EPOCHS = 200
_RANGE_STEPS = 60
_FEWEST_RATES = 6
_RANGE = (1e-5, 10.0)


def unseen(x: float, y: float) -> None:
    """For a curve that nobody watches."""


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
    """Whether ten images can be learnt by heart: what cannot, has a mistake in network, data or recipe.

    ``losses`` are those of each step.
    """

    learnt: bool
    accuracy: float
    steps: int
    sentence: str
    losses: tuple[float, ...] = ()


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


def examine(
    graph: Graph,
    dataset: Dataset,
    recipe: Recipe,
    control: Control | None = None,
    weights: Mapping[str, Tensor] | None = None,
) -> Preflight:
    """All four examinations. Networks of their own are trained: nothing of a training to come is touched.

    They begin with ``weights``, by their names in the ``state_dict``, and what is not among them anew.
    Raises `Stopped` once ``control`` asks for it, and what `train` raises.
    """
    return Preflight(
        examine_memory(graph, recipe),
        examine_labels(dataset, control),
        overfit_few(graph, dataset, recipe, control, weights=weights),
        range_test(graph, dataset, recipe, control, weights=weights),
    )


def examine_memory(graph: Graph, recipe: Recipe) -> MemoryReport:
    """An estimate from shapes alone; nothing is allocated."""
    graph = fed_by_one_picture(graph)
    arithmetic = choose(recipe, graph)
    return MemoryReport(
        memory.estimate(graph, recipe, recipe.batch_size, arithmetic),
        memory.available(arithmetic),
        memory.fitting_batch(graph, recipe, arithmetic),
    )


def examine_labels(dataset: Dataset, control: Control | None = None) -> LabelReport:
    """Class balance, doubles, contradictions and what was skipped: looks at every image once. Raises `Stopped`."""
    found = audit(dataset, (control or Control()).check)
    return LabelReport(dict(zip(found.classes, found.train_counts, strict=True)), found.warnings, found.skipped)


def overfit_few(
    graph: Graph,
    dataset: Dataset,
    recipe: Recipe,
    control: Control | None = None,
    seen: Seen = unseen,
    weights: Mapping[str, Tensor] | None = None,
) -> OverfitReport:
    """Train on ten images without regularization until they are known by heart; ``seen(step, loss)`` follows it."""
    few = dataset.train.select(_spread(dataset, _FEW))
    small = replace(dataset, train=few, validation=few.select(few.indices[:0]))
    plain = _plain(recipe, weights).changed(epochs=_FEW_EPOCHS, batch_size=max(2, len(few)))
    accuracy = 0.0
    losses: list[float] = []
    for event in _unless_stopped(train(graph, small, plain, control, weights=weights)):
        if isinstance(event, Step):
            losses.append(event.data_loss)
            seen(event.step, event.data_loss)
        accuracy = getattr(event, "train_accuracy_eval", accuracy)
        if accuracy == 1.0 or isinstance(event, Finished):
            break
    steps, images = len(losses), len(few)
    if accuracy == 1.0:
        sentence = f"{_said(images)} images were learnt by heart in {steps} steps."
    else:
        sentence = (
            f"{_said(images)} images were not learnt in {steps} steps ({accuracy:.0%} right): look for a mistake in "
            "the network, try another learning rate, or another initialization."
        )
    return OverfitReport(accuracy == 1.0, accuracy, steps, sentence, tuple(losses))


def range_test(
    graph: Graph,
    dataset: Dataset,
    recipe: Recipe,
    control: Control | None = None,
    seen: Seen = unseen,
    weights: Mapping[str, Tensor] | None = None,
) -> RangeReport:
    """Losses while the learning rate rises from 1e-5 to 10 step by step; stops where the loss blows up.

    ``seen(rate, smoothed loss)`` follows it. The suggestion is a tenth of the rate where the smoothed loss is
    lowest, or None where it never falls.
    """
    low, high = _RANGE
    rates = [low * (high / low) ** (step / (_RANGE_STEPS - 1)) for step in range(_RANGE_STEPS)]
    plain = _plain(recipe, weights).changed(epochs=1_000)
    tried: list[float] = []
    smoothed: list[float] = []
    average = 0.0
    best = math.inf
    for event in _unless_stopped(train(graph, dataset, plain, control, rates=rates, weights=weights)):
        if isinstance(event, Finished):
            break
        if not isinstance(event, Step):
            continue
        average = 0.8 * average + 0.2 * event.data_loss
        loss = average / (1 - 0.8 ** (len(smoothed) + 1))
        tried.append(event.learning_rate)
        smoothed.append(loss)
        seen(event.learning_rate, loss)
        best = min(best, loss)
        if not math.isfinite(loss) or loss > 4 * best or len(tried) == _RANGE_STEPS:
            break
    return RangeReport(tuple(tried), tuple(smoothed), _suggested(tried, smoothed))


def _unless_stopped(events: Iterator[Event]) -> Iterator[Event]:
    """The same events; a training that was asked to stop tells nothing, so it ends with `Stopped`."""
    for event in events:
        if isinstance(event, Finished) and event.reason == "stopped":
            raise Stopped
        yield event


def _said(count: int) -> str:
    return "Ten" if count == _FEW else f"{count}"


def _suggested(rates: list[float], losses: list[float]) -> float | None:
    """A tenth of the rate where the loss is lowest.

    Where it falls most steeply is close to where it blows up: there two of four LeNet-5s only guessed the digits after
    six epochs of SGD, and the others knew 43 and 72 % of them; all knew 96 or 97 % at a tenth of the lowest.
    """
    lowest = losses.index(min(losses)) if len(losses) >= _FEWEST_RATES else 0
    return rates[lowest] / 10 if lowest > 0 else None


def _plain(recipe: Recipe, weights: Mapping[str, Tensor] | None) -> Recipe:
    """Without what holds a training back, at a constant rate, with no checkpoint that anybody needs.

    Where it begins with fresh weights everything learns: what is frozen has learnt nothing that is worth keeping.
    """
    if not weights:
        recipe = recipe.changed(frozen=(), rate_factors=())
    return recipe.changed(
        weight_decay=0.0, l1=0.0, l2=0.0, label_smoothing=0.0, mixup=0.0, cutmix=0.0, input_noise=0.0, crop_padding=0,
        flip=False, rotation=0.0, cutout=0, colour=0.0, discard_outliers=0.0, early_stopping=0, ema=0.0, accumulate=1,
        warmup_epochs=0.0, schedule="constant", checkpoint_seconds=86_400.0,
    )  # fmt: skip


def _spread(dataset: Dataset, count: int) -> Tensor:
    """Positions of a few training images, of as many classes as there are."""
    labels = dataset.train.labels
    order = torch.argsort(labels, stable=True)
    starts = torch.linspace(0, len(labels) - 1, min(count, len(labels))).round().long()
    return order[starts].unique()
