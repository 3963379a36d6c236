"""The curves for others: as a picture, as a drawing, and as every number that is kept."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QRect, QRectF
from PySide6.QtGui import QPainter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QGraphicsItem

from workbench.gui.pixels import png
from workbench.gui.training.curve_plot import CurvePlot
from workbench.gui.training.curves import CurvesView
from workbench.gui.training.series import COLUMNS, Series
from workbench.project import write_atomically

_Cache = QGraphicsItem.CacheMode

_EPOCH_COLUMNS = (
    "epoch", "train_loss", "train_accuracy", "train_loss_eval", "train_accuracy_eval", "validation_loss",
    "validation_accuracy", "validation_top5", "seconds", "images_per_second",
)  # fmt: skip


def export_curves(view: CurvesView, path: Path) -> None:
    """Write the file that the name's ending asks for: .png, .svg or .csv. Raises `OSError` or `WriteError`."""
    kind = path.suffix.lower()
    if kind == ".csv":
        content = table(view.series).encode()
    elif kind == ".svg":
        content = drawing(view)
    elif kind == ".png":
        content = picture(view)
    else:
        raise OSError(f"{path.name}: curves are written as .png, .svg or .csv; choose one of these endings")
    write_atomically(path, content)


def table(series: Series) -> str:
    """Every step as a row; an epoch's figures stand in the row of its last step."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*COLUMNS, *_EPOCH_COLUMNS])
    ends = {epoch.step: epoch for epoch in series.epochs}
    columns = [series.column(name).tolist() for name in COLUMNS]
    for row in zip(*columns, strict=False):
        epoch = ends.get(int(row[0]))
        figures = [getattr(epoch, name) for name in _EPOCH_COLUMNS] if epoch is not None else [""] * len(_EPOCH_COLUMNS)
        writer.writerow([int(row[0]), *(f"{value:.9g}" for value in row[1:]), *figures])
    return text.getvalue()


def picture(view: CurvesView) -> bytes:
    """The plots as they stand, as PNG."""
    return png(view.grab(_area(view)))


def drawing(view: CurvesView) -> bytes:
    """The plots as they stand, as SVG through Qt's own generator: pyqtgraph's exporter fails on these."""
    area = _area(view)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setResolution(view.logicalDpiX())  # or the axes, which are recorded for the screen, are drawn smaller
    generator.setSize(area.size())
    generator.setViewBox(QRect(0, 0, area.width(), area.height()))
    generator.setTitle("Curves of a training")
    painter = QPainter(generator)
    for plot in _shown(view):
        place = QRectF(plot.geometry().translated(-area.topLeft()))
        with _drawn_anew(plot):
            plot.scene().render(painter, place, plot.sceneRect())
    painter.end()
    buffer.close()
    # This machine's font may not be known where the drawing is looked at.
    return re.sub(rb'font-family="([^"]+)"', rb'font-family="\1, sans-serif"', bytes(buffer.data().data()))


@contextmanager
def _drawn_anew(plot: CurvePlot) -> Iterator[None]:
    """Nothing is taken from the pictures that are kept for the screen: a drawing would hold their pixels."""
    kept = {item: mode for item in plot.scene().items() if (mode := item.cacheMode()) != _Cache.NoCache}
    for item in kept:
        item.setCacheMode(_Cache.NoCache)
    try:
        yield
    finally:
        for item, mode in kept.items():
            item.setCacheMode(mode)


def _shown(view: CurvesView) -> list[CurvePlot]:
    return [plot for plot in view.plots if not plot.isHidden()]


def _area(view: CurvesView) -> QRect:
    """Where the plots stand in the view: nobody can press the buttons of a picture."""
    area = QRect()
    for plot in _shown(view):
        area = area.united(plot.geometry())
    return area
