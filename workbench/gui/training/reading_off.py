"""What curves say at one step, in words."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping, Sequence

import numpy as np

from workbench.gui.training.happenings import Happening
from workbench.gui.training.series import Series


def told_at(series: Series, happened: Sequence[Happening], step: float, with_norm: bool) -> Iterator[str]:
    """A run's figures at the first step that is no earlier, and what happened near it."""
    steps = series.column("step")
    if not len(steps):
        return
    place = min(bisect_left(steps, step), len(steps) - 1)
    told = f"step {int(steps[place]):,}: training {series.column('data_loss')[place]:.4f}"
    if with_norm:
        told += f", gradient norm {series.column('gradient_norm')[place]:.4g}"
    yield told
    yield f"rate {series.column('learning_rate')[place]:.3g}"
    yield from _told_of_epoch(series, step)
    near = [one for one in happened if abs(one.step - step) <= max(1.0, 0.01 * float(steps[-1]))]
    if near:
        yield f"{near[-1].words} after step {near[-1].step:,}"


def nearest(
    lines: Mapping[str, tuple[np.ndarray, np.ndarray]], names: Collection[str], step: float, value: float, is_log: bool
) -> str | None:
    """Of the lines with these names the one that passes nearest; ``value`` is its logarithm where they are drawn so."""
    found = []
    for name, (x, y) in lines.items():
        if name in names and len(x) and x[0] <= step <= x[-1]:
            there = float(np.interp(step, x, y))
            if math.isfinite(there):
                drawn = math.log10(there) if is_log and there > 0 else there
                found.append((abs(drawn - value), name, there))
    return f"{min(found)[1]}: {min(found)[2]:.4g}" if found else None


def _told_of_epoch(series: Series, step: float) -> Iterator[str]:
    ends = series.epoch_column("step")
    place = bisect_left(ends, step)
    if place < min(len(ends), len(series.epochs)):
        epoch = series.epochs[place]
        if not math.isnan(epoch.validation_loss):
            yield f"epoch {epoch.epoch}: validation {epoch.validation_loss:.4f} ({epoch.validation_accuracy:.1%})"
            yield f"training in eval mode {epoch.train_loss_eval:.4f} ({epoch.train_accuracy_eval:.1%})"
