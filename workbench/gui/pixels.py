"""Arrays as Qt's pictures."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtGui import QImage


def picture(pixels: np.ndarray[Any, Any]) -> QImage:
    """uint8 ``(1, H, W)`` or ``(3, H, W)`` as an image that owns its pixels."""
    channels, height, width = pixels.shape
    if channels == 1:
        kept = np.ascontiguousarray(pixels[0])
        return QImage(kept.data, width, height, width, QImage.Format.Format_Grayscale8).copy()
    kept = np.ascontiguousarray(pixels[:3].transpose(1, 2, 0))
    return QImage(kept.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()
