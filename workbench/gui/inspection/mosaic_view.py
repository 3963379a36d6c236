"""The mosaic as a person sees it: a frame round the map that is pointed at, a cross over dead ones, keys to move."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent

from workbench.gui.inspection.image_view import ImageView
from workbench.gui.inspection.mosaic import Mosaic
from workbench.gui.theme import Appearance, Theme


class MosaicView(ImageView):
    """``found(place, row, column)`` or None is what is pointed at, ``chosen(place)`` what is clicked.

    Arrow keys go from map to map; Return chooses the one in the frame.
    """

    found = Signal(object)
    chosen = Signal(int)

    def __init__(self, name: str, appearance: Appearance) -> None:
        super().__init__(name, appearance)
        self._mosaic = Mosaic(0, 1, 1, 1)
        self._framed = 0
        self._dead = np.zeros(0, np.int64)
        self._crosses = pg.PlotCurveItem(connect="pairs", antialias=False)
        self.box.addItem(self._crosses, ignoreBounds=True)
        self.pointed.connect(self._find)
        self.clicked.connect(self._choose)
        appearance.changed.connect(self._colour_crosses)
        self._colour_crosses(appearance.theme)

    @property
    def mosaic(self) -> Mosaic:
        return self._mosaic

    @property
    def framed(self) -> int:
        """The place of the map in the frame."""
        return self._framed

    def show_maps(
        self, pixels: np.ndarray[Any, Any], dead: np.ndarray[Any, Any], colours: np.ndarray[Any, Any],
        room: tuple[float, float],
    ) -> None:  # fmt: skip
        """Draw uint8 maps ``(C, H, W)`` in their order, and a cross over those at the places ``dead``.

        They are arranged anew to fit the room, unless somebody has zoomed in.
        """
        before = self._mosaic
        if (before.count, before.height, before.width) != pixels.shape or self.shows_whole:
            count, height, width = pixels.shape
            self._mosaic = Mosaic.fitting(count, height, width, room)
        self.show_image(self._mosaic.sheet(pixels), colours)
        if self._mosaic != before or not np.array_equal(dead, self._dead):
            self._dead = dead
            self._cross(dead)
        if self._mosaic != before:
            self._framed = min(self._framed, self._mosaic.count - 1)
            self.mark(None)

    def frame(self, place: int) -> None:
        """Draw a frame round the map at a place."""
        self._framed = place
        left, top = self._mosaic.corner(place)
        self.mark(QRectF(left, top, self._mosaic.width, self._mosaic.height))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys, columns = Qt.Key, self._mosaic.columns
        by = {keys.Key_Left: -1, keys.Key_Right: 1, keys.Key_Up: -columns, keys.Key_Down: columns}.get(event.key())  # type: ignore[call-overload]
        moves_view = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        if self._mosaic.count and event.key() in (keys.Key_Return, keys.Key_Enter, keys.Key_Space):
            self.chosen.emit(self._framed)
        elif self._mosaic.count and by is not None and not moves_view:
            place = self._framed + by
            if 0 <= place < self._mosaic.count:
                left, top = self._mosaic.corner(place)
                self._find(QPointF(left, top))
        else:
            super().keyPressEvent(event)

    def _find(self, point: QPointF | None) -> None:
        found = self._mosaic.at(point.x(), point.y()) if point is not None else None
        if found is None:
            self.mark(None)
        else:
            self.frame(found[0])
        self.found.emit(found)

    def _choose(self, point: QPointF) -> None:
        found = self._mosaic.at(point.x(), point.y())
        if found is not None:
            self.chosen.emit(found[0])

    def _cross(self, places: np.ndarray[Any, Any]) -> None:
        """A cross over each dead map: its one colour could be any value's."""
        mosaic = self._mosaic
        left = places % mosaic.columns * (mosaic.width + mosaic.gap)
        top = places // mosaic.columns * (mosaic.height + mosaic.gap)
        right, bottom = left + mosaic.width, top + mosaic.height
        x = np.stack([left, right, left, right], 1).ravel().astype(float)
        y = np.stack([top, bottom, bottom, top], 1).ravel().astype(float)
        self._crosses.setData(x, y)

    def _colour_crosses(self, theme: Theme) -> None:
        self._crosses.setPen(pg.mkPen(theme.error, width=1))
