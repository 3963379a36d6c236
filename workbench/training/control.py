"""How whoever consumes a training asks something of it, from any thread."""

from __future__ import annotations

import threading


class Stopped(Exception):
    """Raised inside a step that was asked to stop; the training ends as if the step had not begun."""


class Control:
    """What the loop looks at between steps, and whether to stop also inside long forward and backward passes.

    ``rate_factor`` multiplies the learning rate that the schedule gives, from the next step on and in checkpoints, so
    that a resumed run keeps it; None leaves it as it is. Any thread may set it.
    """

    def __init__(self) -> None:
        self._stop = threading.Event()
        self.rate_factor: float | None = None

    def stop(self) -> None:
        """Ask the training to end: after a checkpoint, within half a second."""
        self._stop.set()

    @property
    def stopping(self) -> bool:
        return self._stop.is_set()

    def check(self, *_: object) -> None:
        """Raise `Stopped` once the training is to end; for whoever works long without an event."""
        if self.stopping:
            raise Stopped
