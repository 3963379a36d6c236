"""Figures of axes never touch, and there are always enough of them."""

from __future__ import annotations

import itertools
import math

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPicture
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from workbench.gui.log_axis import LogAxis
from workbench.gui.roomy_axis import WholeAxis
from workbench.gui.screen_plot import ScreenPlot
from workbench.gui.theme import LIGHT


@pytest.mark.parametrize("width", [110, 160, 240, 900])
@pytest.mark.parametrize(("low", "high"), [(1, 1e3), (1e-6, 1.0), (0.02, 300.0), (1e-30, 1.0)])
def test_powers_of_ten_stand_clear_of_each_other_too(
    qtbot: QtBot, qapp: QApplication, width: int, low: float, high: float
) -> None:
    axes = {side: LogAxis(side) for side in ("left", "bottom")}
    holder = QWidget()
    qtbot.addWidget(holder)
    plot = ScreenPlot(axisItems=axes)
    plot.setParent(holder)
    plot.dress(LIGHT)
    plot.resize(width, 120)
    plot.setLogMode(x=True, y=False)
    plot.setXRange(math.log10(low), math.log10(high), padding=0.01)
    holder.show()
    for _ in range(3):
        plot.grab()
        qapp.processEvents()
    # A power of ten is written by both sizes of ticks, at one place.
    at = {round(rect.center().x()): (text, rect) for text, rect in figures(axes["bottom"]) if text}
    found = [at[place] for place in sorted(at)]
    for (_, one), (_, other) in itertools.pairwise(found):
        assert other.left() - one.right() >= 2, [text for text, _ in found]
    if width >= 240:
        assert len(found) >= 2


def figures(axis: WholeAxis | LogAxis) -> list[tuple[str, QRectF]]:
    picture = QPicture()
    painter = QPainter(picture)
    _, _, told = axis.generateDrawSpecs(painter)
    painter.end()
    return [(text, rect) for rect, _, text in told]


@pytest.mark.parametrize("size", [(120, 90), (160, 130), (354, 200), (1400, 700)])
@pytest.mark.parametrize("high", [0.0004, 0.1, 0.9, 2.31, 600.0, 1200.0, 45_000.0, 1_234_567.0])
@pytest.mark.parametrize("low", [0.0, 0.8])
def test_figures_stand_clear_of_each_other(
    qtbot: QtBot, qapp: QApplication, size: tuple[int, int], high: float, low: float
) -> None:
    axes = {"left": LogAxis("left"), "bottom": WholeAxis("bottom")}
    axes["bottom"].setStyle(hideOverlappingLabels=8)
    holder = QWidget()  # a plot that is closed twice complains
    qtbot.addWidget(holder)
    plot = ScreenPlot(axisItems=axes)
    plot.setParent(holder)
    plot.dress(LIGHT)
    plot.showGrid(y=True)
    plot.resize(*size)
    steps = max(20.0, high)
    plot.setXRange(low * steps, steps, padding=0.01)
    plot.setYRange(low * high, high, padding=0.06)
    holder.show()
    for _ in range(3):  # the axis becomes as wide as its figures
        plot.grab()
        qapp.processEvents()
    for side, axis in axes.items():
        found = figures(axis)
        assert len(found) >= (2 if size[0] >= 350 else 0), "one figure alone is no scale"
        ordered = sorted((rect.left(), rect) if side == "bottom" else (rect.top(), rect) for _, rect in found)
        for (_, one), (_, other) in itertools.pairwise(ordered):
            apart = other.left() - one.right() if side == "bottom" else other.top() - one.bottom()
            assert apart >= (4 if side == "bottom" else 0), found
