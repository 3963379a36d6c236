"""How long a person waits for `workbench --help`, and what a light import pulls in."""

from __future__ import annotations

import subprocess
import sys
import time

from tests.benchmarks.measuring import Row, alone


def _seconds(*command: str) -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, *command], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def measure(runs: int = 9) -> list[Row]:
    light = "import sys, workbench.graph; assert not {'torch', 'torchvision', 'PySide6'} & set(sys.modules)"
    return [
        alone("workbench --help", [_seconds("-m", "workbench", "--help") for _ in range(runs)], "s", "≤ 0.3 s"),
        alone("import workbench.graph (no torch)", [_seconds("-c", light) for _ in range(runs)], "s"),
        alone("python alone, for comparison", [_seconds("-c", "pass") for _ in range(runs)], "s"),
    ]
