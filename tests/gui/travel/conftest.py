"""Runs of four epochs, and the window with one of them open."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbench.graph import Builder
from workbench.gui.main_window import MainWindow
from workbench.project import DataChoice, Project, Recipe
from workbench.runs import start
from workbench.training import Watch, probe


def small() -> Project:
    """A network that trains for four epochs in a moment."""
    builder = Builder((1, 8, 8))
    builder.add("conv", "Conv2d", out_channels=6, kernel_size=3)
    builder.add("relu", "ReLU")
    builder.add("flatten", "Flatten")
    builder.add("fc", "Linear", out_features=10)
    recipe = Recipe(epochs=4, batch_size=32, learning_rate=0.05)
    return Project(builder.build("small"), DataChoice(subset=300), recipe)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of four epochs, as the command line makes it."""
    directory = tmp_path_factory.mktemp("runs") / "0001-small"
    for _ in start(small(), directory):
        pass
    return directory


@pytest.fixture
def opened(window: MainWindow, finished: Path, qtbot) -> MainWindow:  # type: ignore[no-untyped-def]
    """The window with that run's network opened from the list of runs."""
    window.training.open_run(finished)
    qtbot.waitUntil(lambda: window.travel.has_epochs, timeout=30_000)
    qtbot.waitUntil(lambda: "conv" in (window.inspection.maps.layer, ""), timeout=10_000)
    return window


@pytest.fixture(scope="module")
def examined(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of four epochs whose layers were measured at every step, as ``workbench train --health`` does."""
    directory = tmp_path_factory.mktemp("runs") / "0001-examined"
    before = probe._SLOW_SECONDS
    probe._SLOW_SECONDS = 0.0
    try:
        for _ in start(small(), directory, probe=Watch(health=1e6)):
            pass
    finally:
        probe._SLOW_SECONDS = before
    return directory
