"""A plot in which some curves grow while all else stands still."""

from __future__ import annotations

import math
from typing import Any

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap, QTransform

from workbench.gui.screen_plot import ScreenPlot
from workbench.gui.training.own_curves import OwnCurves

_MARGIN = 4
"""Pixels at either side of a change that are drawn too: half a line's width, and what rounding takes."""

_FEW = 4
"""Strips in a row from which on a picture is kept of what stands still."""


class StillPlot(ScreenPlot):
    """Draws the strip in which its own curves have grown over a picture of all else.

    To ask every item of a plot whether it lies in the strip takes three times as long as to draw the curves there.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._own_curves = OwnCurves()
        self._own_curves.grown.connect(self._draw_between)
        self._still: QPixmap | None = None
        self._room, self._to_viewport = QRect(), QTransform()
        self._strips = 0
        self.scene().changed.connect(self._follow_scene)

    @property
    def lies_below(self) -> bool:
        """Whether something stands before the curves, which a strip would be drawn over."""
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        viewport = self.viewport()
        if self._still is None or self._still.deviceIndependentSize() != viewport.size().toSizeF():
            super().paintEvent(event)
            return
        place = event.rect()
        with QPainter(viewport) as painter:
            painter.drawPixmap(place, self._still, _scaled(place, self._still.devicePixelRatio()))
            painter.setClipRect(self._room.intersected(place))
            painter.setTransform(self._to_viewport)
            pixels, offset = self._to_viewport.m11(), self._to_viewport.dx()
            left, right = ((x - offset) / pixels for x in (place.left(), place.right() + 1))
            self._own_curves.draw(painter, left, right)

    def _draw_between(self, left: float, right: float) -> None:
        self._strips += 1
        if self._still is None:
            if self._strips > _FEW and not self.lies_below:
                self._keep_still()
            else:
                self._take_places()
        pixels, offset = self._to_viewport.m11(), self._to_viewport.dx()
        first = math.floor(pixels * left + offset) - _MARGIN
        last = math.ceil(pixels * right + offset) + _MARGIN
        self.viewport().update(first, self._room.top(), last - first, self._room.height())

    def _keep_still(self) -> None:
        density = self.devicePixelRatioF()
        picture = QPixmap(self.viewport().size() * density)
        picture.setDevicePixelRatio(density)
        with self._own_curves.left_out():
            self.viewport().render(picture)
        self._still, self._strips = picture, 0
        self._take_places()
        # What had to be painted elsewhere counts as painted now.
        self.viewport().update()

    def _take_places(self) -> None:
        """Where the curves are drawn."""
        self._to_viewport = self._own_curves.sceneTransform() * self.viewportTransform()
        self._room = self.getPlotItem().getViewBox().sceneBoundingRect().toAlignedRect()

    def _follow_scene(self) -> None:
        """What stands still has changed. A picture that has served for some strips is made anew: it will again."""
        has_served = self._still is not None and self._strips > _FEW
        self._forget_still()
        if has_served and self.isVisible() and not self.lies_below:
            self._keep_still()

    def _forget_still(self) -> None:
        self._still, self._strips = None, 0


def _scaled(place: QRect, density: float) -> QRect:
    return QRectF(
        density * place.x(), density * place.y(), density * place.width(), density * place.height()
    ).toAlignedRect()
