"""Curves that grow over a picture of what stands still: to be seen is what would be drawn anew."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from workbench.gui.theme import DARK, LIGHT
from workbench.gui.training.curve_plot import CurvePlot

STEPS = 4000
X = np.arange(STEPS, dtype=float)
Y = 2 * np.exp(-X / 900) + 0.3 + 0.1 * np.sin(X / 7)


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(700, 320)
    return window


@pytest.fixture
def plot(window: QWidget) -> CurvePlot:
    shown = CurvePlot("loss")
    shown.setParent(window)
    shown.set_theme(LIGHT)
    shown.resize(560, 320)
    window.show()
    shown.reach(STEPS)
    grow(shown, 1000)
    shown.settle()
    painted()
    return shown


def grow(plot: CurvePlot, upto: int, first: int = 0) -> None:
    plot.line("raw", X[:upto], Y[:upto], "raw", 0, first)
    plot.line("training", X[:upto], 0.9 * Y[:upto], "training", 1, first)


def painted() -> None:
    """Qt waits some milliseconds for more to paint."""
    QTest.qWait(15)


def seen(plot: CurvePlot) -> QImage:
    """What stands on the screen: nothing is painted anew for it."""
    painted()
    painted()  # what one painting has had to be painted
    return plot.screen().grabWindow(plot.window().winId()).toImage()


def drawn_anew(plot: CurvePlot) -> QImage:
    """All of it without what was kept."""
    plot._forget_still()
    plot.viewport().update()
    return seen(plot)


def steadily(plot: CurvePlot, begin: int, end: int, by: int = 25) -> None:
    for upto in range(begin, end, by):
        grow(plot, upto + by, upto)
        painted()


def test_a_growing_curve_is_drawn_over_what_stands_still(plot: CurvePlot) -> None:
    before = seen(plot)
    steadily(plot, 1000, 2000)
    assert plot._still is not None, "a picture is kept"
    after = seen(plot)
    assert after != before
    assert after == drawn_anew(plot)


@pytest.mark.parametrize(
    "change",
    [
        lambda plot: plot.uprights.mark("best", 1500.0, "best: epoch 3"),
        lambda plot: plot.uprights.ticks([200, 900, 1600]),
        lambda plot: plot.uprights.look_at({1100.0: "epoch 2"}),
        lambda plot: plot.cross(1200.0, 1.0, "step 1200\nloss 1.0"),
        lambda plot: plot.cross(1200.0),
        lambda plot: plot.set_theme(DARK),
        lambda plot: plot.resize(700, 260),
        lambda plot: plot.setYRange(0, 5, padding=0),
        lambda plot: plot.setXRange(800, 1700, padding=0),
        lambda plot: plot.show_others([("before", X[::40], 1.2 * Y[::40], "other", 1)]),
        lambda plot: plot.line("validation", X[:1500:300], 1.1 * Y[:1500:300], "validation", 2),
        lambda plot: (plot.set_log(True), grow(plot, 1400)),
    ],
    ids=["mark", "ticks", "cursor", "crosshair", "hair", "theme", "size", "height", "zoom", "others", "line", "log"],
)
def test_what_changes_besides_is_seen(plot: CurvePlot, change: Callable[[CurvePlot], object]) -> None:
    steadily(plot, 1000, 1400)
    assert plot._still is not None
    before = seen(plot)
    change(plot)
    after = seen(plot)
    assert after != before
    steadily(plot, 1400, 1600)
    assert seen(plot) == drawn_anew(plot)


def test_a_picture_that_has_served_is_made_anew_at_once(plot: CurvePlot) -> None:
    plot.uprights.mark("best", 900.0, "best: epoch 1")
    steadily(plot, 1000, 1400)
    first = plot._still
    plot.uprights.mark("best", 1200.0, "best: epoch 2")
    painted()
    assert plot._still is not None
    assert plot._still is not first
    assert seen(plot) == drawn_anew(plot)


def test_nothing_is_left_of_what_moved_before_a_picture_was_made(plot: CurvePlot) -> None:
    plot.uprights.mark("best", 900.0, "best: epoch 1")
    grow(plot, 1050, 1000)
    painted()
    plot.uprights.mark("best", 1200.0, "best: epoch 2")
    for upto in range(1100, 1300, 50):
        grow(plot, upto, upto - 50)
    assert plot._still is not None, "it was made before the mark's old place was painted"
    assert seen(plot) == drawn_anew(plot)


def test_none_is_made_for_every_step_of_a_change_that_goes_on(plot: CurvePlot) -> None:
    steadily(plot, 1000, 1400)
    for top in (4, 5, 6):
        plot.setYRange(0, top, padding=0)
        painted()
    assert plot._still is None
    steadily(plot, 1400, 1800)
    assert plot._still is not None


def test_the_first_epoch_is_a_dot_and_the_second_makes_it_a_line(plot: CurvePlot) -> None:
    plot.line("validation", X[300:301], np.array([np.nan]), "validation", 2)
    before = seen(plot)  # its name stands in the legend
    plot.line("validation", X[300:301], Y[300:301], "validation", 2)
    one = seen(plot)
    assert one != before, "a line of one point would not be seen"
    plot.line("validation", X[300:601:300], Y[300:601:300], "validation", 2)
    assert seen(plot) not in (before, one)
    assert seen(plot) == drawn_anew(plot)


def test_words_before_the_curves_stay_before_them(plot: CurvePlot) -> None:
    steadily(plot, 1000, 1400)
    assert not plot.lies_below
    plot.cross(1400.0, 1.0, "step 1400\nloss 1.0\nvalidation 2.0")
    steadily(plot, 1400, 1800)
    assert plot.lies_below
    assert seen(plot) == drawn_anew(plot)


def test_curves_out_of_sight_are_not_drawn_over_the_axes(plot: CurvePlot) -> None:
    plot.setYRange(0.5, 0.6, padding=0)
    steadily(plot, 1000, 1600)
    assert plot._still is not None
    plot.viewport().update()
    assert seen(plot) == drawn_anew(plot)
