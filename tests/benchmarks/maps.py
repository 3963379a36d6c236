"""How soon a layer of 2,048 maps shows: from its values to the painted mosaic, and from the click on its card."""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from pathlib import Path

import numpy as np

from tests.benchmarks.measuring import Row

_MAPS = 2048
_SIDES = (7, 14, 28)


def measure(times: int = 15) -> list[Row]:
    """On the display where there is one, else in memory."""
    if not os.environ.get("DISPLAY"):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    rows = [_row(f"{_MAPS:,} maps of {side}×{side} drawn", drawn(_MAPS, side, times), "≤ 100 ms") for side in _SIDES]
    with tempfile.TemporaryDirectory() as home:
        os.environ["WORKBENCH_HOME"] = home
        rows.append(_row("a click on ResNet-50's last stage, to its 2,048 maps", _clicks(times), ""))
    return rows


def drawn(maps: int, side: int, times: int) -> list[float]:
    """Milliseconds from the values to the painted mosaic, which may be rearranged for it."""
    from PySide6.QtWidgets import QApplication

    from workbench.gui.inspection.maps import ActivationMaps
    from workbench.gui.theme import Appearance
    from workbench.inspection import Seen
    from workbench.presets import build

    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    view = ActivationMaps(Appearance(application, "light"))
    view.resize(330, 420)
    view.show()
    view.watch("conv1", build("lenet5"))
    chance = np.random.default_rng(0)
    found = []
    for _ in range(times):
        values = np.maximum(0, chance.normal(size=(maps, side, side))).astype(np.float32)
        view.show_seen(Seen({"conv1": np.zeros((1, 2, 2), np.float32)}))
        application.processEvents()
        began = time.perf_counter()
        view.show_seen(Seen({"conv1": values}))
        view.view.viewport().repaint()
        application.processEvents()
        found.append(1000 * (time.perf_counter() - began))
    view.close()
    view.deleteLater()
    application.processEvents()
    return found


def _clicks(times: int) -> list[float]:
    """In the real window: the network runs the picture for it, in the background."""
    from workbench.gui.app import make_application, open_window
    from workbench.presets import build
    from workbench.project import DataChoice, Project

    application = make_application()
    window = open_window(application)
    maps = window.pages.show_editor() or None

    def until(holds: object) -> None:
        while not holds():  # type: ignore[operator]
            application.processEvents()
            time.sleep(0.001)

    until(lambda: window.engine.is_ready)
    window.files.open_project(Project(build("resnet50"), DataChoice()))
    until(lambda: window.picture.dataset is not None)
    maps = window.inspection.maps
    layers = [node.name for node in window.document.graph.nodes if node.kind == "Conv2d"]
    wide, narrow = layers[-1], layers[0]
    found = []
    for _ in range(times):
        window.document.select([narrow])
        until(lambda: maps.values.shape[0] == 64 and maps.layer == narrow)
        began = time.perf_counter()
        window.document.select([wide])
        until(lambda: maps.layer == wide and len(maps.values) == _MAPS)
        maps.view.viewport().repaint()
        found.append(1000 * (time.perf_counter() - began))
    window.document.saved_as(Path("kept.json"))
    window.close()
    application.processEvents()
    return found


def _row(name: str, values: list[float], goal: str) -> Row:
    ninety_fifth = statistics.quantiles(values, n=20)[-1]
    return Row(name, f"{statistics.median(values):,.1f} ms", f"p95 {ninety_fifth:,.1f} ms", "", goal)
