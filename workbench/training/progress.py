"""Where a training stands: its position, the running sums of the epoch, its history. Plain JSON values."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field
from typing import Any

from workbench.project import Recipe


@dataclass
class Sums:
    """Running sums over the steps of one epoch; ``moved`` counts the steps whose gradient was finite.

    ``rate`` is the last step's learning rate, which nobody else knows where a training goes on behind that step.
    """

    images: int = 0
    loss: float = 0.0
    correct: int = 0
    gradient_norm: float = 0.0
    moved: int = 0
    seconds: float = 0.0
    rate: float = 0.0


@dataclass
class Progress:
    """``epoch`` counts from 1 and is the one under way; ``batch`` is how many of its batches are done."""

    epoch: int = 1
    batch: int = 0
    step: int = 0
    sums: Sums = field(default_factory=Sums)
    best_epoch: int = 0
    best_loss: float = math.inf
    patience_loss: float = math.inf
    waited: int = 0
    plateau_loss: float = math.inf
    plateau_waited: int = 0
    drops: int = 0
    rate_factor: float = 1.0
    history: list[tuple[float, float]] = field(default_factory=list)
    done: bool = False

    def judge(self, training_loss: float, watched: float, recipe: Recipe) -> bool:
        """Take in an epoch's losses; returns whether it is the best so far. A loss that is not a number never is."""
        self.history.append((training_loss, watched))
        if watched < self.patience_loss - recipe.min_delta:
            self.patience_loss, self.waited = watched, 0
        else:
            self.waited += 1
        self._watch_plateau(watched, recipe)
        if not watched < self.best_loss:
            return False
        self.best_loss, self.best_epoch = watched, self.epoch
        return True

    def _watch_plateau(self, watched: float, recipe: Recipe) -> None:
        """As `torch.optim.lr_scheduler.ReduceLROnPlateau` with threshold 0."""
        if watched < self.plateau_loss:
            self.plateau_loss, self.plateau_waited = watched, 0
            return
        self.plateau_waited += 1
        if self.plateau_waited > recipe.plateau_patience:
            self.drops += 1
            self.plateau_waited = 0

    def values(self) -> dict[str, Any]:
        """As JSON values; what is not finite, which JSON lacks, is null."""
        values = asdict(self)
        for name in _LOSSES:
            values[name] = _json(values[name])
        values["history"] = [[_json(loss) for loss in point] for point in self.history]
        return values

    @classmethod
    def of(cls, values: dict[str, Any]) -> Progress:
        """The inverse of `values`."""
        values = dict(values)
        for name in _LOSSES:
            values[name] = math.inf if values[name] is None else values[name]
        values["sums"] = Sums(**values["sums"])
        values["history"] = [tuple(math.nan if loss is None else loss for loss in p) for p in values["history"]]
        return cls(**values)


_LOSSES = ("best_loss", "patience_loss", "plateau_loss")


def _json(value: float) -> float | None:
    return value if math.isfinite(value) else None
