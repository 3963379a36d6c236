"""What must be done to a picture before the network sees it; every export carries it."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Preprocessing:
    """Fit a uint8 picture to ``size`` (``fit``: resize, crop or pad), divide by 255, subtract mean, divide by std."""

    channels: int
    size: tuple[int, int]
    mean: tuple[float, ...]
    std: tuple[float, ...]
    fit: str = "resize"
    classes: tuple[str, ...] = ()

    def record(self) -> dict[str, Any]:
        """As JSON values."""
        return asdict(self)


def preprocessing_from(record: Any) -> Preprocessing:
    """What `Preprocessing.record` wrote. Raises `KeyError`, `TypeError` or `ValueError` for what is none."""
    channels, (height, width) = int(record["channels"]), record["size"]
    mean, std = (tuple(map(float, record[name])) for name in ("mean", "std"))
    if not len(mean) == len(std) == channels or not all(map(math.isfinite, mean + std)) or min(std) <= 0:
        raise ValueError("each channel needs a mean and a deviation above 0")
    classes = tuple(map(str, record["classes"]))
    return Preprocessing(channels, (int(height), int(width)), mean, std, str(record["fit"]), classes)


def neutral(shape: tuple[int, ...]) -> Preprocessing:
    """For a network that was not trained: values 0..1 as they are, classes without names."""
    channels, height, width = shape
    return Preprocessing(channels, (height, width), (0.0,) * channels, (1.0,) * channels)
