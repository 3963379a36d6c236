"""Interleaved measuring: the machine is shared and noisy, so only ratios of neighbours in time mean anything."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import dataclass

from workbench.machine import cores

AS_LIBGOMP_DOES = {"OMP_NUM_THREADS": str(cores()), "GOMP_SPINCOUNT": "300000", "OMP_WAIT_POLICY": "ACTIVE"}
"""What it does where nobody says anything; said here, as otherwise `prepare_for_torch` would say it."""


@dataclass(frozen=True)
class Row:
    """One line of the printed table. ``goal`` is what the project promises, in words."""

    name: str
    ours: str
    other: str
    ratio: str
    goal: str = ""


def interleaved(
    ours: Callable[[], float], other: Callable[[], float], runs: int = 5
) -> tuple[list[float], list[float]]:
    """Both figures of ``runs`` rounds, one after the other in each, which goes first taking turns."""
    first, second = [], []
    for index in range(runs):
        if index % 2:
            second.append(other())
            first.append(ours())
        else:
            first.append(ours())
            second.append(other())
    return first, second


def compared(name: str, ours: list[float], other: list[float], unit: str, goal: str = "") -> Row:
    """The medians of both and of the round-by-round ratio, with its range."""
    ratios = [a / b for a, b in zip(ours, other, strict=True)]
    return Row(
        name,
        f"{statistics.median(ours):,.1f} {unit}",
        f"{statistics.median(other):,.1f} {unit}",
        f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})",
        goal,
    )


def alone(name: str, values: list[float], unit: str, goal: str = "") -> Row:
    """The median and range of a figure that has nothing to stand beside."""
    return Row(
        name, f"{statistics.median(values):,.2f} {unit}", "", f"({min(values):,.2f} to {max(values):,.2f})", goal
    )
