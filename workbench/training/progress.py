"""Where a training stands: its position, the running sums of the epoch, its history. Plain JSON values."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass
class Sums:
    """Running sums over the steps of one epoch."""

    images: int = 0
    loss: float = 0.0
    correct: int = 0
    gradient_norm: float = 0.0
    steps: int = 0
    seconds: float = 0.0


@dataclass
class Progress:
    """``epoch`` counts from 1 and is the one under way; ``batch`` is how many of its batches are done."""

    epoch: int = 1
    batch: int = 0
    step: int = 0
    sums: Sums = field(default_factory=Sums)
    best_epoch: int = 0
    best_loss: float = float("inf")
    waited: int = 0
    drops: int = 0
    plateau_best: float = float("inf")
    plateau_waited: int = 0
    history: list[tuple[float, float]] = field(default_factory=list)
    done: bool = False

    def values(self) -> dict[str, Any]:
        """As JSON values; infinity, which JSON lacks, is null."""
        values = asdict(self)
        for name in ("best_loss", "plateau_best"):
            values[name] = None if values[name] == float("inf") else values[name]
        return values

    @classmethod
    def of(cls, values: dict[str, Any]) -> Progress:
        """The inverse of `values`."""
        values = dict(values)
        for name in ("best_loss", "plateau_best"):
            values[name] = float("inf") if values[name] is None else values[name]
        values["sums"] = Sums(**values["sums"])
        values["history"] = [tuple(point) for point in values["history"]]
        return cls(**values)
