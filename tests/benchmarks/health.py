"""Training whose layers' health is measured against the same training without: some epochs of each in turn.

The clock of the one runs on while the other trains, so that it is measured somewhat more often than alone.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

import torch

from tests.benchmarks.measuring import Row, alone, compared
from tests.benchmarks.networks import lenet, resnet20, vgg3
from workbench.data import Dataset, load
from workbench.graph import Graph
from workbench.project import DataChoice, Recipe
from workbench.training import Epoch, Watch, train

CASES = (("LeNet-5", lenet), ("ResNet-20", resnet20), ("VGG of 3 blocks", vgg3))
_SECONDS = 3.0
"""A round lasts as long, so that it has its share of measurements, which come once a second at most."""


class Timed(Watch):
    """Sums up what the measurements after the first, which warms up, have taken."""

    def __init__(self, health: float) -> None:
        super().__init__(health=health)
        self.taken: list[float] = []

    def had_health(self, seconds: float) -> None:
        self.taken.append(seconds)
        super().had_health(seconds)


def rates(graph: Graph, dataset: Dataset, recipe: Recipe, watch: Watch) -> Iterator[float]:
    """Images a second of rounds of whole epochs, all time between two events included."""
    events = train(graph, dataset, recipe, probe=watch)
    epochs, began = 0, time.perf_counter()
    for event in events:
        if not isinstance(event, Epoch):
            continue
        epochs += 1
        seconds = time.perf_counter() - began
        if seconds > _SECONDS:
            yield epochs * len(dataset.train) / seconds
            epochs, began = 0, time.perf_counter()


def share(graph: Graph, dataset: Dataset, recipe: Recipe, measurements: int = 8) -> float:
    """Percent of a training's time that goes into measuring, which also holds where others use the machine."""
    watch = Timed(0.02)
    began = 0.0
    for _ in train(graph, dataset, recipe, probe=watch):
        if watch.taken and not began:
            began = time.perf_counter()
        if len(watch.taken) > measurements:
            break
    return 100 * sum(watch.taken[1:]) / (time.perf_counter() - began)


def measure(rounds: int = 6, batch: int = 128) -> list[Row]:
    rows = []
    for name, network in CASES:
        graph = network()
        dataset = load(DataChoice(source="digits"), graph.shape)
        recipe = Recipe(epochs=100_000, batch_size=batch, learning_rate=0.02, precision="fp32", checkpoint_seconds=1e4)
        with_it, without = (rates(graph, dataset, recipe, Watch(health=h)) for h in (0.02, 0.0))
        # The first of each warms up.
        pairs = [(next(with_it), next(without)) for _ in range(rounds + 1)][1:]
        ours, other = ([pair[side] for pair in pairs] for side in (0, 1))
        title = f"{name}, health measured / not, batch {batch}, {torch.get_num_threads()} threads"
        rows.append(compared(title, ours, other, "images/s", "≥ 0.97"))
        rows.append(alone("of its time", [share(graph, dataset, recipe) for _ in range(3)], "%", "≤ 3 %"))
    return rows
