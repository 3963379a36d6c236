"""Arrays as Qt's pictures. NumPy itself is not needed before the window is painted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QImage, QPixmap

if TYPE_CHECKING:
    import numpy as np

NOTHING = 255
"""The value that `see_through` leaves clear."""

_GREYS = [0xFF000000 | v << 16 | v << 8 | v for v in range(NOTHING)] + [0]


def picture(pixels: np.ndarray[Any, Any]) -> QImage:
    """uint8 ``(1, H, W)`` or ``(3, H, W)`` as an image that owns its pixels."""
    channels, height, width = pixels.shape
    if channels == 1:
        kept = pixels[0].copy()
        return QImage(kept.data, width, height, width, QImage.Format.Format_Grayscale8).copy()
    kept = pixels[:3].transpose(1, 2, 0).copy()
    return QImage(kept.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()


def png(pixmap: QPixmap) -> bytes:
    """The content of a file."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    pixmap.save(buffer, "PNG")
    return bytes(buffer.data().data())


def see_through(sheet: np.ndarray[Any, Any]) -> QImage:
    """uint8 ``(H, W)`` as a grey image that is clear where the value is `NOTHING`."""
    height, width = sheet.shape
    kept = sheet.copy()
    image = QImage(kept.data, width, height, width, QImage.Format.Format_Indexed8).copy()
    image.setColorTable(_GREYS)
    return image
