"""What the curves of a training say, by rules that a person can check."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from workbench.training.events import Diagnosis


@dataclass(frozen=True, slots=True)
class Point:
    """Losses after one epoch: on a sample of the training images, with the epoch's final weights, and on validation."""

    training: float
    validation: float


_LEAST_RISE = 0.05
"""A validation loss this share over its best has risen."""
_LEAST_RISE_IN_NATS = 0.02
"""A rise smaller than this is noise, however small the best."""
_STILL = 0.02
"""A training loss that fell less than this share in three epochs is no longer falling."""


def diagnose(history: Sequence[Point], classes: int) -> Diagnosis:
    """The state after the last epoch of the history.

    Diverged: a loss that is not finite, or above twice what guessing costs (ln classes). Overfitting: for two epochs
    or more the validation loss stands above its best by 5 % of it, and by 0.02 at least, while the training loss fell.
    Underfitting: after four epochs the training loss is still above half of what guessing costs and fell by less
    than 2 % in the last three.
    """
    last = history[-1]
    guessing = math.log(max(classes, 2))
    if not (math.isfinite(last.training) and math.isfinite(last.validation)) or last.training > 2 * guessing:
        return Diagnosis(
            "diverged",
            f"Diverged: the training loss is {last.training:.3g}, and guessing costs {guessing:.2f}.",
            ("lower the learning rate", "clip the gradient", "add normalization or a warm-up"),
        )
    best = min(range(len(history)), key=lambda index: history[index].validation)
    rise = last.validation - history[best].validation
    enough = max(_LEAST_RISE * history[best].validation, _LEAST_RISE_IN_NATS)
    if len(history) - 1 - best >= 2 and rise > enough and last.training < history[best].training:
        return Diagnosis(
            "overfitting",
            f"Overfitting since epoch {best + 1}: validation loss has risen {rise:.2f} above its best while training "
            f"loss fell to {last.training:.2f}.",
            ("more dropout", "weight decay", "augmentation", "early stopping", "a smaller network", "more images"),
            best + 1,
        )
    if len(history) >= 4 and last.training > guessing / 2:
        fell = (history[-4].training - last.training) / history[-4].training
        if fell < _STILL:
            return Diagnosis(
                "underfitting",
                f"Underfitting: the training loss stays at {last.training:.2f} (guessing costs {guessing:.2f}).",
                ("a larger network", "a higher learning rate", "less regularization", "a better initialisation"),
            )
    if len(history) < 3:
        return Diagnosis("starting", f"Starting: {len(history)} epoch{'s' * (len(history) > 1)} so far.")
    gap = last.validation - last.training
    return Diagnosis(
        "healthy", f"Healthy: validation loss {last.validation:.3f} is {abs(gap):.3f} "
        f"{'above' if gap >= 0 else 'below'} the training loss."
    )  # fmt: skip
