"""Words in plots cover neither curves nor each other, and never push a curve out of sight."""

from __future__ import annotations

import itertools

import pyqtgraph as pg
import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.gui.training.test_curves import series_of
from workbench.gui.theme import Appearance
from workbench.gui.training.curve_plot import CurvePlot
from workbench.gui.training.curves import CurvesView
from workbench.gui.training.happenings import Happening
from workbench.gui.wrapped import Wrapped


@pytest.fixture
def low(qtbot: QtBot, appearance: Appearance) -> CurvesView:
    """Curves in a panel as low as a small window's."""
    made = CurvesView(appearance)
    made.resize(730, 250)
    qtbot.addWidget(made)
    made.show()
    made.show_series(series_of([2.5 - 0.04 * step for step in range(60)], 20))
    QApplication.processEvents()
    return made


def words_in(plot: CurvePlot) -> dict[str, QRectF]:
    """Where the words of marks are seen, in the plot's own pixels."""
    labels = [item for item in plot.scene().items() if isinstance(item, pg.InfLineLabel) and item.isVisible()]
    margins = 4, 4, -4, -4
    return {label.format: label.mapRectToScene(label.boundingRect().adjusted(*margins)) for label in labels}


def top_of_curves(plot: CurvePlot) -> float:
    highest = max(float(y.max()) for _, y in plot.lines.values())
    return float(plot.getPlotItem().getViewBox().mapViewToScene(QPointF(0, highest)).y())


def test_words_of_what_happened_stand_above_the_curves_and_beside_each_other(low: CurvesView) -> None:
    plot = low.plots[0]
    low.show_happenings([Happening(step, "rate", f"rate {0.1 / step:.3f}") for step in (5, 8, 11, 55)])
    QApplication.processEvents()
    found = words_in(plot)
    assert {"best: epoch 2", "rate 0.020", "rate 0.002"} <= set(found)
    assert all(rect.bottom() <= top_of_curves(plot) + 1 for rect in found.values()), found
    for one, other in itertools.combinations(found.values(), 2):
        assert not one.adjusted(1, 1, -1, -1).intersects(other)
    low.look_at(20.0, words=["epoch 1"])
    assert "epoch 1" in words_in(plot), "what is looked at is told first"
    low.look_at(10.0)
    assert "rate 0.020" not in words_in(plot), "nothing runs through words"
    low.look_at()
    plot.hold()
    plot.setXRange(41, 64, padding=0)
    assert set(words_in(plot)) == {"rate 0.002"}, "what is out of sight takes no room"


def test_words_that_would_be_cut_off_are_not_shown(low: CurvesView) -> None:
    low.resize(354, 250)
    QApplication.processEvents()
    room = low.plots[0].getPlotItem().getViewBox().sceneBoundingRect()
    long = "a checkpoint of some length"
    low.show_happenings([Happening(34, "rate", long), Happening(12, "rate", "rate 0.1")])
    found = words_in(low.plots[0])
    assert "rate 0.1" in found
    assert long not in found, "as wide as the plot"
    assert all(room.left() <= rect.left() and rect.right() <= room.right() + 8 for rect in found.values())


def test_what_a_low_plot_has_no_room_for_is_told_above_it(low: CurvesView) -> None:
    plot = low.plots[0]
    low.show_happenings([Happening(41, "rate", "rate 0.01")])
    plot.pointed.emit((41.0, 1.0))
    assert not plot.crosshair.words.isVisible()
    above = next(label for label in low.findChildren(Wrapped) if "step\u00a041" in label.text())
    assert above.isVisible()
    assert all(line in above.text().replace("\u00a0", " ") for line in low.told.splitlines())
    assert above.mapTo(low, above.rect().bottomLeft()).y() < plot.mapTo(low, plot.rect().topLeft()).y()
    assert above.heightForWidth(above.width()) <= above.height()
    plot.pointed.emit(None)
    assert not above.isVisible()
    low.resize(730, 700)
    QApplication.processEvents()
    plot.pointed.emit((41.0, 1.0))
    assert not above.isVisible()
    assert plot.crosshair.words.textItem.toPlainText() == low.told, "a high one has room for a line each"


def test_the_last_step_stays_in_sight_whatever_the_names_below(low: CurvesView) -> None:
    plot = low.plots[0]
    low.compare([(f"{number:04}-a-run-with-a-long-name", series_of([2.0] * 60, 20)) for number in range(4)])
    low.expect_more(False)
    QApplication.processEvents()
    box = plot.getPlotItem().getViewBox()
    assert plot.mapFromScene(box.mapViewToScene(QPointF(60, 1))).x() < plot.viewport().width() - 4
    assert plot.mapFromScene(box.sceneBoundingRect().bottomRight()).x() <= plot.viewport().width() - 10


def test_names_stand_below_their_lines_from_the_moment_they_are_there(low: CurvesView) -> None:
    """What is painted before Qt comes round to lay the plot out would have them over the curves."""
    plot = low.plots[0]

    def are_below() -> bool:
        box = plot.getPlotItem().getViewBox().sceneBoundingRect()
        return bool(plot._legend.isVisible() and plot._legend.sceneBoundingRect().top() >= box.bottom())

    for losses in ([2.0, 1.0], [2.0, 1.0] * 30):
        low.show_series(series_of(losses, 20))
        assert are_below()
        QApplication.processEvents()


def test_a_low_plot_counts_the_names_that_it_has_no_room_for(low: CurvesView) -> None:
    low.resize(834, 250)
    names = [f"{number:04}-LeNet-5-wide" for number in range(6)]
    low.compare([(name, series_of([2.0] * 60, 20)) for name in names])
    QApplication.processEvents()
    legend = low.plots[0]._legend
    assert legend is not None
    assert legend.shown == ["training", "training, eval mode", "validation", "+ 6 more"], "in one row"
    assert len({label.geometry().center().y() for _, label in legend.items if label.isVisible()}) == 1
    assert legend.toolTip().splitlines() == names
    low.resize(1500, 600)
    QApplication.processEvents()
    assert legend.shown == low.plots[0].named == ["training", "training, eval mode", "validation", *names]
    rects = [label.geometry().adjusted(0, 3, 0, -3) for _, label in legend.items]  # room above and below the letters
    assert not any(one.intersects(other) for one, other in itertools.combinations(rects, 2))
    low.compare([(f"{number:04}", series_of([2.0] * 60, 20)) for number in range(60)])
    QApplication.processEvents()
    told = [name for name in legend.shown if name.isdigit()]
    assert legend.shown[-1] == f"+ {60 - len(told)} more", "also those that are too many for the tool tip"
    low.compare([])
    assert legend.shown == ["training", "training, eval mode", "validation"]


@pytest.mark.parametrize("width", [354, 400, 420, 500, 834])
@pytest.mark.parametrize("height", [230, 280])
def test_what_a_legend_tells_is_never_cut(low: CurvesView, width: int, height: int) -> None:
    low.resize(width, height)
    low.compare([(f"{number:04}-LeNet-5", series_of([2.0] * 60, 20)) for number in range(5)])
    for _ in range(3):
        QApplication.processEvents()
    plot = low.plots[0]
    legend = plot._legend
    assert legend is not None
    shown = [label for _, label in legend.items if label.isVisible()]
    for label in (*shown, *([legend._more] if legend._more.isVisible() else [])):
        words = label.item.mapRectToScene(label.item.boundingRect().adjusted(4, 0, -4, 0))
        assert words.right() <= plot.viewport().width(), label.text
    for one, other in itertools.combinations(shown, 2):
        assert not one.geometry().adjusted(0, 3, 0, -3).intersects(other.geometry().adjusted(0, 3, 0, -3))


def test_the_controls_take_two_rows_in_a_small_window_and_one_where_there_is_room(low: CurvesView) -> None:
    bar = low.bar
    shown = (bar.log_scale, bar.reset, bar.run, bar.second)
    assert len({widget.geometry().center().y() // 12 for widget in shown}) == 1
    assert bar.second.geometry().right() == bar.rect().right(), "above the plot that it chooses"
    low.resize(354, 250)  # the panel in a window of 800 pixels
    QApplication.processEvents()
    rows = sorted({widget.y() // bar.second.sizeHint().height() for widget in shown})
    assert rows == [0, 1]
    for one, other in itertools.combinations(shown, 2):
        assert not one.geometry().intersects(other.geometry())
    assert all(bar.rect().contains(widget.geometry()) for widget in shown)
