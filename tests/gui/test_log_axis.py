"""The figures at an axis with a log scale."""

from __future__ import annotations

import math

import numpy as np
import pytest
from PySide6.QtGui import QFontMetricsF, QPainter, QPicture
from PySide6.QtWidgets import QWidget

from workbench.gui.log_axis import LogAxis
from workbench.gui.theme import LIGHT
from workbench.gui.training.curve_plot import CurvePlot


@pytest.mark.parametrize(
    ("low", "high", "wanted"),
    [
        (0.006, 0.3, {"0.01", "0.02", "0.05", "0.1", "0.2"}),
        (0.21, 0.8, {"0.5"}),
        (0.6, 980, {"1", "10¹", "10²"}),
        (1e-7, 1, {"0.01", "0.0001"}),
    ],
)
def test_figures_of_a_log_scale_leave_room_for_each_other(qapp, low: float, high: float, wanted: set[str]) -> None:  # type: ignore[no-untyped-def]
    axis = LogAxis("left")
    axis.setLogMode(False, True)
    ticks = axis.tickValues(math.log10(low), math.log10(high), 200)
    told = {text for spacing, values in ticks for text in axis.tickStrings(values, 1.0, spacing) if text}
    assert wanted <= told
    assert len(told) <= 9
    assert {"0.3", "0.06", "0.007"}.isdisjoint(told)


def test_long_figures_of_a_loss_that_diverged_are_written_short(qapp) -> None:  # type: ignore[no-untyped-def]
    axis = LogAxis("left")
    axis.enableAutoSIPrefix(False)
    assert axis.tickStrings([0.0, 2e5, 8e5], 1.0, 2e5) == ["0", "2e5", "8e5"]
    assert axis.tickStrings([0.0, 2500.0, 12500.0], 1.0, 2500.0) == ["0", "2.5e3", "1.25e4"]


@pytest.mark.parametrize(
    ("low", "high", "told"), [(0.0291, 0.0299, ".0295"), (4e-4, 6e-4, ".0005"), (2e-5, 5e-5, "4e-05")]
)
def test_figures_of_a_learning_rate_leave_the_title_free(qtbot, low: float, high: float, told: str) -> None:  # type: ignore[no-untyped-def]
    holder = QWidget()  # a plot that is closed twice complains
    qtbot.addWidget(holder)
    plot = CurvePlot("rate", slim=True)
    plot.setParent(holder)
    plot.set_theme(LIGHT)
    plot.resize(400, 58)
    holder.show()
    plot.line("learning rate", np.arange(50.0), np.linspace(high, low, 50), "training")
    plot.settle()
    plot.grab()
    axis = plot.getPlotItem().getAxis("left")
    picture = QPicture()
    painter = QPainter(picture)
    _, _, figures = axis.generateDrawSpecs(painter)
    painter.end()
    assert told in [text for _, _, text in figures]
    title = axis.label.mapRectToParent(axis.label.boundingRect())
    below = QFontMetricsF(axis.label.font()).descent()  # where no letter of "rate" reaches
    assert min(rect.left() for rect, _, _ in figures) >= title.right() - axis.label.document().documentMargin() - below
