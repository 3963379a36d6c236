"""Training throughput against a hand-written loop: same network, images and batch size, accuracy beside it."""

from __future__ import annotations

from collections.abc import Callable

import torch

from tests.benchmarks.hand_written import Result, train_by_hand
from tests.benchmarks.measuring import Row, compared, interleaved
from tests.benchmarks.networks import lenet, resnet20, vgg3
from workbench.compiler import compile_graph
from workbench.data import Dataset, evaluation_batches, load
from workbench.graph import Graph
from workbench.project import DataChoice, Recipe
from workbench.training import Epoch, Step, train


def ours(graph: Graph, dataset: Dataset, recipe: Recipe) -> Result:
    """The engine's images a second over all steps, getting the images included, and its last accuracy."""
    seconds, seen, accuracy = 0.0, 0, 0.0
    for event in train(graph, dataset, recipe):
        if isinstance(event, Step):
            seconds += event.seconds
            seen += event.images
        elif isinstance(event, Epoch):
            accuracy = event.validation_accuracy
    return Result(seen / seconds, accuracy)


def by_hand(graph: Graph, dataset: Dataset, epochs: int, batch: int, rate: float) -> Result:
    torch.manual_seed(0)
    images, labels = tensors(dataset, dataset.train)
    return train_by_hand(
        compile_graph(graph), images, labels, tensors(dataset, dataset.validation), epochs, batch, rate
    )


def tensors(dataset, part):  # type: ignore[no-untyped-def]
    batches = list(evaluation_batches(dataset, part, 500))
    return torch.cat([b.images for b in batches]), torch.cat([b.labels for b in batches])


CASES: tuple[tuple[str, Callable[[], Graph], int, str, str], ...] = (
    ("LeNet-5, fp32", lenet, 20, "fp32", "≥ 0.97"),
    ("ResNet-20, fp32", resnet20, 3, "fp32", "≥ 0.97"),
    ("VGG of 3 blocks, fp32", vgg3, 3, "fp32", "≥ 0.97"),
    ("ResNet-20, precision auto", resnet20, 3, "auto", "≥ 2 with bf16 instructions"),
    ("VGG of 3 blocks, precision auto", vgg3, 3, "auto", "≥ 2 with bf16 instructions"),
)


def measure(runs: int = 5, batch: int = 128, rate: float = 0.02) -> list[Row]:
    rows = []
    for name, network, epochs, precision, goal in CASES:
        graph = network()
        dataset = load(DataChoice(source="digits"), graph.shape)
        layout = "off" if precision == "fp32" else "auto"
        recipe = Recipe(epochs=epochs, batch_size=batch, learning_rate=rate, precision=precision, channels_last=layout)
        reached: dict[str, float] = {}

        def run(kind: str, result: Callable[[], Result], reached: dict[str, float] = reached) -> float:
            measured = result()
            reached[kind] = measured.accuracy
            return measured.images_per_second

        first, second = interleaved(
            lambda g=graph, d=dataset, r=recipe: run("ours", lambda: ours(g, d, r)),
            lambda g=graph, d=dataset, e=epochs: run("hand", lambda: by_hand(g, d, e, batch, rate)),
            runs,
        )
        row = compared(f"{name}, batch {batch}, {torch.get_num_threads()} threads", first, second, "images/s", goal)
        rows.append(
            Row(
                row.name,
                f"{row.ours}, {reached['ours']:.1%}",
                f"{row.other}, {reached['hand']:.1%} (hand-written)",
                row.ratio,
                row.goal,
            )
        )
    return rows
