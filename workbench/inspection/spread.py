"""How a layer's weights lie."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

_BINS = 48
_SAMPLE = 8192
"""Weights of a layer that are counted, evenly spread over it: more would not change the picture."""


@dataclass(frozen=True, slots=True, eq=False)
class Spread:
    """How many of a layer's weights lie in each of equal bins from ``low`` to ``high``; None where all are equal."""

    counts: Any
    low: float
    high: float


def spread_of(module: nn.Module) -> Spread | None:
    """The spread of a convolution's or dense layer's weights; None of a layer that multiplies by none."""
    weight = getattr(module, "weight", None)
    if not isinstance(weight, Tensor) or weight.ndim < 2:
        return None
    flat = weight.detach().flatten()
    sample = flat[:: max(1, flat.numel() // _SAMPLE)].float().cpu()
    low, high = float(sample.min()), float(sample.max())
    return Spread(torch.histc(sample, _BINS, low, high).numpy() if high > low else None, low, high)
