"""Lines of plots are as wide on a dense screen as on another."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

_ASK = """
from PySide6.QtWidgets import QApplication
application = QApplication([])
from workbench.gui.theme import LIGHT
from workbench.gui.training.curve_pens import curve_pen
print(curve_pen("training", 0, LIGHT).widthF(), curve_pen("eval", 0, LIGHT).widthF())
"""


@pytest.mark.parametrize(("scale", "wanted"), [("1", [2.0, 1.0]), ("2", [4.0, 2.0])])
def test_a_line_has_the_pixels_of_its_screen(scale: str, wanted: list[float]) -> None:
    environment = os.environ | {"QT_SCALE_FACTOR": scale, "QT_QPA_PLATFORM": "offscreen"}
    told = subprocess.run(
        [sys.executable, "-c", _ASK], env=environment, capture_output=True, text=True, timeout=60, check=True
    )
    assert [float(width) for width in told.stdout.split()] == wanted
