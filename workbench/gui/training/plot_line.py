"""One line of a plot, and between which values it lies."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from workbench.gui.training.curve_pens import Kind

Ends = tuple[float, float] | None
"""The lowest and the highest finite value of a line, where there is one."""


@dataclass(frozen=True, eq=False)
class PlotLine:
    """Its points, what it is of, and its ends on the scale on which it is drawn."""

    x: np.ndarray[Any, Any]
    y: np.ndarray[Any, Any]
    kind: Kind
    number: int
    ends: Ends = None


def ends_of(values: np.ndarray[Any, Any]) -> Ends:
    """Those of a whole line."""
    known = values[np.isfinite(values)]
    return (float(known.min()), float(known.max())) if len(known) else None


def wider(ends: Ends, values: list[float]) -> Ends:
    """Those of a line with so many values more, of which there are few."""
    known = [*(ends or ()), *filter(math.isfinite, values)]
    return (min(known), max(known)) if known else None
