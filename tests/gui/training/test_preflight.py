"""The pre-flight panel with its real examinations."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from workbench.gui.editor import commands
from workbench.gui.main_window import MainWindow


def test_it_examines_and_a_rate_is_taken_over(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    before = window.document.project
    window.actions_table["preflight"].trigger()
    panel = window.training.preflight
    assert panel.running
    qtbot.waitUntil(lambda: not panel.running, timeout=120_000)
    assert panel.state.startswith("Done")
    assert len(panel.reports) == 4
    assert "which fits" in panel.memory.text()
    assert "10 classes" in panel.labels.text()
    assert panel.heart.text() == panel.reports[2].sentence
    assert panel.use_batch.isHidden()
    assert window.document.project == before
    panel.chosen.setValue(-2.0)
    assert panel.use_rate.text() == "Use 0.01"
    panel.range_plot.setFocus()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left):
        qtbot.keyClick(panel.range_plot, key)
    assert panel.use_rate.text() == "Use 0.011"
    qtbot.keyClick(panel.range_plot, Qt.Key.Key_Left)
    qtbot.mouseClick(panel.use_rate, Qt.MouseButton.LeftButton)
    assert window.document.recipe.learning_rate == pytest.approx(0.01)
    window.document.undo()
    assert window.document.project == before


def test_it_stops_when_it_is_told_to(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    panel = window.training.preflight
    window.training.examine()
    qtbot.waitUntil(lambda: len(panel._heart) > 2, timeout=60_000)
    qtbot.mouseClick(panel.start, Qt.MouseButton.LeftButton)
    assert panel.state == "Stopped."
    qtbot.waitUntil(lambda: not panel._background.busy, timeout=20_000)
    assert len(panel.reports) < 4


def test_a_training_that_runs_is_not_disturbed(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    window.document.set_recipe(window.document.recipe.changed(epochs=200), "for the test")
    window.training.train()
    qtbot.waitUntil(lambda: window.session.state == "running", timeout=60_000)
    window.training.examine()
    assert "stop it first" in window.training.preflight.state
    window.session.stop()
    qtbot.waitUntil(lambda: window.session.state == "idle", timeout=20_000)


def test_what_was_found_of_another_network_is_not_told_of_this_one(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    panel = window.training.preflight
    untried = [label.text() for label in panel.findChildren(QLabel)]
    window.training.examine()
    qtbot.waitUntil(lambda: not panel.running, timeout=120_000)
    done = panel.state
    commands.set_argument(window.document, ["conv1"], "out_channels", 8)
    assert panel.state == "The network or its images have changed since: examine them again."
    window.document.undo()
    assert panel.state == done
    window.files.open_preset("alexnet")
    assert [label.text() for label in panel.findChildren(QLabel)] == untried
    assert not panel.use_rate.isVisibleTo(panel)
    assert not panel.reports
