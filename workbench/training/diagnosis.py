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
"""A validation loss this share over its best has risen,"""
_NOISE = 0.01
"""if that is at least this share of what guessing costs: a smaller rise is noise, however small the best."""
_STILL = 0.02
"""A training loss that fell less than this share in three epochs is no longer falling."""

_JUMP = 0.1
"""A training loss that stands this share of what guessing costs, and half again, above its lowest has jumped up."""

_DIVERGED = "a loss is not finite, or the training loss is above twice what guessing costs"
_OVERFITTING = (
    f"two epochs or more after its best the validation loss is {_LEAST_RISE:.0%} above it, and the training loss fell"
)
_UNSTABLE = f"the training loss is 1.5 times its lowest, and that plus {_JUMP:.0%} of what guessing costs"
_UNDERFITTING = (
    f"the training loss is above half of what guessing costs and fell by less than {_STILL:.0%} in three epochs"
)
_GUESSING = "after three epochs or more the training loss is no lower than what guessing costs"
_STARTING = "fewer than three epochs"
_HEALTHY = "no other rule holds"


def diagnose(history: Sequence[Point], guessing: float, validated: bool = True) -> Diagnosis:
    """The state after the last epoch of the history; ``guessing`` is the loss of one who knows nothing.

    The rules are tried in the order above; the diagnosis says which one held. Losses are those with each epoch's final
    weights: the loss while training is that of weights that are already gone, with dropout on. Where there are no
    validation images (not ``validated``) each point has its training loss twice.
    """
    last = history[-1]
    if not (math.isfinite(last.training) and math.isfinite(last.validation)) or last.training > 2 * guessing:
        return Diagnosis(
            "diverged",
            f"Diverged: training loss {last.training:.3g}, validation loss {last.validation:.3g}; guessing costs "
            f"{guessing:.2f}.",
            ("lower the learning rate", "clip the gradient", "add normalization or a warm-up"),
            rule=_DIVERGED,
        )
    validation = [point.validation if math.isfinite(point.validation) else math.inf for point in history]
    best = validation.index(min(validation))
    rise = last.validation - validation[best]
    enough = max(_LEAST_RISE * validation[best], _NOISE * guessing)
    if len(history) - 1 - best >= 2 and rise > enough and last.training < history[best].training:
        return Diagnosis(
            "overfitting",
            f"Overfitting since epoch {best + 1}: validation loss has risen {rise:.2f} above its best while training "
            f"loss fell to {last.training:.2f}.",
            ("more dropout", "weight decay", "augmentation", "early stopping", "a smaller network", "more images"),
            best + 1,
            _OVERFITTING,
        )
    lowest = min(point.training for point in history)
    if last.training > max(1.5 * lowest, lowest + _JUMP * guessing):
        return Diagnosis(
            "unstable",
            f"Unstable: the training loss has jumped from {lowest:.2f} to {last.training:.2f}.",
            ("lower the learning rate", "clip the gradient", "add normalization or a warm-up"),
            rule=_UNSTABLE,
        )
    if len(history) >= 3 and last.training > (1 - _NOISE) * guessing:
        return Diagnosis(
            "underfitting",
            f"Underfitting: after {len(history)} epochs the training loss is {last.training:.2f}, no better than "
            f"guessing ({guessing:.2f}).",
            ("lower the learning rate", "add normalization or a warm-up", "a better initialization"),
            rule=_GUESSING,
        )
    if len(history) >= 4 and last.training > guessing / 2:
        fell = (history[-4].training - last.training) / history[-4].training
        if fell < _STILL:
            return Diagnosis(
                "underfitting",
                f"Underfitting: the training loss stays at {last.training:.2f} (guessing costs {guessing:.2f}).",
                ("a larger network", "a higher learning rate", "less regularization", "a better initialization"),
                rule=_UNDERFITTING,
            )
    if len(history) < 3:
        sentence = f"Starting: {len(history)} epoch{'s' * (len(history) > 1)} so far."
        return Diagnosis("starting", sentence, rule=_STARTING)
    if not validated:
        sentence = (
            f"Healthy as far as training images tell: their loss is {last.training:.3f}; without validation images "
            "overfitting cannot be seen."
        )
        return Diagnosis("healthy", sentence, rule=_HEALTHY)
    gap = last.validation - last.training
    sentence = (
        f"Healthy: validation loss {last.validation:.3f} is {abs(gap):.3f} {'above' if gap >= 0 else 'below'} the "
        "training loss."
    )
    return Diagnosis("healthy", sentence, rule=_HEALTHY)
