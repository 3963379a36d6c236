"""A wide line is drawn stroke by stroke where that is faster, and joined where others take the drawing apart."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pyqtgraph as pg
import pytest
from PySide6.QtCore import QBuffer, QIODevice, QPointF
from PySide6.QtGui import QImage, QPainter, QPen, QTransform
from PySide6.QtSvg import QSvgGenerator
from pytestqt.qtbot import QtBot

from workbench.gui.training.own_curves import OwnCurves

X = np.arange(60, dtype=float)
Y = 1 + np.sin(X * X)  # as noisy as a loss
STRETCHED = QTransform(5, 0, 0, -90, 10, 190)


def pen(width: float) -> QPen:
    return pg.mkPen("red", width=width)


def curve(width: float, y: np.ndarray = Y) -> OwnCurves:
    shown = OwnCurves()
    shown.show_curve("training", X, y)
    shown.set_pen("training", pen(width))
    return shown


def picture(density: float) -> QImage:
    image = QImage(round(320 * density), round(200 * density), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(density)
    image.fill("white")
    return image


@pytest.mark.parametrize("density", [1.0, 2.0])
@pytest.mark.parametrize("gap", [None, 20])
def test_a_wide_line_is_its_strokes_from_point_to_point(qtbot: QtBot, density: float, gap: int | None) -> None:
    y = Y.copy()
    if gap is not None:
        y[gap] = np.nan
    drawn, strokes = picture(density), picture(density)
    with QPainter(drawn) as painter:
        painter.setTransform(STRETCHED)
        curve(2 * density, y).draw(painter, 0, 60)
        assert painter.transform() == STRETCHED, "what is drawn next stands where it belongs"
    with QPainter(strokes) as painter:
        painter.setPen(pen(2 * density))
        for one, next_one in pairwise(zip(X, y, strict=True)):
            if np.isfinite((*one, *next_one)).all():
                painter.drawLine(STRETCHED.map(QPointF(*one)), STRETCHED.map(QPointF(*next_one)))
    assert drawn == strokes
    assert drawn != picture(density)


def test_in_a_file_of_lines_a_wide_line_is_one(qtbot: QtBot) -> None:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    with QPainter(generator) as painter:
        painter.setTransform(STRETCHED)
        curve(2).draw(painter, 0, 60)
    assert bytes(buffer.data().data()).count(b"<polyline") == 1
