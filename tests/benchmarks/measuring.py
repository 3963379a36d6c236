"""Interleaved measuring: the machine is shared and noisy, so only ratios of neighbours in time mean anything."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace

from workbench.machine import cores

_DENSITIES = (1, 2)
"""Of a usual screen, and of one that has four pixels where that has one."""

_ASK = """
import importlib, json, sys
from dataclasses import astuple
print(json.dumps([astuple(row) for row in importlib.import_module(sys.argv[1]).rows()]))
"""

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


def on_screens(module: str) -> list[Row]:
    """What a module's ``rows`` says on each density of screen, in processes of their own: Qt asks for it only once."""
    found = []
    for density in _DENSITIES:
        environment = os.environ | {"QT_SCALE_FACTOR": str(density)}
        asked = [sys.executable, "-c", _ASK, module]
        said = subprocess.run(asked, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout
        rows = [Row(*row) for row in json.loads(said.splitlines()[-1])]
        found += [replace(row, name=f"{row.name}, density {density}") for row in rows]
    return found
