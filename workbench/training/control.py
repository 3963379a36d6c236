"""How whoever consumes a training asks it to stop, from any thread."""

from __future__ import annotations

import threading


class Stopped(Exception):
    """Raised inside a step that was asked to stop; the training ends as if the step had not begun."""


class Control:
    """A flag that the loop looks at between steps and inside long forward and backward passes."""

    def __init__(self) -> None:
        self._stop = threading.Event()

    def stop(self) -> None:
        """Ask the training to end: after a checkpoint, within half a second."""
        self._stop.set()

    @property
    def stopping(self) -> bool:
        return self._stop.is_set()
