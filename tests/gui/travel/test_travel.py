"""Any epoch of a training can be looked at again: maps, filters, weights, prediction, confusion and curves follow."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from workbench.gui.main_window import MainWindow
from workbench.inspection import FilterRows, Wishes
from workbench.runs import Reel, Run


def arrived(window: MainWindow, epoch: int) -> bool:
    return window.travel.moment is not None and window.travel.moment.record.epoch == epoch


def test_an_opened_runs_epochs_are_scrubbed_through_everything(opened: MainWindow, finished: Path, qtbot) -> None:  # type: ignore[no-untyped-def]
    window, bar, reel = opened, opened.travel.bar, Reel(finished)
    assert bar.isVisible()
    assert not bar.now.isVisible()
    assert "Now, after epoch 4" in bar.told
    assert len(window.training.curves.series.epochs) == 4
    window.workspace.reveal("Weights")
    qtbot.waitUntil(lambda: window.workspace.is_seen("Weights"), timeout=10_000)
    for epoch in (1, 4, 2):
        bar.slider.setValue(epoch - 1)
        qtbot.waitUntil(lambda e=epoch: arrived(window, e), timeout=10_000)
        record = reel.record(epoch)
        seen = record.seen(Wishes(("conv",), (FilterRows("conv"),), spreads=True))
        assert np.array_equal(window.inspection.maps.values, seen.maps["conv"])
        shown = window.inspection.weights.filters.picture
        assert shown is not None
        assert np.array_equal(shown.weight, seen.filters[FilterRows("conv")].weight)
        assert window.inspection.weights.histograms.layers == ["conv", "fc"]
        best = max(window.inspection.maps_panel.prediction.bars, key=lambda one: one.share)
        assert best.name == str(int(np.argmax(record.probabilities)))
        assert best.share == pytest.approx(float(record.probabilities.max()))
        figures = Run.open(finished).epochs[epoch - 1]
        assert window.training.confusion.matrix._counts.tolist() == figures["confusion"]
        assert f"Epoch {epoch} of 4" in bar.told
        assert f"{figures['validation_accuracy']:.1%}" in bar.told
        assert all(list(plot.uprights.looked_at) == [record.step] for plot in window.training.curves.plots)
    assert bar.now.isVisible()


def test_back_to_now_shows_the_best_weights_and_the_chosen_picture_again(opened: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    window, bar = opened, opened.travel.bar
    qtbot.waitUntil(lambda: window.inspection.maps.shown is not None, timeout=20_000)
    window.picture.take(5, "validation")
    name = window.picture.picture.name
    seen: list[object] = []
    window.inspection.previewer.previewed.connect(lambda preview: seen.append(preview.seen))
    bar.go_to(1)
    qtbot.waitUntil(lambda: arrived(window, 1), timeout=10_000)
    assert "validation image 0" in window.inspection.maps_panel._name.text()
    seen.clear()
    window.actions_table["now"].trigger()
    qtbot.waitUntil(lambda: bool(seen), timeout=20_000)
    assert window.travel.moment is None
    assert window.inspection.maps_panel._name.text() == name
    assert np.array_equal(window.inspection.maps.values, seen[-1].maps["conv"])
    assert not any(plot.uprights.looked_at for plot in window.training.curves.plots)
    assert not bar.now.isVisible()


def test_another_layer_is_looked_at_in_the_same_epoch(opened: MainWindow, finished: Path, qtbot) -> None:  # type: ignore[no-untyped-def]
    window = opened
    window.travel.bar.go_to(2)
    qtbot.waitUntil(lambda: arrived(window, 2), timeout=10_000)
    window.document.select(["relu"])
    expected = Reel(finished).record(2).seen(Wishes(("relu",))).maps["relu"]
    assert np.array_equal(window.inspection.maps.values, expected)


def test_of_a_layer_that_was_not_kept_it_is_said_and_no_others_maps_stand_there(opened: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    window, maps = opened, opened.inspection.maps
    window.travel.bar.go_to(2)
    qtbot.waitUntil(lambda: arrived(window, 2) and window.inspection.maps.layer == "conv", timeout=10_000)
    moment = window.travel.moment
    assert moment is not None
    window.document.select(["relu"])
    assert maps.view.isVisible()
    lacking = {name: kept for name, kept in moment.record.maps.items() if name != "conv"}
    window.inspection.show_moment(replace(moment, record=replace(moment.record, maps=lacking)))
    window.document.select(["conv"])
    assert not maps.view.isVisible()
    window.document.select(["relu"])
    assert maps.view.isVisible()
    window.document.select(["conv"])
    window.travel.bar.go_back_to_now()
    qtbot.waitUntil(maps.view.isVisible, timeout=20_000)


def test_it_plays_to_the_end_and_the_keys_go_step_by_step(opened: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    window, bar = opened, opened.travel.bar
    visited: list[int] = []
    bar.travelled.connect(visited.append)
    bar._timer.setInterval(1)
    window.actions_table["replay"].trigger()
    qtbot.waitUntil(lambda: not bar.play.isChecked() and arrived(window, 4), timeout=20_000)
    assert visited == [1, 2, 3, 4]
    bar.slider.setFocus()
    QTest.keyClick(bar.slider, Qt.Key.Key_Left)
    qtbot.waitUntil(lambda: arrived(window, 3), timeout=10_000)


def test_a_running_training_is_scrubbed_while_it_goes_on(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    session, bar = window.session, window.travel.bar
    window.document.set_recipe(window.document.recipe.changed(epochs=300), "for the test")
    window.training.train()
    qtbot.waitUntil(lambda: window.travel.has_epochs and len(window.travel.film.epochs) >= 3, timeout=60_000)
    assert bar.isVisible()
    bar.go_to(2)
    qtbot.waitUntil(lambda: arrived(window, 2), timeout=10_000)
    before = len(window.travel.film.epochs)
    values = window.inspection.maps.values
    qtbot.waitUntil(lambda: len(window.travel.film.epochs) >= before + 2, timeout=60_000)
    assert bar.epoch == 2
    assert window.inspection.maps.values is values
    assert window.travel.moment.picture.name == window.picture.picture.name
    window.actions_table["now"].trigger()
    qtbot.waitUntil(lambda: window.inspection.maps.values is not values, timeout=20_000)
    session.stop()
    qtbot.waitUntil(lambda: session.state == "idle", timeout=20_000)
    assert Reel(session.directory).epochs == list(window.travel.film.epochs)


def test_another_network_takes_the_bar_away(opened: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    window = opened
    window.travel.bar.go_to(1)
    qtbot.waitUntil(lambda: arrived(window, 1), timeout=10_000)
    window.pages.show_start_page()
    assert not window.travel.bar.isVisible()
    window.pages.show_editor()
    assert window.travel.bar.isVisible()
    window.document.saved_as(Path("test.json"))  # it would be asked about: it now goes on from the run's weights
    window.files.open_preset("lenet5")
    assert not window.travel.bar.isVisible()
    assert window.travel.moment is None
    assert not window.actions_table["replay"].isEnabled()


def test_a_record_that_is_torn_is_told_and_the_others_are_shown(
    window: MainWindow, finished: Path, tmp_path: Path, qtbot
) -> None:  # type: ignore[no-untyped-def]
    copy = tmp_path / "0002-torn"
    shutil.copytree(finished, copy)
    path = copy / "epochs" / "000002.safetensors"
    path.write_bytes(path.read_bytes()[:500])
    window.training.open_run(copy)
    qtbot.waitUntil(lambda: window.travel.has_epochs, timeout=30_000)
    bar = window.travel.bar
    bar.go_to(2)
    qtbot.waitUntil(lambda: "no record" in bar.told, timeout=10_000)
    bar.go_to(3)
    qtbot.waitUntil(lambda: arrived(window, 3), timeout=10_000)


def test_how_a_value_came_about_is_told_of_the_present_alone(opened: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    window, panel = opened, opened.inspection.value
    qtbot.waitUntil(lambda: window.inspection.maps.at_hand is not None, timeout=10_000)
    window.actions_table["explain_value"].trigger()
    qtbot.waitUntil(lambda: panel.told is not None, timeout=10_000)
    window.travel.bar.slider.setValue(0)
    qtbot.waitUntil(lambda: arrived(window, 1), timeout=10_000)
    assert "earlier epoch" in panel.hint
    window.actions_table["explain_value"].trigger()
    assert "earlier epoch" in window.message
    window.travel.bar.go_back_to_now()
    qtbot.waitUntil(lambda: panel.told is not None, timeout=10_000)


def test_a_dense_layers_matrix_is_shown_and_of_an_older_record_it_is_said_that_it_lacks(
    opened: MainWindow, finished: Path, qtbot
) -> None:  # type: ignore[no-untyped-def]
    window, filters = opened, opened.inspection.weights.filters
    window.document.select(["fc"])
    window.workspace.reveal("Weights")
    qtbot.waitUntil(lambda: filters.picture is not None and filters.layer == "fc", timeout=20_000)
    assert filters._title.text() == "fc: 10 units"
    window.travel.bar.slider.setValue(0)
    qtbot.waitUntil(lambda: arrived(window, 1), timeout=10_000)
    kept = Reel(finished).record(1).filters["fc"]
    assert kept.levels.shape == (10, 216)
    assert np.array_equal(filters.picture.weight[:, :, 0, 0], kept.filters(FilterRows("fc")).weight)
    assert "216 weights each" in filters.told
    # Records of before dense layers were kept.
    moment = window.travel.moment
    assert moment is not None
    older = replace(moment, record=replace(moment.record, filters={"conv": moment.record.filters["conv"]}))
    window.inspection.show_moment(older)
    assert "Of fc no weights were kept" in filters._hint.text()
    assert filters.picture is None
    window.inspection.show_moment(moment)
    assert filters.picture is not None
