"""The curves of a training in memory: 32 bytes a step (32 MB for a million), and less than 1 kB an epoch."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from workbench.gui.training.thinning import Thinned, ends_of_bins

if TYPE_CHECKING:
    from workbench.training import Epoch, Step

COLUMNS = (
    "step", "objective", "data_loss", "l1_term", "l2_term", "auxiliary_loss", "learning_rate", "gradient_norm",
)  # fmt: skip
EPOCH_COLUMNS = (
    "step", "train_loss", "train_loss_eval", "validation_loss", "train_accuracy", "train_accuracy_eval",
    "validation_accuracy",
)  # fmt: skip

_MOST_LOOKED_AT = 32_768
"""Values that are looked at anew each time; of more, those that stand out have been found before."""

_BLOCK = 32


class Series:
    """Appended to by one thread and read by another, without a lock.

    ``count`` rises only after a row is whole, and a table that has grown holds all that the old one held, so a reader
    sees a true beginning of the curve at any moment. What epochs say of each class is kept of the last one only.
    """

    def __init__(self) -> None:
        self._steps, self._ends = _Table(COLUMNS, 4096), _Table(EPOCH_COLUMNS, 64)
        self._thinned: dict[str, Thinned] = {}
        self.epochs: list[Epoch] = []

    @property
    def count(self) -> int:
        """How many steps there are."""
        return self._steps.count

    @property
    def bytes(self) -> int:
        """What the tables hold room for."""
        return self._steps.bytes + self._ends.bytes

    def add_step(self, step: Step) -> None:
        self._steps.add(
            step.step, step.objective, step.data_loss, step.l1_term, step.l2_term, step.auxiliary_loss,
            step.learning_rate, step.gradient_norm,
        )  # fmt: skip

    def add_epoch(self, epoch: Epoch) -> None:
        if self.epochs:
            self.epochs[-1] = replace(self.epochs[-1], confusion=(), class_accuracy=())
        self._ends.add(
            epoch.step, epoch.train_loss, epoch.train_loss_eval, epoch.validation_loss, epoch.train_accuracy,
            epoch.train_accuracy_eval, epoch.validation_accuracy,
        )  # fmt: skip
        self.epochs.append(epoch)

    def forget_beyond(self, step: int, epoch: int) -> None:
        """Drop the steps after this one, and this epoch and those after it. Only while nobody else reads."""
        self._steps.count = bisect_right(self.column("step"), step)
        self.epochs = [one for one in self.epochs if one.epoch < epoch]
        self._ends.count = len(self.epochs)
        self._thinned.clear()

    def column(self, name: str) -> np.ndarray:
        """One column of all steps so far, float32; a view, not a copy."""
        return self._steps.column(COLUMNS.index(name))

    def points(self, name: str, low: float = 0.0, high: float = np.inf) -> tuple[np.ndarray, np.ndarray]:
        """Steps and values between two steps, and as many again at either side, for who pans a little.

        Of very many only those that a curve of them needs. For one thread: that of the window.
        """
        steps, values = self.column("step"), self.column(name)
        count = min(len(steps), len(values))
        steps, values = steps[:count], values[:count]
        # NumPy's own search would copy the column first.
        first, last = bisect_left(steps, low), bisect_left(steps, high)
        room = max(2, last - first)
        first, last = max(0, first - room), min(count, last + room)
        if last - first <= _MOST_LOOKED_AT:
            return steps[first:last], values[first:last]
        places = self._thinned.setdefault(name, Thinned()).places(values)
        places = places[bisect_left(places, first) : bisect_left(places, last)]
        return steps[places], values[places]

    def epoch_column(self, name: str) -> np.ndarray:
        """One column of all epochs so far, float32; a view, not a copy."""
        return self._ends.column(EPOCH_COLUMNS.index(name))


class _Table:
    """Rows of float32 that grow by doubling."""

    def __init__(self, columns: tuple[str, ...], room: int) -> None:
        self._rows = np.empty((room, len(columns)), np.float32)
        self.count = 0

    @property
    def bytes(self) -> int:
        return self._rows.nbytes

    def add(self, *values: float) -> None:
        if self.count == len(self._rows):
            grown = np.empty((2 * len(self._rows), self._rows.shape[1]), np.float32)
            grown[: self.count] = self._rows
            self._rows = grown
        self._rows[self.count] = values
        self.count += 1

    def column(self, place: int) -> np.ndarray:
        # The count first: rows that have grown meanwhile hold as many at least.
        count, rows = self.count, self._rows
        return rows[:count, place]


def binned(x: np.ndarray, y: np.ndarray, bins: int = 256) -> tuple[np.ndarray, np.ndarray]:
    """At most ``2 · bins`` points that look like all of them: the lowest and highest of each bin, in order."""
    if len(x) <= 2 * bins:
        return x, y
    width = len(x) // bins
    whole = width * bins
    places = np.concatenate(
        (ends_of_bins(y[:whole], width), np.arange(whole, len(x), max(1, (len(x) - whole) // 4 or 1)))
    )
    return x[places], y[places]


def smoothed(y: np.ndarray, weight: float) -> np.ndarray:
    """Exponential moving average with bias correction, as TensorBoard's: 0 is the line itself.

    What is not finite is left out: there the average stays as it was, and is not a number before the first value.
    """
    if weight <= 0 or len(y) < 2:
        return y
    known = np.isfinite(y)
    values = y[known]
    averages = np.full(len(values) + 1, np.nan)
    averages[1:] = _averages(values, weight) / (1 - weight ** np.arange(1, len(values) + 1))
    return averages[np.cumsum(known)]


def _averages(values: np.ndarray, weight: float) -> np.ndarray:
    """The sum of all values up to each, each weighed less by ``weight`` for every later one: blocks, then their ends.

    Value by value it would take most of a frame's time.
    """
    inside, onwards = _weights(weight)
    blocks = np.zeros((-(-len(values) // _BLOCK), _BLOCK))
    blocks.ravel()[: len(values)] = values
    sums = blocks @ inside
    before, last = [], 0.0
    for end in sums[:, -1].tolist():
        before.append(last)
        last = end + last * onwards[-1]
    return (sums + np.multiply.outer(before, onwards)).ravel()[: len(values)]


@cache
def _weights(weight: float) -> tuple[np.ndarray, np.ndarray]:
    """Of values within a block upon its sums, and of the sum at the end of the block before."""
    apart = np.arange(_BLOCK) - np.arange(_BLOCK)[:, None]
    return np.where(apart >= 0, (1 - weight) * weight ** np.maximum(apart, 0), 0), weight ** np.arange(1, _BLOCK + 1)
