"""Training throughput against a hand-written loop: same network, images and batch size, accuracy beside it.

On the GPU where there is one, and there the hand-written loop has all images, too.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from itertools import islice
from statistics import harmonic_mean

import torch

from tests.benchmarks.alone import by_hand_alone
from tests.benchmarks.hand_written import Result, train_by_hand
from tests.benchmarks.measuring import Row, compared
from tests.benchmarks.networks import lenet, resnet20, vgg3
from workbench.compiler import compile_graph
from workbench.data import Dataset, evaluation_batches, load
from workbench.graph import Graph
from workbench.project import DataChoice, Recipe
from workbench.training import Epoch, Step, train
from workbench.training.precision import available_device


def ours(graph: Graph, dataset: Dataset, recipe: Recipe) -> Iterator[Result]:
    """The engine's images a second, getting the images included, and accuracy, an epoch at a time."""
    seconds, seen = 0.0, 0
    asked = time.perf_counter()
    for event in train(graph, dataset, recipe):
        if isinstance(event, Step):
            seconds += time.perf_counter() - asked
            seen += event.images
        elif isinstance(event, Epoch):
            yield Result(seen / seconds, event.validation_accuracy)
            seconds, seen = 0.0, 0
        asked = time.perf_counter()


def by_hand(
    graph: Graph, dataset: Dataset, epochs: int, batch: int, rate: float, device: str = "cpu"
) -> Iterator[Result]:
    torch.manual_seed(0)
    images, labels = tensors(dataset, dataset.train, device)
    test = tensors(dataset, dataset.validation, device)
    return train_by_hand(compile_graph(graph).to(device), images, labels, test, epochs, batch, rate)


def tensors(dataset, part, device="cpu"):  # type: ignore[no-untyped-def]
    batches = list(evaluation_batches(dataset, part, 500, device))
    return torch.cat([b.images for b in batches]), torch.cat([b.labels for b in batches])


_ROUNDS = 6

CASES: tuple[tuple[str, Callable[[], Graph], int, str, str], ...] = (
    ("LeNet-5, fp32", lenet, 20, "fp32", "≥ 0.97"),
    ("ResNet-20, fp32", resnet20, 1, "fp32", "≥ 0.97"),
    ("VGG of 3 blocks, fp32", vgg3, 1, "fp32", "≥ 0.97"),
    ("ResNet-20, precision auto", resnet20, 1, "auto", "≥ 2 with bf16 instructions"),
    ("VGG of 3 blocks, precision auto", vgg3, 1, "auto", "≥ 2 with bf16 instructions"),
)
"""Name, network, epochs of a round (whose first moments are those of a cold cache), precision, goal."""


def in_rounds(epochs: Iterator[Result], size: int) -> Iterator[Result]:
    """``size`` epochs as one result: the images a second of all, the accuracy after the last."""
    while some := list(islice(epochs, size)):
        yield Result(harmonic_mean([result.images_per_second for result in some]), some[-1].accuracy)


def where(device: str) -> str:
    if device.startswith("cuda"):
        return torch.cuda.get_device_name(device)
    return f"{torch.get_num_threads()} threads"


def measure(batch: int = 128, rate: float = 0.02) -> list[Row]:
    """Both train at once, a round of one and then a round of the other; the first is not counted."""
    rows = []
    device = available_device("auto")
    for name, network, size, precision, goal in CASES:
        epochs = _ROUNDS * size
        graph = network()
        dataset = load(DataChoice(source="digits"), graph.shape)
        layout = "off" if precision == "fp32" else "auto"
        recipe = Recipe(epochs=epochs, batch_size=batch, learning_rate=rate, precision=precision, channels_last=layout)
        other = by_hand_alone(network.__name__, epochs, batch, rate, device)
        both = zip(in_rounds(ours(graph, dataset, recipe), size), in_rounds(other, size), strict=True)
        first, second = zip(*list(both)[1:], strict=True)
        row = compared(
            f"{name}, batch {batch}, {where(device)}",
            [result.images_per_second for result in first],
            [result.images_per_second for result in second],
            "images/s",
            goal,
        )
        rows.append(
            Row(
                row.name,
                f"{row.ours}, {first[-1].accuracy:.1%}",
                f"{row.other}, {second[-1].accuracy:.1%} (hand-written)",
                row.ratio,
                row.goal,
            )
        )
    return rows
