"""Trainings that live at once and take turns: one has the machine for some seconds, the others are stopped.

A machine that is shared is a tenth slower for minutes, and of two processes with the same work one stays some percent
slower than the other. With turns the first counts for all alike, and with several processes the second is seen. Not on
Windows, which stops no process.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

STAMP = """
import os
_stamps = open(os.environ["STAMPS"], "w", buffering=1)
def stamp():
    _stamps.write(f"{time.monotonic()}\\n")
"""
"""What a script begins with that calls ``stamp()`` after each step."""

_SETTLED, _TURN, _AFTER_A_STOP = 12.0, 6.0, 1.0
"""Seconds: after its first step a training has as much to itself; a turn; and what does not count of it."""


@dataclass(slots=True)
class _Training:
    process: subprocess.Popen[bytes]
    stamps: Path
    turns: list[tuple[float, float]] = field(default_factory=list)

    def signal(self, number: int) -> None:
        os.killpg(self.process.pid, number)

    def steps(self) -> list[float]:
        """When each has ended."""
        return [float(line) for line in self.stamps.read_text().split("\n")[:-1]] if self.stamps.exists() else []

    def settle(self) -> None:
        while not self.steps():
            if self.process.poll() is not None:
                raise RuntimeError(f"A training ended before its first step, with {self.process.returncode}.")
            time.sleep(0.1)
        time.sleep(_SETTLED)

    def take_turn(self) -> None:
        with _awake(self):
            began = time.monotonic()
            time.sleep(_TURN)
            self.turns.append((began + _AFTER_A_STOP, time.monotonic()))

    def rate(self) -> float:
        """Steps per second in its turns."""
        steps, seconds, ended = 0, 0.0, self.steps()
        for began, end in self.turns:
            inside = [moment for moment in ended if began <= moment <= end]
            steps += len(inside) - 1
            seconds += inside[-1] - inside[0]
        return steps / seconds


def rates(scripts: Sequence[str], environment: Mapping[str, str], rounds: int) -> list[float]:
    """Steps per second of each of these trainings, which never end by themselves; each in a home of its own."""
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as alive:
        trainings = []
        for index, script in enumerate(scripts):
            trainings.append(alive.enter_context(_begun(script, environment, Path(folder) / str(index))))
        for _ in range(rounds):
            for training in random.sample(trainings, len(trainings)):
                training.take_turn()
        return [training.rate() for training in trainings]


@contextlib.contextmanager
def _begun(script: str, environment: Mapping[str, str], home: Path) -> Iterator[_Training]:
    """A training that is stopped."""
    home.mkdir()
    stamps = home / "stamps"
    with subprocess.Popen(
        [sys.executable, "-c", script], env={**environment, "WORKBENCH_HOME": str(home), "STAMPS": str(stamps)},
        stdout=subprocess.DEVNULL, start_new_session=True,
    ) as process:  # fmt: skip
        training = _Training(process, stamps)
        try:
            training.settle()
            training.signal(signal.SIGSTOP)
            yield training
        finally:
            training.signal(signal.SIGKILL)


@contextlib.contextmanager
def _awake(training: _Training) -> Iterator[None]:
    training.signal(signal.SIGCONT)
    try:
        yield
    finally:
        training.signal(signal.SIGSTOP)
