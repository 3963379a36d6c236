"""Filters and histograms, live."""

from __future__ import annotations

import numpy as np

from workbench.gui.inspection.weights import filter_sheet
from workbench.gui.main_window import MainWindow
from workbench.gui.pixels import NOTHING


def test_colour_filters_are_pictures_and_others_slices_with_zero_in_the_middle() -> None:
    filters = np.zeros((4, 3, 5, 5), np.float32)
    filters[0, 0] = 2.0
    filters[1, 2] = -2.0
    sheet, count = filter_sheet(filters, 2)
    assert (count, sheet.shape) == (4, (3, 12, 12))
    assert sheet[0, 0, 0] == 254
    assert sheet[2, 0, 6] == 0
    assert sheet[1, 0, 0] == 127
    sheet, count = filter_sheet(np.ones((5, 2, 3, 3), np.float32), 4)
    assert (count, sheet.shape) == (10, (1, 12, 16))
    assert (sheet == NOTHING).any(), "places without a slice are clear"


def test_weights_follow_the_training(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    window.workspace.reveal("Weights")
    panel = window.weights_panel
    window.document.set_recipe(window.document.recipe.changed(epochs=60), "for the test")
    qtbot.waitUntil(lambda: panel.filters.shown is not None, timeout=30_000)
    untrained = panel.filters.shown.copy()
    window.train()
    qtbot.waitUntil(lambda: window.session.state == "idle" or panel.filters.shown != untrained, timeout=60_000)
    assert panel.filters.shown != untrained
    assert panel.histograms.layers == ["conv1", "conv2", "fc1", "fc2", "fc3"]
    assert "conv1: 6 filters of 1×5×5" in panel.title
    window.session.stop()
    qtbot.waitUntil(lambda: window.session.state == "idle", timeout=20_000)
