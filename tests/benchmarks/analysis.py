"""How long the editor would wait for a network's figures, and a training for its network."""

from __future__ import annotations

import time
from collections.abc import Callable

import torch

from tests.benchmarks.measuring import Row, alone
from workbench import presets
from workbench.compiler import analyse, compare, compile_graph
from workbench.compiler import analysis as remembering
from workbench.compiler import figures as memo
from workbench.graph import Graph, edits


def measure(runs: int = 9) -> list[Row]:
    graph = presets.build("resnet152")
    analyse(graph)  # torch loads what its meta device needs
    cold = [_milliseconds(lambda: analyse(graph), _forget) for _ in range(runs)]
    width = [_after_an_edit(graph, "layer3.20.conv1", "out_channels", 255 - index) for index in range(runs)]
    dilation = [_after_an_edit(graph, "layer3.20.conv2", "padding", 2 + index) for index in range(runs)]
    senet = presets.build("senet154")
    compared = [_milliseconds(lambda: compare(graph, senet), _forget) for _ in range(runs)]
    with torch.device("meta"):
        meta = [_milliseconds(lambda: compile_graph(graph)) for _ in range(runs)]
    return [
        alone("ResNet-152 analysed, nothing remembered", cold, "ms", "≤ 40 ms"),
        alone("ResNet-152 analysed after a new width in the middle", width, "ms", "≤ 2 ms"),
        alone("ResNet-152 analysed after an edit that breaks a shortcut", dilation, "ms", "≤ 2 ms"),
        alone("ResNet-152 compared with SENet-154, nothing remembered", compared, "ms", "≤ 500 ms"),
        alone("ResNet-152 compiled on the meta device", meta, "ms"),
        alone("ResNet-152 compiled", [_milliseconds(lambda: compile_graph(graph)) for _ in range(5)], "ms"),
    ]


def _after_an_edit(graph: Graph, node: str, argument: str, value: int) -> float:
    """An edit to a value that no analysis has seen."""
    analyse(graph)
    edited = edits.set_argument(graph, node, argument, value)
    return _milliseconds(lambda: analyse(edited))


def _forget() -> None:
    memo._figures.cache_clear()
    memo._keeps_shape.clear()
    remembering._remembered = None, {}


def _milliseconds(work: Callable[[], object], prepare: Callable[[], None] = lambda: None) -> float:
    prepare()
    began = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - began)
