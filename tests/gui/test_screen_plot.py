"""Lines of plots are as wide on a dense screen as on another, and follow their window from screen to screen."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

_SCREENS = [
    {"name": name, "x": x, "y": 0, "width": 800, "height": 600, "logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}
    for name, x in (("plain", 0), ("dense", 800))
]

_ASK = """
import numpy as np
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget
application = QApplication([])
from workbench.gui.plain_plot import plain_plot
from workbench.gui.theme import LIGHT
from workbench.gui.training.curve_plot import CurvePlot
window, curves, plot = QWidget(), CurvePlot("loss"), plain_plot("a lab's plot")
layout = QHBoxLayout(window)
layout.addWidget(curves)
layout.addWidget(plot)
window.resize(600, 300)
curves.set_theme(LIGHT)
curves.uprights.look_at({2.0: ""})
steps = np.arange(4.0)
curves.line("training", steps, steps, "training")
curves.line("training, eval mode", steps, steps + 1, "eval")
line = plot.plot(steps, steps)
plot.draw_with(line, "red", 1.5)
window.show()
screens = {screen.name(): screen for screen in application.screens()}
for name in ("plain", "dense", "plain"):
    window.windowHandle().setScreen(screens[name])
    for _ in range(5):
        application.processEvents()
    told = [pen.widthF() for pen in curves._own_curves._pens.values()]
    told += [sample.opts["pen"].widthF() for sample in curves._samples.values()]
    told += [curves.uprights._cursors[0].pen.widthF(), line.opts["pen"].widthF()]
    print(*told)
"""


def _asked(script: str, platform: str, **environment: str) -> list[list[float]]:
    told = subprocess.run(
        [sys.executable, "-c", script],
        env=os.environ | environment | {"QT_QPA_PLATFORM": platform},
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    return [[float(value) for value in line.split()] for line in told.stdout.splitlines()]


def test_lines_follow_their_window_to_a_screen_of_another_density(tmp_path: Path) -> None:
    (tmp_path / "screens.json").write_text(json.dumps({"screens": _SCREENS}))
    platform = f"offscreen:configfile={tmp_path / 'screens.json'}"
    found = _asked(_ASK, platform, QT_SCREEN_SCALE_FACTORS="plain=1;dense=2")
    once = [2.0, 1.0, 2.0, 1.0, 1.5, 1.5]
    assert found == [once, [2 * width for width in once], once]


_THICKNESS = """
import numpy as np
from PySide6.QtWidgets import QApplication
application = QApplication([])
from workbench.gui.theme import LIGHT
from workbench.gui.training.curve_plot import CurvePlot
plot = CurvePlot("loss")
plot.resize(400, 300)
plot.set_theme(LIGHT)
plot.show()
steps = np.arange(100.0)
plot.line("raw", steps, np.full(100, 1.13), "raw")
plot.show_others([("other", steps, np.full(100, 1.87), "other", 0)])
plot.reach(99, is_growing=False)
plot.settle()
application.processEvents()
picture = plot.grab().toImage()
picture.convertTo(picture.Format.Format_RGB32)
seen = np.frombuffer(picture.constBits(), np.uint32).reshape(picture.height(), picture.width()) & 0xFFFFFF
from workbench.gui.training.curve_pens import curve_pen
for kind in ("raw", "other"):
    colour = curve_pen(kind, 0, LIGHT).color().rgb() & 0xFFFFFF
    print((seen[:, int(0.6 * picture.width())] == colour).sum())
"""


@pytest.mark.parametrize("scale", [1, 2])
def test_the_thinnest_lines_are_as_thick_on_a_dense_screen(scale: int) -> None:
    found = _asked(_THICKNESS, "offscreen", QT_SCALE_FACTOR=str(scale))
    assert np.ravel(found).tolist() == [scale, scale]


_KEPT = """
from PySide6.QtWidgets import QApplication
application = QApplication([])
import pyqtgraph as pg
from workbench.gui.log_axis import LogAxis
from workbench.gui.theme import LIGHT
from workbench.gui.training.curve_plot import CurvePlot
painted = []
def paint(axis, *how):
    painted.append(axis)
    pg.AxisItem.paint(axis, *how)
LogAxis.paint = paint
plots = [CurvePlot("loss"), CurvePlot("accuracy")]
for plot in plots:
    plot.resize(900, 800)
    plot.set_theme(LIGHT)
    plot.show()
    plot.reach(99, is_growing=False)
for move in range(6):
    if move == 3:
        painted.clear()
    for plot in plots:
        plot.getPlotItem().getViewBox().translateBy(x=1)
    application.processEvents()
    for plot in plots:
        plot.repaint()
lefts = [plot.getPlotItem().getAxis("left") for plot in plots]
print(sum(axis in lefts for axis in painted))
"""


def test_the_axis_of_values_is_not_drawn_anew_where_a_large_dense_plot_is_moved_along_its_steps() -> None:
    assert _asked(_KEPT, "offscreen", QT_SCALE_FACTOR="2") == [[0.0]]
