"""Arrays as Qt's pictures."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtGui import QImage

NOTHING = 255
"""The value that `see_through` leaves clear."""

_GREYS = [0xFF000000 | v << 16 | v << 8 | v for v in range(NOTHING)] + [0]


def picture(pixels: np.ndarray[Any, Any]) -> QImage:
    """uint8 ``(1, H, W)`` or ``(3, H, W)`` as an image that owns its pixels."""
    channels, height, width = pixels.shape
    if channels == 1:
        kept = np.ascontiguousarray(pixels[0])
        return QImage(kept.data, width, height, width, QImage.Format.Format_Grayscale8).copy()
    kept = np.ascontiguousarray(pixels[:3].transpose(1, 2, 0))
    return QImage(kept.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()


def see_through(sheet: np.ndarray[Any, Any]) -> QImage:
    """uint8 ``(H, W)`` as a grey image that is clear where the value is `NOTHING`."""
    height, width = sheet.shape
    kept = np.ascontiguousarray(sheet)
    image = QImage(kept.data, width, height, width, QImage.Format.Format_Indexed8).copy()
    image.setColorTable(_GREYS)
    return image
