"""The curves of the run that is watched, as one item, of which only what has changed is drawn anew."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QBrush, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from workbench.gui.screen_plot import strokes
from workbench.gui.wide_line import draw_wide_line, is_slow_to_join

Array = np.ndarray[Any, Any]

_DOT = 5.0
"""Pixels across."""


@dataclass
class _Curve:
    x: Array
    y: Array
    is_whole: bool


class OwnCurves(pg.GraphicsObject):
    """Lines in the plot's own coordinates, each with its pen, those that were shown first below.

    A frame adds a few points at the right end of lines of hundreds: the rest is left as it stands on the screen.
    ``grown(left, right)`` tells between which places there is something else to be drawn now.
    """

    grown = Signal(float, float)

    def __init__(self) -> None:
        super().__init__()
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)
        self._curves: dict[str, _Curve] = {}
        self._pens: dict[str, QPen] = {}
        self._between: tuple[str, str] | None = None
        self._area, self._area_end = QPolygonF(), -math.inf
        self._brush = QBrush()
        self._bounds = QRectF()
        self._pixel = 0.0
        self._is_left_out = False

    @property
    def pixel(self) -> float:
        """What is as wide as a pixel of the view, in the plot's coordinates."""
        return self._pixel

    def forget(self) -> None:
        self._curves, self._between = {}, None
        self._area, self._area_end = QPolygonF(), -math.inf
        self.update()

    def show_curve(self, name: str, x: Array, y: Array, first: int | None = None) -> None:
        """Draw, or draw anew, the line of that name; ``x`` rises, and of ``y`` what is not finite is left out.

        From the ``first`` point on it is another than before; where that is not known, it is looked for.
        """
        before = self._curves.get(name)
        if before is not None and first:
            is_whole = before.is_whole and all(map(math.isfinite, y[first:].tolist()))
        else:
            is_whole = bool(np.isfinite(y).all())
        self._curves[name] = _Curve(x, y, is_whole)
        if name in (self._between or ()):
            self._enclose()
        if before is None:
            self.update()
            return
        at = _first_change(before, self._curves[name]) if first is None else first
        ends = [curve.x[-1] for curve in (before, self._curves[name]) if len(curve.x) > at]
        if ends:
            self.grown.emit(float(x[max(0, at - 1)]) if len(x) else self._bounds.left(), float(max(ends)))

    def set_pen(self, name: str, pen: QPen) -> None:
        self._pens[name] = pen
        self.update()

    def fill_between(self, one: str, other: str) -> None:
        """Fill what lies between two lines, from now on."""
        if self._between is None:
            self._between = one, other
            self._enclose()
            self.update()

    def set_brush(self, brush: QBrush) -> None:
        """What is filled, is filled with this."""
        self._brush = brush
        self.update()

    # what the view asks for

    def dataBounds(self, axis: int, frac: float = 1.0, orthoRange: object = None) -> tuple[None, None]:
        """The view does not follow these: the plot sets its range itself."""
        return None, None

    def viewTransformChanged(self) -> None:
        super().viewTransformChanged()
        self.prepareGeometryChange()
        self._bounds = self.viewRect() or QRectF()
        box = self.getViewBox()
        self._pixel = self._bounds.width() / max(1.0, box.width()) if box is not None else 0.0

    def boundingRect(self) -> QRectF:
        """All that is in sight, so that a line that grows does not have the scene arranged anew."""
        return self._bounds

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        if not self._is_left_out:
            exposed = option.exposedRect
            self.draw(painter, exposed.left(), exposed.right())

    @contextmanager
    def left_out(self) -> Iterator[None]:
        """While open, the scene is drawn without these."""
        self._is_left_out = True
        try:
            yield
        finally:
            self._is_left_out = False

    def draw(self, painter: QPainter, left: float, right: float) -> None:
        """Draw what lies between two places; all in the plot's coordinates."""
        # What ends just beyond reaches in by half a pen's width.
        left, right = left - 2 * self._pixel, right + 2 * self._pixel
        if self._area_end >= left:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._brush)
            painter.drawPolygon(self._area)
            painter.setBrush(Qt.BrushStyle.NoBrush)
        for name, curve in self._curves.items():
            first, last = curve.x.searchsorted((left, right)).tolist()
            if first == len(curve.x) or not last:
                continue
            x, y = curve.x[max(0, first - 1) : last + 2], curve.y[max(0, first - 1) : last + 2]
            painter.setPen(self._pens[name])
            if len(curve.x) == 1:
                self._draw_dot(painter, float(x[0]), float(y[0]))
                continue
            if is_slow_to_join(painter):
                draw_wide_line(painter, x, y)
                continue
            for _ in strokes(painter, self._pens[name]):
                if curve.is_whole:
                    painter.drawPolyline(pg.functions.arrayToQPolygonF(x, y))
                else:
                    painter.drawPath(pg.arrayToQPath(x, y, connect="finite"))

    def _draw_dot(self, painter: QPainter, x: float, y: float) -> None:
        """The first epoch's figure: a line of one point would not be seen."""
        if math.isfinite(y):
            pen = QPen(painter.pen())
            pen.setWidthF(_DOT)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            painter.drawPoint(QPointF(x, y))

    def _enclose(self) -> None:
        """Keep what the two lines enclose: along the one and back along the other."""
        one, other = (self._curves[name] for name in self._between or ())
        known, beside = np.isfinite(one.y), np.isfinite(other.y)
        x = np.concatenate((one.x[known], other.x[beside][::-1]))
        y = np.concatenate((one.y[known], other.y[beside][::-1]))
        self._area = pg.functions.arrayToQPolygonF(x, y)
        self._area_end = float(x.max()) if len(x) else -math.inf


def _first_change(before: _Curve, after: _Curve) -> int:
    """Where the first point is another; the end of the shorter line where the longer one goes on from it."""
    common = min(len(before.x), len(after.x))
    differs = (before.x[:common] != after.x[:common]) | ~_same(before.y[:common], after.y[:common])
    place = int(differs.argmax()) if common else 0
    return place if common and differs[place] else common


def _same(one: Array, other: Array) -> Array:
    return (one == other) | (np.isnan(one) & np.isnan(other))
