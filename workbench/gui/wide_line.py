"""A wide line of many points, drawn as strokes from point to point: Qt is slow to join them."""

from __future__ import annotations

from typing import Any

import numpy as np
from pyqtgraph.graphicsItems.PlotCurveItem import arrayToLineSegments
from PySide6.QtGui import QPaintEngine, QPainter, QTransform

Array = np.ndarray[Any, Any]


def draw_wide_line(painter: QPainter, x: Array, y: Array) -> None:
    """With the painter's pen, which has to be opaque: two strokes lie over each other at each point.

    ``x`` and ``y`` are ``(points,)`` in the painter's coordinates, which may be moved and stretched. A loss of 400
    points takes 0.09 ms on a dense screen instead of 1.3 ms joined; the more it swings, the more is saved. Strokes are
    placed before they are drawn: where a unit is longer across than upwards, Qt takes its slow way.
    """
    where = painter.transform()
    strokes = arrayToLineSegments(
        x * where.m11() + where.dx(), y * where.m22() + where.dy(), "finite", finiteCheck=False
    )
    painter.setTransform(QTransform())
    if len(strokes):
        painter.drawLines(*strokes.drawargs())
    painter.setTransform(where)


def is_slow_to_join(painter: QPainter) -> bool:
    """Whether a line drawn with this pen is better drawn stroke by stroke: on the screen, not for a file of lines that
    others take apart."""
    return painter.pen().widthF() > 1 and painter.paintEngine().type() == QPaintEngine.Type.Raster
