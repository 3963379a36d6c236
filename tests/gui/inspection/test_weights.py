"""Filters and histograms, live."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from workbench.gui.inspection.weights import Histograms
from workbench.gui.main_window import MainWindow
from workbench.gui.theme import Appearance
from workbench.inspection import Spread


def test_filters_and_histograms_follow_the_training(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    window.workspace.reveal("Weights")
    panel = window.inspection.weights
    window.document.set_recipe(window.document.recipe.changed(epochs=60), "for the test")
    qtbot.waitUntil(lambda: panel.filters.picture is not None, timeout=30_000)
    untrained = panel.filters.picture.weight
    window.training.train()
    window.workspace.reveal("Weights")
    qtbot.waitUntil(
        lambda: window.session.probe is not None and bool(window.session.probe.seen.filters), timeout=60_000
    )
    qtbot.waitUntil(lambda: not np.array_equal(panel.filters.picture.weight, untrained), timeout=60_000)
    first = panel.filters.picture.weight
    qtbot.waitUntil(lambda: not np.array_equal(panel.filters.picture.weight, first), timeout=60_000)
    assert panel.histograms.layers == ["conv1", "conv2", "fc1", "fc2", "fc3"]
    window.session.stop()
    qtbot.waitUntil(lambda: window.session.state == "idle", timeout=20_000)


@pytest.mark.parametrize("width", [120, 170, 260, 420])
def test_a_layers_curve_is_seen_however_narrow_the_panel(appearance: Appearance, qtbot, width: int) -> None:  # type: ignore[no-untyped-def]
    histograms = Histograms(appearance)
    qtbot.addWidget(histograms)
    spread = Spread(np.full(16, 5, np.int64), -0.0123, 0.4567)
    histograms.show_spreads({f"layer{number}": spread for number in range(3)})
    width = max(width, histograms.minimumSizeHint().width())
    histograms.resize(width, histograms.heightForWidth(width))
    picture = histograms.grab().toImage()
    places = itertools.product(range(width), range(picture.height()))
    inked = [place for place in places if picture.pixelColor(*place).hsvSaturation() > 100]  # words are grey
    across = {x for x, _ in inked}
    assert max(across) - min(across) >= 0.9 * min(histograms._LEAST_CURVE, width)
    tops = np.diff(sorted({y for _, y in inked}))
    assert (tops > 8).sum() >= 2, "a curve for each of the three layers, apart from each other"


def test_weights_are_copied_only_while_somebody_looks(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    window.workspace.reveal("Curves")
    qtbot.waitUntil(lambda: not window.workspace.is_seen("Weights"), timeout=5_000)
    window.training.train()
    qtbot.waitUntil(lambda: window.session.probe is not None, timeout=60_000)
    assert window.session.watch.wishes.filters == ()
    assert not window.session.watch.wishes.spreads
    window.workspace.reveal("Weights")
    qtbot.waitUntil(
        lambda: bool(window.session.probe.seen.filters and window.session.probe.seen.spreads), timeout=60_000
    )
    window.session.stop()
    qtbot.waitUntil(lambda: window.session.state == "idle", timeout=20_000)
