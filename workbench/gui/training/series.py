"""The curves of a training in memory: every step, 28 bytes each (28 MB for a million), and every epoch."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from workbench.training import Epoch, Step

COLUMNS = ("step", "objective", "data_loss", "l1_term", "l2_term", "learning_rate", "gradient_norm")
_FIRST = 4096


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened after a step: a checkpoint, another learning rate, an end; in a word or two."""

    step: int
    kind: str
    words: str


class Series:
    """Appended to by one thread and read by another, without a lock.

    ``count`` rises only after a row is whole, and a table that has grown holds all that the old one held, so a reader
    sees a true beginning of the curve at any moment. Confusion matrices are kept of the last epoch only.
    """

    def __init__(self) -> None:
        self._table = np.empty((_FIRST, len(COLUMNS)), np.float32)
        self.count = 0
        self.epochs: list[Epoch] = []

    def add_step(self, step: Step) -> None:
        if self.count == len(self._table):
            grown = np.empty((2 * len(self._table), len(COLUMNS)), np.float32)
            grown[: self.count] = self._table
            self._table = grown
        self._table[self.count] = (
            step.step, step.objective, step.data_loss, step.l1_term, step.l2_term, step.learning_rate,
            step.gradient_norm,
        )  # fmt: skip
        self.count += 1

    def add_epoch(self, epoch: Epoch) -> None:
        if self.epochs:
            self.epochs[-1] = replace(self.epochs[-1], confusion=())
        self.epochs.append(epoch)

    def column(self, name: str) -> np.ndarray:
        """One column of all steps so far, float32; a view, not a copy."""
        table, count = self._table, self.count
        return table[: min(count, len(table)), COLUMNS.index(name)]


def binned(x: np.ndarray, y: np.ndarray, bins: int = 512) -> tuple[np.ndarray, np.ndarray]:
    """At most ``2 · bins`` points that look like all of them: the lowest and highest of each bin, in order."""
    if len(x) <= 2 * bins:
        return x, y
    width = len(x) // bins
    whole = width * bins
    rows = y[:whole].reshape(bins, width)
    at = np.arange(bins) * width
    pairs = np.sort(np.stack((rows.argmin(1) + at, rows.argmax(1) + at), 1), 1).ravel()
    places = np.concatenate((pairs, np.arange(whole, len(x), max(1, (len(x) - whole) // 4 or 1))))
    return x[places], y[places]


def smoothed(y: np.ndarray, weight: float) -> np.ndarray:
    """Exponential moving average with bias correction, as TensorBoard's: 0 is the line itself."""
    if weight <= 0 or len(y) < 2:
        return y
    known = np.isfinite(y)
    result = np.empty(len(y), np.float64)
    last, norm = 0.0, 0.0
    for place, (value, good) in enumerate(zip(y.tolist(), known.tolist(), strict=True)):
        if good:
            last = last * weight + (1 - weight) * value
            norm = norm * weight + (1 - weight)
        result[place] = last / norm if norm else np.nan
    return result
