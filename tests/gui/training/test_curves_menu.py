"""The mouse on the curves: a menu by a right click, all of them by a double click."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from workbench.gui.main_window import MainWindow
from workbench.gui.training.curve_plot import CurvePlot


@pytest.fixture
def plot(trained: Callable[..., MainWindow]) -> CurvePlot:
    window = trained(epochs=2)
    window.workspace.reveal("Curves")
    return window.training.curves.plots[0]


def test_a_right_click_offers_what_can_be_done_with_curves(window: MainWindow, plot: CurvePlot, qtbot: QtBot) -> None:
    qtbot.mouseClick(plot.viewport(), Qt.MouseButton.RightButton, pos=plot.viewport().rect().center())
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert [action.text() for action in menu.actions() if action.text()] == [
        "Whole curves", "Curves on a log scale", "Export the curves …", "Export a report of the run …",
    ]  # fmt: skip
    menu.actions()[1].trigger()
    assert window.training.curves.log_scale.isChecked()
    menu.close()


def test_a_double_click_shows_the_whole_curves(plot: CurvePlot, qtbot: QtBot) -> None:
    box: Any = plot.getPlotItem().getViewBox()
    whole = box.viewRange()
    qtbot.keyClick(plot, Qt.Key.Key_Plus)
    assert box.viewRange() != whole
    for act in (qtbot.mouseClick, qtbot.mouseDClick, qtbot.mouseRelease):  # what Qt makes of two clicks
        act(plot.viewport(), Qt.MouseButton.LeftButton, pos=plot.viewport().rect().center())
    assert box.viewRange() == [pytest.approx(side) for side in whole]
