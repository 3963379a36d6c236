"""Which lines of a training a plot shows: some hundred points of all that are kept, of the part in sight."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from workbench.gui.training.curve_pens import Kind
from workbench.gui.training.growing import Growing
from workbench.gui.training.series import Series, binned, smoothed

Sight = tuple[float, float] | None
"""The steps that are in sight; None for all."""

Line = tuple[str, np.ndarray, np.ndarray, Kind]

SHOWN = {
    "Accuracy": "accuracy",
    "Objective in parts": "parts",
    "Learning rate": "rate",
    "Gradient norm": "norm",
}
"""What the second plot can show, by the words for it."""

_PARTS = {
    "objective": "objective", "data loss": "data_loss", "L1 term": "l1_term", "L2 term": "l2_term",
    "auxiliary loss": "auxiliary_loss",
}  # fmt: skip


def step_lines(
    series: Series, shown: str, smoothing: float, sight: Sight, growing: dict[str, Growing]
) -> Iterator[tuple[*Line, int]]:
    """The lines that grow with every step, and from which point on each has changed since the last time.

    ``growing`` keeps by column what is drawn where all steps are in sight.
    """

    def points(column: str, weight: float) -> tuple[np.ndarray, np.ndarray, np.ndarray, int]:
        if sight:
            x, y = of_steps(series, column, sight)
            return x, y, smoothed(y, weight), 0
        line = growing.setdefault(column, Growing())
        first = line.take(series.column("step"), series.column(column), weight)
        return line.x, line.y, line.smoothed, first

    if shown == "loss":
        x, y, smooth, first = points("data_loss", smoothing)
        yield "raw", x, y, "raw", first
        yield "training", x, smooth, "training", first
    elif shown == "rate":
        x, y, _, first = points("learning_rate", 0)
        yield "learning rate", x, y, "training", first
    elif shown == "norm":
        x, _, smooth, first = points("gradient_norm", smoothing)
        yield "gradient norm", x, smooth, "training", first
    elif shown == "parts":
        for words, name in _PARTS.items():
            x, y, smooth, first = points(name, smoothing)
            # What a recipe or a network does not have is not drawn along the floor.
            if name in ("objective", "data_loss") or y.any():
                yield words, x, smooth, "part", first


def epoch_lines(series: Series, shown: str) -> Iterator[Line]:
    """The lines that grow with every epoch: of its final weights, without dropout and augmentation."""
    if shown not in ("loss", "accuracy"):
        return
    if shown == "accuracy":
        yield "training", *_of_epochs(series, "train_accuracy"), "training"
    yield "training, eval mode", *_of_epochs(series, f"train_{shown}_eval"), "eval"
    yield "validation", *_of_epochs(series, f"validation_{shown}"), "validation"


def other_lines(
    name: str, series: Series, shown: str, smoothing: float, sight: Sight, bins: int = 256
) -> Iterator[Line]:
    """The lines of another run: one under its name, and for the loss a paler one of its training."""
    if shown in ("loss", "accuracy"):
        yield name, *_of_epochs(series, f"validation_{shown}", bins), "other"
        if shown == "loss":
            x, y = of_steps(series, "data_loss", sight, bins)
            yield f"{name}, training", x, smoothed(y, smoothing), "other training"
        return
    column = {"rate": "learning_rate", "norm": "gradient_norm", "parts": "objective"}[shown]
    x, y = of_steps(series, column, sight, bins)
    yield name, x, smoothed(y, 0 if shown == "rate" else smoothing), "other"


def of_steps(series: Series, name: str, sight: Sight, bins: int = 256) -> tuple[np.ndarray, np.ndarray]:
    """The points of one column to be drawn, two a bin."""
    x, y = series.points(name, *sight) if sight else series.points(name)
    return binned(x, y, bins)


def _of_epochs(series: Series, name: str, bins: int = 256) -> tuple[np.ndarray, np.ndarray]:
    steps, values = series.epoch_column("step"), series.epoch_column(name)
    count = min(len(steps), len(values))
    return binned(steps[:count], values[:count], bins)
