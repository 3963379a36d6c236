"""How long a person waits to see why: Grad-CAM beside one forward and backward pass of the same picture."""

from __future__ import annotations

import time
from collections.abc import Callable

import torch

from tests.benchmarks.measuring import Row, compared, interleaved
from workbench.compiler import analyse, compile_graph
from workbench.inspection.attribution import Question, attribute, last_convolution
from workbench.presets import build

_NETWORKS = ("resnet18", "vgg16", "resnet50")


def measure(runs: int = 15) -> list[Row]:
    rows = []
    for name in _NETWORKS:
        graph = build(name)
        network = compile_graph(graph).eval().requires_grad_(False)
        image = torch.randn(1, *graph.shape)
        layer = last_convolution(graph)
        question = Question(image, 0, layer, analyse(graph).by_name[layer].receptive_field)

        def both_ways(network: torch.nn.Module = network, image: torch.Tensor = image) -> None:
            asked = image.clone().requires_grad_()
            network(asked)[0, 0].backward()

        for method in ("grad-cam", "grad-cam++"):

            def ask(network=network, method=method, question=question) -> None:  # type: ignore[no-untyped-def]
                attribute(network, method, question)

            for warm in (ask, both_ways):
                warm()
            ours, other = interleaved(lambda a=ask: _milliseconds(a), lambda b=both_ways: _milliseconds(b), runs)
            rows.append(compared(f"{method} of {name} / one way down and back", ours, other, "ms", "≤ 2"))
    return rows


def _milliseconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - began)
