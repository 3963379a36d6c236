"""How long the editor would wait for a network's figures."""

from __future__ import annotations

import time

from tests.benchmarks.measuring import Row, alone
from workbench import presets
from workbench.compiler import analyse
from workbench.compiler import analysis as module
from workbench.graph import edits


def _milliseconds(work) -> float:  # type: ignore[no-untyped-def]
    began = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - began)


def measure(runs: int = 9) -> list[Row]:
    graph = presets.build("resnet152")

    def cold() -> None:
        module._figures.cache_clear()
        module._field_through.cache_clear()
        module._last = {}
        analyse(graph)

    cold()
    colds = [_milliseconds(cold) for _ in range(runs)]
    analyse(graph)
    edited = []
    for index in range(runs):
        other = edits.set_argument(graph, "layer3.20.conv2", "dilation", 2 + index % 2)
        other = edits.set_argument(other, "layer3.20.conv2", "padding", 2 + index % 2)
        edited.append(_milliseconds(lambda changed=other: analyse(changed)))
    return [
        alone("ResNet-152 analysed, nothing remembered", colds, "ms", "≤ 40 ms"),
        alone("ResNet-152 analysed after one edit", edited, "ms", "≤ 2 ms"),
    ]
