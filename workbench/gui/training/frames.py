"""When the window draws what has come of a training."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, QTimer

_SHARE = 0.01
"""Of a core, that the window may take while it shows a training: with two cores the training loses as much."""

_SOONEST, _LATEST = 50, 200
"""Milliseconds between two frames."""


class Frames(QTimer):
    """Asks for a frame 20 times a second; more seldom, though five times at least, where frames take more than their
    share of the window's thread."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._spent = 0.0

    @property
    def seconds(self) -> float:
        """Between two frames, as it is now."""
        return self.interval() / 1000

    def begin(self) -> None:
        """A training begins."""
        self._spent = time.thread_time()
        self.start(_SOONEST)

    def end_frame(self) -> None:
        """A frame has been asked for; what it takes to paint it counts for the next."""
        before, self._spent = self._spent, time.thread_time()
        wanted = 1000 * (self._spent - before) / _SHARE
        # A whole number of the shortest: a timer that is set anew begins anew.
        steps = min(max(1, round(wanted / _SOONEST)), _LATEST // _SOONEST)
        if steps * _SOONEST != self.interval():
            self.setInterval(steps * _SOONEST)
