"""By which means and deviations images are normalized: measured ones, or those that a network's weights expect."""

from __future__ import annotations

from collections.abc import Sequence

Figures = tuple[float, ...]

_IMAGENET = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
"""Of ImageNet's training images, as in the presets of torchvision.transforms."""

_FIXED: dict[str, tuple[Figures, Figures]] = {
    "imagenet": _IMAGENET,
    "symmetric": ((0.5,) * 3, (0.5,) * 3),
    "none": ((0.0,) * 3, (1.0,) * 3),
}

WORDS = {
    "measured": "by their own mean and deviation",
    "imagenet": "by ImageNet's mean and deviation",
    "symmetric": "to values from −1 to 1",
    "none": "to values from 0 to 1",
}
"""How pictures are normalized, by the name in a data choice."""


def fixed(name: str, channels: int) -> tuple[Figures, Figures] | None:
    """Mean and deviation per channel, of values scaled to 0..1; None where they have to be measured.

    Where a picture has another number of channels than three, each gets the three's average.
    """
    if name not in _FIXED:
        return None
    if channels == 3:
        return _FIXED[name]
    mean, std = ((sum(three) / 3,) * channels for three in _FIXED[name])
    return mean, std


def name_of(mean: Sequence[float], std: Sequence[float]) -> str:
    """What these means and deviations are called; measured where they are none of the known ones."""
    for name in _FIXED:
        known = fixed(name, len(mean))
        if known is not None and all(
            abs(one - other) < 1e-6 for one, other in zip((*mean, *std), (*known[0], *known[1]), strict=True)
        ):
            return name
    return "measured"
