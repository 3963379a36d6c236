"""Small pictures in rows, each with a few words; a list as Qt has it, that may be as high as its rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon, QImage, QPixmap, QResizeEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from workbench.gui.figures import plain
from workbench.gui.own_keys import OwnKeys
from workbench.gui.pixels import picture

PLACE = Qt.ItemDataRole.UserRole
SIDE = 50
_MARGIN = 4
_USUAL_LINE = 15


def thumbnail(pixels: np.ndarray[Any, Any], side: int = SIDE, ratio: float = 1.0) -> QImage:
    """uint8 ``(C, H, W)`` within a square of ``side``; pixels of small images stay visible. Any thread may call it."""
    image = picture(pixels)
    edge = round(side * ratio)
    modes = Qt.TransformationMode
    mode = modes.SmoothTransformation if max(image.width(), image.height()) > edge else modes.FastTransformation
    image = image.scaled(edge, edge, Qt.AspectRatioMode.KeepAspectRatio, mode)
    image.setDevicePixelRatio(ratio)
    return image


class Thumbnails(QListWidget):
    """``grows``: as high as its pictures need, for a page that scrolls; else it scrolls itself."""

    def __init__(self, name: str, grows: bool = False, width: int = 60, height: int = 70) -> None:
        super().__init__()
        self._grows = grows
        self.setAccessibleName(name)
        self.setViewMode(QListWidget.ViewMode.IconMode)
        self.setIconSize(QSize(SIDE, SIDE))
        # The words below a picture grow with the font.
        wider = max(1.0, self.fontMetrics().height() / _USUAL_LINE)
        self.setGridSize(QSize(round(width * wider), height + round(_USUAL_LINE * (wider - 1))))
        self.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.setMovement(QListWidget.Movement.Static)
        self.setUniformItemSizes(True)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setSpacing(0)
        self.setViewportMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
        # Whoever presses it among images means none of the network's layers.
        OwnKeys(self, {"Del": lambda: None})
        if grows:
            self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            self._fit()

    def show_pictures(
        self, images: Sequence[QImage], texts: Sequence[str], tips: Sequence[str], places: Sequence[Any]
    ) -> None:
        """Show these instead of what is there."""
        self.clear()
        for image, text, tip, place in zip(images, texts, tips, places, strict=True):
            item = QListWidgetItem(QIcon(QPixmap.fromImage(image)), text)
            item.setToolTip(plain(tip))
            item.setData(PLACE, place)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, tip)
            self.addItem(item)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        if not self._grows:
            return
        cell = self.gridSize()
        columns = max(1, self.viewport().width() // cell.width())
        height = -(-self.count() // columns) * cell.height() + 4 + 2 * _MARGIN
        if height != self.height() or self.minimumHeight() != height:
            self.setFixedHeight(height)
