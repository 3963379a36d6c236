"""A small squeeze-and-excitation network, trained and taken apart: which maps it keeps for each class."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from workbench.compiler import analyse, compile_graph, weights_of_seed
from workbench.data import Dataset, evaluation_batches, load
from workbench.graph import Builder, Graph
from workbench.layers import add_block
from workbench.project import DataChoice, Project, Recipe
from workbench.training import Checkpoint, Epoch, train

Array = np.ndarray[Any, Any]

MAPS = (16, 32, 64)
"""Maps of the three blocks."""


@dataclass(frozen=True, eq=False)
class Block:
    """One gated block: means over the validation images of each class, ``(classes, maps)``.

    ``squeezed`` is each map's mean before the gate, ``gates`` what it is multiplied with, 0 to 1.
    """

    name: str
    squeezed: Array
    gates: Array

    @property
    def spread(self) -> float:
        """How much the gates differ between classes: the mean over maps of their deviation over classes."""
        return float(self.gates.std(0).mean())


@dataclass(frozen=True, eq=False)
class Accuracy:
    """The share of the validation images that are called what they are: of all, and of each class, ``(classes,)``."""

    whole: float
    by_class: Array


@dataclass(frozen=True, eq=False)
class Study:
    """A trained network, taken apart: as it is (``gated``), with every gate at 1 (``ungated``), and with those of one
    block at 1, block by block (``opened``).

    ``epochs`` are those of the training of ``project``.
    """

    reduction: int
    classes: tuple[str, ...]
    blocks: tuple[Block, ...]
    gated: Accuracy
    ungated: Accuracy
    opened: tuple[Accuracy, ...]
    parameters: int
    gate_parameters: int
    project: Project
    epochs: tuple[Epoch, ...]


def network(reduction: int = 16, classes: int = 10, side: int = 16) -> Graph:
    """Three gated convolutional blocks on grey images of ``side``²."""
    builder = Builder((1, side, side))
    for stage, maps in enumerate(MAPS, 1):
        builder.add(f"conv{stage}", "Conv2d", out_channels=maps, kernel_size=3, padding=1, bias=False)
        builder.add(f"bn{stage}", "BatchNorm2d")
        builder.add(f"relu{stage}", "ReLU")
        add_block(builder, f"se{stage}", "SqueezeExcite", channels=maps, reduction=reduction)
        if stage < len(MAPS):
            builder.add(f"pool{stage}", "MaxPool2d", kernel_size=2)
    builder.add("pool", "AdaptiveAvgPool2d", output_size=1)
    builder.add("flatten", "Flatten")
    builder.add("fc", "Linear", out_features=classes)
    return builder.build(f"SE, reduction {reduction}")


def gates_of(graph: Graph) -> dict[str, tuple[str, str]]:
    """By the name of each multiplication: the node that makes its gates, and that whose maps are gated."""
    reports, found = analyse(graph).by_name, {}
    for node in graph.nodes:
        if node.kind != "Multiply":
            continue
        report, sources = reports[node.name], graph.sources(node)
        gate = [s for s, shape in zip(sources, report.inputs, strict=True) if shape != report.output]
        maps = [s for s, shape in zip(sources, report.inputs, strict=True) if shape == report.output]
        if len(gate) == len(maps) == 1:
            found[node.name] = gate[0], maps[0]
    return found


def study(
    reduction: int = 16,
    epochs: int = 6,
    check: Callable[[], object] = lambda: None,
    tell: Callable[[str], object] = lambda words: None,
) -> Study:
    """Train the network on the digits and take it apart: some ten seconds. ``check`` ends it by raising."""
    graph = network(reduction)
    data = DataChoice()
    dataset = load(data, graph.shape)
    recipe = Recipe(epochs=epochs, batch_size=64, learning_rate=0.05, schedule="cosine")
    state, finished = None, []
    for event in train(graph, dataset, recipe):
        check()
        if isinstance(event, Epoch):
            finished.append(event)
            tell(f"Epoch {event.epoch} of {epochs}: {event.validation_accuracy:.1%} right")
        if isinstance(event, Checkpoint):
            state = event.state
    with weights_of_seed(recipe.seed):
        trained = compile_graph(graph).eval()
    if state is not None:
        tensors, own = state.tensors, "model."
        trained.load_state_dict({name.removeprefix(own): tensors[name] for name in tensors if name.startswith(own)})
    gates = [gate for gate, _ in gates_of(graph).values()]
    blocks, gated = _taken_apart(trained, graph, dataset)
    opened = []
    for gate in gates:
        check()
        opened.append(_accuracy(trained, dataset, [gate]))
    ungated = _accuracy(trained, dataset, gates)
    analysis = analyse(graph)
    gate_parameters = sum(report.parameters for report in analysis.layers if report.name.startswith("se"))
    project = Project(graph, data, recipe)
    return Study(
        reduction, dataset.classes, blocks, gated, ungated, tuple(opened), analysis.parameters, gate_parameters,
        project, tuple(finished),
    )  # fmt: skip


def _taken_apart(trained: nn.Module, graph: Graph, dataset: Dataset) -> tuple[tuple[Block, ...], Accuracy]:
    pairs = gates_of(graph)
    seen: dict[str, list[Tensor]] = {}
    with ExitStack() as stack:
        for names in pairs.values():
            for name in names:
                stack.callback(_kept(trained, name, seen).remove)
        labels, called = _asked(trained, dataset)
    count = len(dataset.classes)

    def by_class(values: list[Tensor]) -> Array:
        """Means ``(classes, maps)``."""
        whole = torch.cat(values)
        means = whole.mean((2, 3)) if whole.ndim == 4 else whole
        return torch.stack([means[labels == number].mean(0) for number in range(count)]).numpy()

    blocks = tuple(Block(name, by_class(seen[maps]), by_class(seen[gate])) for name, (gate, maps) in pairs.items())
    return blocks, _shares(labels, called, count)


def _kept(trained: nn.Module, name: str, seen: dict[str, list[Tensor]]) -> Any:
    def hook(module: nn.Module, inputs: Any, output: Tensor) -> None:
        seen.setdefault(name, []).append(output.detach())

    return trained.get_submodule(name).register_forward_hook(hook)


def _accuracy(trained: nn.Module, dataset: Dataset, opened: list[str]) -> Accuracy:
    """With the gates of these layers at 1."""
    with ExitStack() as stack:
        for name in opened:
            stack.callback(trained.get_submodule(name).register_forward_hook(_all_open).remove)
        return _shares(*_asked(trained, dataset), len(dataset.classes))


def _asked(trained: nn.Module, dataset: Dataset) -> tuple[Tensor, Tensor]:
    """What the validation images are, and what they are called."""
    labels, called = [], []
    with torch.inference_mode():
        for batch in evaluation_batches(dataset, "validation", 256):
            called.append(trained(batch.images).argmax(1))
            labels.append(batch.labels)
    return torch.cat(labels), torch.cat(called)


def _shares(labels: Tensor, called: Tensor, count: int) -> Accuracy:
    right = labels == called
    shares = [float(right[labels == number].double().mean()) for number in range(count)]
    return Accuracy(float(right.double().mean()), np.array(shares))


def _all_open(module: nn.Module, inputs: Any, gates: Tensor) -> Tensor:
    return torch.ones_like(gates)


def price(channels: int, reduction: int) -> int:
    """Weights and biases of one block's gate over ``channels`` maps."""
    narrow = max(1, channels // reduction)
    return 2 * channels * narrow + narrow + channels
