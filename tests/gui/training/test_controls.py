"""How far a training is, and on what it computes."""

from __future__ import annotations

import math
import re

import pytest
import torch
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from workbench.gui.document import Document
from workbench.gui.main_window import MainWindow
from workbench.gui.settings import Settings
from workbench.gui.theme import Appearance
from workbench.gui.training.controls import DeviceChoice
from workbench.gui.training.gap_gauge import GapGauge


def test_the_line_below_tells_pace_time_left_memory_and_gap(window: MainWindow, qtbot: QtBot) -> None:
    window.document.set_recipe(window.document.recipe.changed(epochs=100), "for the test")
    window.training.train()
    qtbot.waitUntil(lambda: len(window.session.series.epochs) >= 2, timeout=60_000)
    window.training.pause_or_go_on()
    qtbot.waitUntil(lambda: window.session.state == "paused", timeout=20_000)
    window.training.one_epoch()
    qtbot.waitUntil(lambda: "images/s" in window.status.text, timeout=20_000)
    last = window.session.series.epochs[-1]
    for words in ("of 100", "images/s", "left", f"validation {last.validation_accuracy:.1%}", "gap "):
        assert words in window.status.text
    assert re.search(r"\d [MG]B", window.status.text)
    gap = last.validation_loss - last.train_loss_eval
    assert window.status.gauge.heat == pytest.approx(min(1.0, max(0.0, gap / (0.25 * math.log(10)))), abs=0.05)
    window.session.stop()
    qtbot.waitUntil(lambda: window.session.state == "idle", timeout=20_000)
    assert window.status.text.startswith("Ended")


def test_the_gauge_runs_from_cool_to_hot(qtbot: QtBot, appearance: Appearance) -> None:
    gauge = GapGauge(appearance)
    qtbot.addWidget(gauge)
    gauge.show_gap(-0.1, 10)
    assert gauge.heat == 0
    assert gauge._colour().name() == appearance.theme.good
    gauge.show_gap(10.0, 10)
    assert gauge.heat == 1
    assert gauge._colour().name() == appearance.theme.error
    gauge.show_gap(math.nan, 10)
    assert gauge.isHidden()


def test_devices_are_those_that_are_there(qtbot: QtBot, document: Document) -> None:
    choice = DeviceChoice(document)
    qtbot.addWidget(choice)
    choice.find_devices()
    offered = [choice.itemData(place) for place in range(choice.count())]
    gpus = [f"cuda:{number}" for number in range(torch.cuda.device_count())]
    mps = ["mps"] if torch.backends.mps.is_available() else []
    assert offered == ["auto", "cpu", *gpus, *mps]
    choice.activated.emit(offered.index("cpu"))
    assert document.recipe.device == "cpu"
    document.undo()
    assert document.recipe.device == "auto"
    elsewhere = "cuda:7"
    document.set_recipe(document.recipe.changed(device=elsewhere), "from another machine")
    assert choice.currentText() == "cuda:7 (not here)"
    document.undo()
    assert choice.count() == len(offered), "what is not here does not stay in the list"
    assert choice.currentText().startswith("Automatic: ")


def test_a_single_batch_and_an_epoch_can_begin_a_training(window: MainWindow, qtbot: QtBot) -> None:
    session = window.session
    assert window.actions_table["one_step"].isEnabled()
    window.actions_table["one_step"].trigger()
    qtbot.waitUntil(lambda: session.state == "paused", timeout=60_000)
    assert session.series.count == 1
    window.actions_table["one_step"].trigger()
    qtbot.waitUntil(lambda: session.series.count == 2 and session.state == "paused", timeout=20_000)
    window.actions_table["one_epoch"].trigger()
    qtbot.waitUntil(lambda: len(session.series.epochs) == 1 and session.state == "paused", timeout=20_000)
    assert session.series.count == session.started.steps_per_epoch
    window.actions_table["stop"].trigger()
    qtbot.waitUntil(lambda: session.state == "idle", timeout=20_000)


def test_the_line_below_says_when_all_is_ready(qtbot: QtBot, appearance: Appearance) -> None:
    window = MainWindow(appearance, Settings())
    assert window.status.text == "Loading PyTorch …"
    window.engine.ready.emit()
    assert window.status.text == "Ready"
    window.engine.failed.emit("OSError: libtorch_cpu.so")
    assert window.status.text == "PyTorch could not be loaded"
    window.close()
    window.deleteLater()


def test_a_click_on_the_number_of_problems_leads_to_them(window: MainWindow, qtbot: QtBot) -> None:
    window.workspace.reveal("Curves")
    (number,) = [b for b in window.findChildren(QToolButton) if b.accessibleName() == "Number of problems"]
    assert number.text() == "no problems"
    qtbot.mouseClick(number, Qt.MouseButton.LeftButton)
    assert window.workspace.is_open("Problems")
    assert window.problems.isVisible()
