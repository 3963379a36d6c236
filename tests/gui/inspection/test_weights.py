"""Filters and histograms, live."""

from __future__ import annotations

import numpy as np

from workbench.gui.main_window import MainWindow


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
