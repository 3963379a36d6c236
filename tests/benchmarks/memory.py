"""Peak memory of a whole training process, ours beside the hand-written loop's."""

from __future__ import annotations

import subprocess
import sys

from tests.benchmarks.measuring import Row, compared, interleaved

_OURS = """
from workbench.project import DataChoice, Recipe
from workbench.data import load
from workbench.training import train
from tests.benchmarks.networks import NAME
graph = NAME()
dataset = load(DataChoice(), graph.shape)
for event in train(graph, dataset, Recipe(epochs=1, batch_size=128, precision="fp32", channels_last="off")):
    pass
"""

_BY_HAND = """
from workbench.project import DataChoice, Recipe
from workbench.data import load
from tests.benchmarks.networks import NAME
from tests.benchmarks.throughput import by_hand
graph = NAME()
for epoch in by_hand(graph, load(DataChoice(), graph.shape), 1, 128, 0.01):
    pass
"""


def _peak(code: str) -> float:
    """Megabytes of a fresh process at its largest."""
    report = "\nimport resource; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    done = subprocess.run([sys.executable, "-c", code + report], check=True, capture_output=True, text=True)
    kilobytes = int(done.stdout.splitlines()[-1])
    return kilobytes / (1024 * 1024 if sys.platform == "darwin" else 1024)


def measure(runs: int = 5) -> list[Row]:
    rows = []
    for name in ("lenet", "vgg3"):
        ours, other = interleaved(
            lambda n=name: _peak(_OURS.replace("NAME", n)), lambda n=name: _peak(_BY_HAND.replace("NAME", n)), runs
        )
        rows.append(compared(f"peak memory, {name}, batch 128", ours, other, "MB", "≤ 1.1"))
    return rows
