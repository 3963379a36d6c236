"""The curves as a person uses them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QStyle, QStyleOptionComboBox
from pytestqt.qtbot import QtBot

from workbench.gui.main_window import MainWindow
from workbench.gui.theme import Appearance
from workbench.gui.training.curve_lines import SHOWN
from workbench.gui.training.curves import CurvesView
from workbench.gui.training.happenings import Happening
from workbench.gui.training.series import Series
from workbench.runs import Reel
from workbench.training import Diagnosis, Epoch, Step


def series_of(losses: list[float], per_epoch: int, l2: float = 0.0) -> Series:
    series = Series()
    for step, loss in enumerate(losses, 1):
        series.add_step(Step(1, step, loss + l2, loss, 0.0, l2, 0.0, 0.1 / step, 2.0, 64, 0.01))
        if step % per_epoch == 0:
            number = step // per_epoch
            series.add_epoch(
                Epoch(
                    number, step, loss, 0.5, loss, 0.6, loss + 0.25, 0.55, 0.9, (), (), 0.1 / step, 2.0, 100.0, 1.0,
                    1, number == 2, Diagnosis("healthy", f"Healthy after {number}."),
                )
            )  # fmt: skip
    return series


@pytest.fixture
def view(qtbot: QtBot, appearance: Appearance) -> CurvesView:
    made = CurvesView(appearance)
    made.resize(1000, 420)
    qtbot.addWidget(made)
    made.show()
    return made


def test_both_losses_are_drawn_with_the_raw_line_behind_the_smoothed_one(view: CurvesView) -> None:
    losses = [2.0, 1.0] * 30
    view.show_series(series_of(losses, 20))
    lines = view.plots[0].lines
    assert set(lines) == {"raw", "training", "training, eval mode", "validation"}
    assert lines["raw"][1].tolist() == losses
    assert np.ptp(lines["training"][1][-10:]) < 0.5 * np.ptp(lines["raw"][1])
    assert lines["validation"][1].tolist() == pytest.approx([1.25, 1.25, 1.25])
    assert view.plots[0].named == ["training", "training, eval mode", "validation"]
    assert not view.plots[0]._own_curves._area.isEmpty(), "the gap is filled"
    assert view.plots[0].uprights.marked["best"] == (40.0, "best: epoch 2")
    view.bar.smoothing.setValue(0)
    assert view.plots[0].lines["training"][1].tolist() == losses


def test_what_both_plots_show_is_named_once_and_both_keep_to_their_width(view: CurvesView) -> None:
    view.show_series(series_of([2.0, 1.0] * 30, 20))
    QApplication.processEvents()
    loss, second, _ = view.plots
    assert second.named == loss.named
    assert loss._legend.isVisible()
    assert not second._legend.isVisible()
    for plot in (loss, second):
        assert plot.getPlotItem().getViewBox().sceneBoundingRect().right() <= plot.width()
    view.choose_second("norm")
    view.show_series(series_of([2.0, 1.0] * 30, 20))
    assert second._legend.isVisible()


def test_other_runs_lie_under_the_curves_by_name_until_they_are_taken_away(view: CurvesView) -> None:
    first, second = series_of([3.0] * 40, 10), series_of([1.0] * 80, 10)
    view.compare([("0001-first", first), ("0002-second", second)])
    loss, accuracy, _ = view.plots
    assert loss.named == ["0001-first", "0002-second"], "also where nothing was trained yet"
    assert loss.lines["0002-second"][1].tolist() == pytest.approx([1.25] * 8)
    assert accuracy.lines["0001-first"][1].tolist() == pytest.approx([0.55] * 4)
    view.choose_second("rate")
    assert len(view.plots[1].lines["0002-second"][0]) == 80
    view.compare([("0002-second", second)])
    assert loss.named == ["0002-second"]
    view.show_series(series_of([2.0] * 20, 10))
    assert "0002-second" in loss.lines, "another training leaves them there"
    view.compare([])
    assert not any("000" in name for plot in view.plots for name in plot.lines)


def test_the_objective_falls_into_its_parts(view: CurvesView) -> None:
    view.show_series(series_of([1.0] * 30, 10, l2=0.125))
    view.choose_second("parts")
    lines = view.plots[1].lines
    assert set(lines) == {"objective", "data loss", "L2 term"}
    assert lines["L2 term"][1].tolist() == [0.125] * 30
    assert lines["objective"][1].tolist() == pytest.approx([1.125] * 30)


def test_the_learning_rate_stands_below_where_there_is_room(view: CurvesView) -> None:
    view.show_series(series_of([1.0] * 30, 10))
    rates = view.plots[2]
    assert rates.lines["learning rate"][1][-1] == pytest.approx(0.1 / 30)
    view.resize(1000, 240)
    QApplication.processEvents()
    assert rates.isHidden()


@pytest.mark.parametrize("size", [(370, 230), (1000, 240), (1000, 420), (1500, 900)])
@pytest.mark.parametrize("second", ["accuracy", "norm"], ids=["names beside", "names of its own"])
def test_the_steps_stand_at_one_height_and_begin_at_one_place(
    view: CurvesView, size: tuple[int, int], second: str
) -> None:
    view.resize(*size)
    view.choose_second(second)
    view.show_series(series_of([2.0, 1.0] * 300, 20))
    view.compare([(f"{number:04}-other-run", series_of([2.0] * 60, 20)) for number in range(7)])
    for _ in range(3):
        QApplication.processEvents()
    loss, beside, rates = (
        plot.getPlotItem().getViewBox().sceneBoundingRect().toRect().translated(plot.geometry().topLeft())
        for plot in view.plots
    )
    lowest = loss if view.plots[2].isHidden() else rates
    assert beside.bottom() == lowest.bottom()
    assert beside.top() == loss.top()
    assert (lowest.left(), lowest.right()) == (loss.left(), loss.right())


def test_hair_lines_and_words_follow_the_mouse(view: CurvesView) -> None:
    view.show_series(series_of([2.0] * 60, 20))
    view.compare([("0007-other", series_of([5.0] * 60, 20))])
    view.show_happenings([Happening(41, "rate", "rate 0.01")])
    loss, second, _ = view.plots
    loss.pointed.emit((41.0, 5.2))
    assert loss.crosshair.across.isVisible()
    assert second.crosshair.across.value() == 41.0, "through both plots"
    assert not second.crosshair.down.isVisible()
    for words in ("step 41: training 2.0000", "epoch 3: validation 2.2500 (55.0%)", "rate 0.01 after step 41"):
        assert words in view.told
    assert view.told.endswith("0007-other: 5.25")
    loss.pointed.emit(None)
    assert not loss.crosshair.across.isVisible()
    assert view.told == ""


def test_curves_are_read_off_zoomed_and_moved_without_a_mouse(view: CurvesView, qtbot: QtBot) -> None:
    keys = Qt.Key
    view.show_series(series_of([2.0] * 60, 20))
    plot = view.plots[0]
    plot.setFocus()
    for _ in range(20):
        qtbot.keyClick(plot, keys.Key_Right)
    step = plot.crosshair.across.value()
    assert f"step {math.ceil(step)}: training 2.0000" in view.told
    assert plot.accessibleDescription() == view.told
    qtbot.keyClick(plot, keys.Key_Left)
    assert plot.crosshair.across.value() < step
    whole = plot.getPlotItem().getViewBox().viewRange()[0]
    for _ in range(5):
        qtbot.keyClick(plot, keys.Key_Plus)
    assert plot.sight is not None
    assert plot.sight[1] - plot.sight[0] == pytest.approx((whole[1] - whole[0]) / 1.25**5)
    before = plot.sight
    qtbot.keyClick(plot, keys.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert plot.sight[0] > before[0]
    qtbot.keyClick(plot, keys.Key_0)
    assert plot.sight is None
    qtbot.keyClick(plot, keys.Key_Escape)
    assert view.told == ""


def test_zooming_shows_more_points_of_the_same_curve_and_reset_shows_the_whole(view: CurvesView, qtbot: QtBot) -> None:
    steps = 40_000
    view.show_series(series_of([1.0 + 0.1 * math.sin(n) for n in range(steps)], 4_000))
    plot = view.plots[0]
    qtbot.waitUntil(lambda: "raw" in plot.lines)
    whole = len(plot.lines["raw"][0])
    assert whole < 1_200

    def in_sight() -> int:
        low, high = plot.getPlotItem().getViewBox().viewRange()[0]
        x = plot.lines["raw"][0]
        return int(((x >= low) & (x <= high)).sum())

    middle = QPointF(plot.viewport().rect().center())
    for _ in range(10):
        there = QPointF(plot.viewport().mapToGlobal(middle.toPoint()))
        wheel = QWheelEvent(
            middle, there, QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(plot.viewport(), wheel)
    before = in_sight()
    qtbot.waitUntil(lambda: in_sight() > 2 * before, timeout=5_000)
    assert plot.sight is not None
    view._reset()
    assert plot.sight is None
    assert view.plots[1].sight is None
    assert plot.getPlotItem().getViewBox().viewRange()[0][1] >= steps


def test_the_log_scale_holds_for_losses_and_not_for_accuracies(view: CurvesView) -> None:
    view.show_series(series_of([100.0, 1.0] * 20, 10))
    view.log_scale.setChecked(True)
    assert [plot.is_log for plot in view.plots] == [True, False, True]
    view.choose_second("norm")
    assert view.plots[1].is_log
    view.log_scale.setChecked(False)
    assert not any(plot.is_log for plot in view.plots)


def test_a_scale_that_is_changed_has_the_range_of_its_own_values(view: CurvesView) -> None:
    view.show_series(series_of([0.01, 1.5] * 20, 10))
    before = view.plots[0].getPlotItem().getViewBox().viewRange()[1]
    view.log_scale.setChecked(True)
    low, high = view.plots[0].getPlotItem().getViewBox().viewRange()[1]
    assert low < -2.0
    assert high < 0.6  # log10 of 1.75, and a little room
    view.log_scale.setChecked(False)
    assert view.plots[0].getPlotItem().getViewBox().viewRange()[1] == before


def test_very_many_runs_leave_the_plot_its_room(view: CurvesView) -> None:
    view.compare([(f"{number:04d}-run", series_of([1.0] * 20, 10)) for number in range(60)])
    assert len(view.plots[0].named) < 60
    assert view.plots[0].getPlotItem().getViewBox().height() > 150


def test_what_came_while_the_panel_was_hidden_is_drawn_when_it_shows(view: CurvesView) -> None:
    view.hide()
    view.show_series(series_of([1.0] * 30, 10))
    assert view.plots[0].lines == {}
    view.show()
    assert len(view.plots[0].lines["raw"][0]) == 30


def test_marks_of_a_run_come_back_when_it_goes_on(window: MainWindow, qtbot: QtBot) -> None:
    recipe = window.document.recipe.changed(epochs=30, schedule="constant", learning_rate=0.05)
    window.document.set_recipe(recipe, "for the test")
    session = window.session
    window.training.train()
    qtbot.waitUntil(lambda: len(session.series.epochs) >= 1, timeout=60_000)
    session.set_learning_rate(0.01)
    qtbot.waitUntil(lambda: len(session.series.epochs) >= 3, timeout=60_000)
    session.stop()
    qtbot.waitUntil(lambda: session.state == "idle", timeout=20_000)
    before = [(one.kind, one.words) for one in session.happenings if one.kind == "rate"]
    checkpoints = [one.step for one in session.happenings if one.kind == "checkpoint"]
    window.training.resume(session.directory)
    qtbot.waitUntil(lambda: session.series.count > checkpoints[-1], timeout=60_000)
    session.stop()
    qtbot.waitUntil(lambda: session.state == "idle", timeout=20_000)
    assert (
        [(one.kind, one.words) for one in session.happenings if one.kind == "rate"] == before == [("rate", "rate 0.01")]
    )
    kept = [one.step for one in session.happenings if one.kind == "checkpoint"]
    assert kept[: len(checkpoints)] == checkpoints
    measured = [kept.step for kept in Reel(session.directory).health()]
    assert measured
    fared = session.health_history.of("conv1", "mean")[0].tolist()
    assert fared[: len(measured[:2])] == measured[:2], "how its layers fared goes on from what was kept"
    assert "gone on" in {words for _, words in window.training.curves.plots[0].uprights.marked.values()}


def test_a_training_that_grows_finds_room_and_one_that_has_ended_fills_its_plot(view: CurvesView) -> None:
    series = series_of([1.0] * 100, 20)
    view.expect_more(True)
    view.show_series(series)
    _, high = view.plots[0].getPlotItem().getViewBox().viewRange()[0]
    assert high > 150
    view.expect_more(False)
    _, high = view.plots[0].getPlotItem().getViewBox().viewRange()[0]
    assert 100 <= high < 105
    view.compare([("longer", series_of([2.0] * 200, 20))])
    assert 200 <= view.plots[0].getPlotItem().getViewBox().viewRange()[0][1] < 210


def test_what_the_second_plot_shows_can_be_read_whole(view: CurvesView) -> None:
    box = view.bar.second
    box.resize(box.sizeHint())
    option = QStyleOptionComboBox()
    box.initStyleOption(option)
    part = QStyle.SubControl.SC_ComboBoxEditField
    room = box.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, box).width()
    widths = {title: box.fontMetrics().horizontalAdvance(title) for title in SHOWN}
    assert {title: width for title, width in widths.items() if width > room} == {}
