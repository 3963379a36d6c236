"""Gradient descent on a bowl whose two directions are steep and flat, as of features on different scales."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]

CLOSE = 1e-6
"""A descent has arrived when it is this share of its first distance away from the minimum."""


@dataclass(frozen=True)
class Bowl:
    """``f(w) = ½ (steep·w₁² + w₂²)``: the loss of a linear network whose first feature is ``√steep`` times larger.

    ``steep`` is the condition number. With normalized features it is 1, and the bowl is round.
    """

    steep: float = 100.0

    def loss(self, w: Array) -> Array:
        """Of points ``(..., 2)``."""
        return 0.5 * (self.steep * w[..., 0] ** 2 + w[..., 1] ** 2)

    def gradient(self, w: Array) -> Array:
        return w * np.array([self.steep, 1.0])

    @property
    def largest_rate(self) -> float:
        """Descent without momentum is stable below this learning rate, 2 / the steepest curvature."""
        return 2 / max(self.steep, 1.0)

    @property
    def best_rate(self) -> float:
        """The learning rate without momentum that arrives first."""
        return 2 / (self.steep + 1)


@dataclass(frozen=True, eq=False)
class Path:
    """The points ``(steps + 1, 2)`` of a descent, and how it ended."""

    points: Array
    arrived: bool
    diverged: bool

    @property
    def steps(self) -> int:
        return len(self.points) - 1

    def in_words(self) -> str:
        if self.arrived:
            return f"arrived after {self.steps:,} step{'s' * (self.steps != 1)}"
        if self.diverged:
            return f"diverged: farther away with every step, given up after {self.steps:,}"
        return f"not there after {self.steps:,} steps"


def descend(
    bowl: Bowl, rate: float, momentum: float = 0.0, start: tuple[float, float] = (1.0, 1.0), most: int = 20_000
) -> Path:
    """Heavy-ball gradient descent as `torch.optim.SGD` does it, until it arrives, diverges or has made enough steps."""
    w = np.array(start, np.float64)
    velocity, first = np.zeros(2), float(np.hypot(*start))
    points = [w]
    while len(points) <= most:
        velocity = momentum * velocity + bowl.gradient(w)
        w = w - rate * velocity
        points.append(w)
        distance = math.hypot(*w)
        if distance <= CLOSE * first:
            return Path(np.array(points), True, False)
        if not distance < 1e12 * first:
            return Path(np.array(points), False, True)
    return Path(np.array(points), False, False)
