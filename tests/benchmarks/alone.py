"""The hand-written loop in a process of its own, as a person's script is: with none of the engine's settings.

python -m tests.benchmarks.alone NETWORK BATCH RATE DEVICE     trains an epoch for each line, and answers with a line
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

from tests.benchmarks.hand_written import Result

_SETTINGS = ("OMP_NUM_THREADS", "OMP_WAIT_POLICY", "GOMP_SPINCOUNT", "KMP_BLOCKTIME")
"""What the engine sets for itself, and its processes would inherit."""


def by_hand_alone(network: str, epochs: int, batch: int, rate: float, device: str) -> Iterator[Result]:
    """An epoch at a time, of one of `tests.benchmarks.networks` on the digits; between two it stands still."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.alone", network, str(batch), str(rate), device],
        env={name: value for name, value in os.environ.items() if name not in _SETTINGS},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    with process:
        for _ in range(epochs):
            process.stdin.write("\n")
            process.stdin.flush()
            speed, accuracy = process.stdout.readline().split()
            yield Result(float(speed), float(accuracy))
        process.stdin.close()


def _serve(network: str, batch: str, rate: str, device: str) -> None:
    from tests.benchmarks import networks
    from tests.benchmarks.throughput import by_hand
    from workbench.data import load
    from workbench.project import DataChoice

    graph = getattr(networks, network)()
    results = by_hand(graph, load(DataChoice(), graph.shape), sys.maxsize, int(batch), float(rate), device)
    for _ in sys.stdin:
        result = next(results)
        print(result.images_per_second, result.accuracy, flush=True)


if __name__ == "__main__":
    _serve(*sys.argv[1:])
