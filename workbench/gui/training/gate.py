"""How far a training may go before it waits: asked by its own thread, set by the window's."""

from __future__ import annotations

import math
import threading


class Gate:
    """Open for so many more steps and epochs; for as many as there are at first."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._steps = self._epochs = math.inf

    @property
    def is_open(self) -> bool:
        with self._changed:
            return self._steps > 0 and self._epochs > 0

    def allow(self, steps: float = math.inf, epochs: float = math.inf) -> None:
        """Let pass so much from now on; without a number, all that comes."""
        with self._changed:
            self._steps, self._epochs = steps, epochs
            self._changed.notify_all()

    def close(self) -> None:
        """Let nothing pass after what is being done."""
        self.allow(steps=0)

    def count_step(self) -> None:
        with self._changed:
            self._steps -= 1

    def count_epoch(self) -> None:
        with self._changed:
            self._epochs -= 1

    def wait(self, seconds: float) -> bool:
        """Wait until it is open, so long at most; whether it is."""
        with self._changed:
            return self._changed.wait_for(lambda: self._steps > 0 and self._epochs > 0, seconds)
