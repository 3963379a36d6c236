"""The curves as files."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import pytest
from pyqtgraph import AxisItem
from PySide6.QtGui import QImage

from workbench.gui.main_window import MainWindow
from workbench.gui.training.curve_export import export_curves


def test_curves_are_a_picture_a_drawing_and_every_number(trained, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    window: MainWindow = trained(epochs=2)
    series = window.session.series
    for kind in ("png", "svg", "csv"):
        export_curves(window.training.curves, tmp_path / f"curves.{kind}")
    curves = window.training.curves
    plots = [plot.geometry() for plot in curves.plots if not plot.isHidden()]
    picture = QImage(str(tmp_path / "curves.png"))
    # All of the plots and nothing that can only be pressed.
    assert picture.width() == max(p.right() for p in plots) - min(p.left() for p in plots) + 1
    assert picture.height() == max(p.bottom() for p in plots) - min(p.top() for p in plots) + 1
    drawn = ElementTree.parse(tmp_path / "curves.svg").getroot()
    points = Counter(len(line.get("points", "").split()) for line in drawn.iter("{http://www.w3.org/2000/svg}polyline"))
    fonts = {one.get("font-family") for one in drawn.iter() if one.get("font-family")}
    assert fonts, "no words are drawn"
    assert all(font.endswith(", sans-serif") for font in fonts), "elsewhere this machine's font may not be known"
    assert not list(drawn.iter("{http://www.w3.org/2000/svg}image")), "the axes, too, are words and lines"
    millimetres = float(drawn.get("width", "").removesuffix("mm"))
    assert millimetres == pytest.approx(picture.width() / curves.logicalDpiX() * 25.4, abs=0.1), "as large as on screen"
    assert all(axis.cacheMode() == axis.CacheMode.DeviceCoordinateCache for axis in _axes(window))
    plots = [plot for plot in window.training.curves.plots if plot.isVisible()]
    assert Counter(len(x) for plot in plots for x, _ in plot.lines.values()) <= points
    with (tmp_path / "curves.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == series.count
    assert [float(row["data_loss"]) for row in rows] == pytest.approx(series.column("data_loss").tolist())
    ends = [row for row in rows if row["epoch"]]
    assert [float(row["validation_loss"]) for row in ends] == [e.validation_loss for e in series.epochs]
    with pytest.raises(OSError, match="choose one of these endings"):
        export_curves(window.training.curves, tmp_path / "curves.bmp")


def _axes(window: MainWindow) -> list[AxisItem]:
    return [plot.getPlotItem().getAxis(side) for plot in window.training.curves.plots for side in ("left", "bottom")]
