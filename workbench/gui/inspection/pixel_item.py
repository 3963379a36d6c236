"""An image of a plot whose pixels are those of the screen: of 32 bits each."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtGui import QImage


class PixelItem(pg.ImageItem):
    """Qt enlarges such an image ten times as fast as one whose values are looked up in a table of colours."""

    _kept: np.ndarray[Any, Any]
    _colours: np.ndarray[Any, Any]

    def __init__(self) -> None:
        super().__init__(axisOrder="row-major")

    def setLookupTable(self, lut: np.ndarray[Any, Any] | None, update: bool = True) -> None:
        if lut is not None and lut is not self.lut:
            self._colours = packed(lut)
        super().setLookupTable(lut, update)

    def render(self) -> None:
        """Make ``qimage`` of uint8 ``(H, W)``, by the table of colours ``(256, 4)``, or of ``(H, W, 4)``."""
        if self.image is None or not self.image.size:
            self._unrenderable = True
            return
        self._kept = packed(self.image) if self.image.ndim == 3 else self._colours[self.image]
        height, width = self._kept.shape
        # The image has no pixels of its own: they live as long as `_kept`.
        self.qimage = QImage(self._kept.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied)
        self._renderRequired = self._unrenderable = False


def packed(colours: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """RGBA ``(..., 4)``, opaque or clear, as one uint32 each in Qt's order."""
    red, green, blue, alpha = np.moveaxis(colours.astype(np.uint32), -1, 0)
    return (alpha << 24) | (red << 16) | (green << 8) | blue
