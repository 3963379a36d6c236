"""What time means to a process that the system lets wait for minutes: stopped by a signal, or behind others.

The clock goes on meanwhile. Who waits for something has not waited then, and what is measured did not take as long.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import pairwise

_TURN_SECONDS = 1.0
"""What a turn of waiting counts at most: a longer one is one in which the process was stopped."""

_WATCH = """
import json, select, signal, sys, time
signal.signal(signal.SIGINT, signal.SIG_IGN)  # it ends when nobody can ask any more
pauses, last = [], time.monotonic()
while True:
    is_asked = select.select([sys.stdin], [], [], 0.1)[0]
    now = time.monotonic()
    if now - last > 0.5:
        pauses.append((last, now))
    last = now
    if is_asked:
        if not sys.stdin.readline():
            break
        print(json.dumps(pauses), flush=True)
"""


def wait_until(
    holds: Callable[[], object],
    seconds: float = 60.0,
    meanwhile: Callable[[], object] = lambda: time.sleep(0.005),
    in_vain: Callable[[], str] = lambda: "waited in vain",
) -> float:
    """Until something is so; gives the seconds that were waited. Fails where that takes longer than is given."""
    waited = 0.0
    began = time.monotonic()
    while not holds():
        assert waited < seconds, in_vain()
        meanwhile()
        now = time.monotonic()
        waited += min(now - began, _TURN_SECONDS)
        began = now
    return waited


class Pauses:
    """The pauses of this process and those that are stopped with it, as one more process sees them that only waits."""

    def __enter__(self) -> Pauses:
        self._watch = subprocess.Popen(
            [sys.executable, "-c", _WATCH], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._all()  # it watches from now on
        return self

    def __exit__(self, *_: object) -> None:
        self._watch.communicate()

    @property
    def process(self) -> int:
        """The number of the one that waits."""
        return self._watch.pid

    def within(self, begin: float, end: float) -> float:
        """How many of the seconds between two readings of `time.monotonic` were a pause."""
        return _within(self._all(), begin, end)

    def lived(self, begin: float, end: float) -> float:
        """The seconds between two readings that were none."""
        return end - begin - self.within(begin, end)

    def gaps(self, readings: list[float]) -> list[float]:
        """The seconds from each reading to the next one, but for those that a pause falls into."""
        pauses = self._all()
        return [then - now for now, then in pairwise(readings) if not _within(pauses, now, then)]

    def _all(self) -> list[tuple[float, float]]:
        assert self._watch.stdin is not None
        assert self._watch.stdout is not None
        self._watch.stdin.write("?\n")
        self._watch.stdin.flush()
        return [(first, last) for first, last in json.loads(self._watch.stdout.readline())]


def _within(pauses: list[tuple[float, float]], begin: float, end: float) -> float:
    return sum(max(0.0, min(end, last) - max(begin, first)) for first, last in pauses)
