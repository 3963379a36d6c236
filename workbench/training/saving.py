"""When to keep a checkpoint between epochs: often enough to lose little, seldom enough to cost little."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator

from workbench.training.events import Checkpoint

_SHARE = 0.03
"""The most of the time that saving between epochs may take."""


class Saving:
    """Due every ``seconds``, or less often where making and writing a checkpoint takes so long that it would cost."""

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._clock = clock
        self._last = clock()
        self._costs: deque[float] = deque(maxlen=2)

    def due(self) -> bool:
        # The smaller of the last two, because somebody may have paused while one was written.
        cost = min(self._costs, default=0.0)
        return self._clock() - self._last > max(self._seconds, cost / _SHARE)

    def saved(self, make: Callable[[], Checkpoint]) -> Iterator[Checkpoint]:
        """The checkpoint as an event; what the consumer does with it before asking for the next is its cost too."""
        began = self._clock()
        yield make()
        self._last = self._clock()
        self._costs.append(self._last - began)
