"""Training next to a process that keeps a core busy: it should lose its share of the cores, and no more."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from tests.benchmarks.measuring import AS_LIBGOMP_DOES, Row, compared

_TRAIN = """
from workbench.machine import prepare_for_torch
print(prepare_for_torch())
import json
from workbench import presets
from workbench.project import DataChoice, Recipe
from workbench.data import load
from workbench.training import Step, train
graph = presets.build("lenet5")
dataset = load(DataChoice(), graph.shape)
steps = [e for e in train(graph, dataset, Recipe(epochs=60, batch_size=128, precision="fp32")) if isinstance(e, Step)]
steps = steps[len(steps) // 3 :]
print(json.dumps(sum(s.images for s in steps) / sum(s.seconds for s in steps)))
"""


def _throughput(**environment: str) -> float:
    names = ("OMP_NUM_THREADS", "OMP_WAIT_POLICY", "GOMP_SPINCOUNT", "KMP_BLOCKTIME")
    inherited = {name: value for name, value in os.environ.items() if name not in names}
    done = subprocess.run(
        [sys.executable, "-c", _TRAIN], check=True, capture_output=True, text=True, env=inherited | environment
    )
    return json.loads(done.stdout.splitlines()[-1])


def measure(runs: int = 5) -> list[Row]:
    quiet, busy, spinning = [], [], []
    for _ in range(runs):
        quiet.append(_throughput())
        with subprocess.Popen([sys.executable, "-c", "while True: pass"]) as neighbour:
            try:
                busy.append(_throughput())
                spinning.append(_throughput(**AS_LIBGOMP_DOES))
            finally:
                neighbour.kill()
    return [
        compared("LeNet-5 beside one busy process / alone", busy, quiet, "images/s", "in proportion: ≥ 0.5 of 2 cores"),
        compared("the same / two spinning threads", busy, spinning, "images/s", "> 1"),
    ]
