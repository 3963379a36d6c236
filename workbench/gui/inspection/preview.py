"""A few of a layer's maps as the small picture on its card."""

from __future__ import annotations

from typing import Any

import numpy as np

from workbench.gui.inspection.colours import quantised
from workbench.gui.pixels import NOTHING

_FEATURES_HIGH = 6


def strip(glimpse: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Maps ``(C, H, W)`` side by side, each from its own lowest to its own highest value, or features
    ``(F,)`` as one bar; uint8."""
    values = np.nan_to_num(glimpse, nan=0.0, posinf=0.0, neginf=0.0)
    if values.ndim == 1:
        return np.repeat(quantised(values, values.min(), values.max())[None], _FEATURES_HIGH, 0)
    maps = quantised(values, values.min((1, 2), keepdims=True), values.max((1, 2), keepdims=True))
    count, height, width = maps.shape
    sheet = np.full((height, count, width + max(1, width // 13)), NOTHING, np.uint8)
    sheet[:, :, :width] = maps.swapaxes(0, 1)
    return sheet.reshape(height, -1)
