"""How fast a training goes."""

from __future__ import annotations

import math
import time
from collections import deque

_STEPS = 50
_GLANCE_SECONDS = 0.1


class Pace:
    """Images per second over the last steps, told as often as somebody would read it."""

    def __init__(self) -> None:
        self._recent: deque[tuple[float, int]] = deque(maxlen=_STEPS)
        self._rated = -math.inf
        self.images_per_second = 0.0

    def count(self, images: int) -> None:
        """A step over so many images has ended."""
        now = time.perf_counter()
        self._recent.append((now, images))
        # A small network's step would feel it, and nobody reads it more often.
        if now - self._rated > _GLANCE_SECONDS:
            self._rated, self.images_per_second = now, self._rate()

    def rest(self) -> None:
        """The time until the next step is not the training's."""
        self._recent.clear()

    def _rate(self) -> float:
        if len(self._recent) < 2:
            return 0.0
        seconds = self._recent[-1][0] - self._recent[0][0]
        return sum(images for _, images in list(self._recent)[1:]) / seconds if seconds > 0 else 0.0
