"""Any epoch of a training can be looked at again: maps, filters, weights, prediction, confusion and curves follow."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTreeWidget

from workbench.graph import Builder
from workbench.gui.editor.tints import BY_NAME, FIGURES
from workbench.gui.main_window import MainWindow
from workbench.gui.travel.comparison import PAGES
from workbench.inspection import FilterRows, KeptHealth, Wishes
from workbench.project import DataChoice, Project, Recipe
from workbench.runs import Reel, Run, start
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


def test_two_epochs_stand_beside_each_other(opened: MainWindow, finished: Path, qtbot) -> None:  # type: ignore[no-untyped-def]
    window, reel = opened, Reel(finished)
    window.actions_table["compare_epochs"].trigger()
    comparison = window.travel.comparison
    left, right = comparison.left, comparison.right
    qtbot.waitUntil(lambda: None not in (left.moment, right.moment) and bool(comparison.told), timeout=20_000)
    assert (left.epoch, right.epoch) == (1, 4)
    for side in (left, right):
        record = reel.record(side.epoch)
        seen = record.seen(Wishes(("conv",), (FilterRows("conv"),)))
        assert np.array_equal(side.maps.values, seen.maps["conv"])
        comparison.pages.setCurrentIndex(1)
        assert np.array_equal(side.filters.picture.weight, seen.filters[FilterRows("conv")].weight)
        assert side.confusion._counts.tolist() == reel.figures(side.epoch)["confusion"]
    accuracies = [f"{reel.figures(epoch)['validation_accuracy']:.1%}" for epoch in (1, 4)]
    assert " → ".join(accuracies) in comparison.told
    comparison.layers.setCurrentText("relu")
    assert left.maps.layer == right.maps.layer == "relu"
    left.slider.setValue(1)
    qtbot.waitUntil(lambda: left.moment.record.epoch == 2 and "From epoch 2 to 4" in comparison.told, timeout=10_000)


def test_the_curves_say_what_they_are_at_two_epochs(opened: MainWindow, finished: Path, qtbot) -> None:  # type: ignore[no-untyped-def]
    window, epochs = opened, Run.open(finished).epochs
    window.actions_table["compare_epochs"].trigger()
    comparison = window.travel.comparison
    comparison.pages.setCurrentIndex(PAGES.index("Curves"))
    compared, table = comparison.curves, comparison.curves.figures
    qtbot.waitUntil(lambda: bool(comparison.told) and table.topLevelItemCount() > 0, timeout=20_000)
    loss, accuracy, _ = compared.curves.plots

    def shown() -> dict[str, list[str]]:
        rows = [table.topLevelItem(row) for row in range(table.topLevelItemCount())]
        return {row.text(0): [row.text(column) for column in range(1, 4)] for row in rows}

    def wanted(one: int, other: int) -> None:
        a, b = epochs[one - 1], epochs[other - 1]
        assert loss.uprights.looked_at == {float(a["step"]): f"epoch {one}", float(b["step"]): f"epoch {other}"}
        assert list(accuracy.uprights.looked_at) == [a["step"], b["step"]]
        losses, accuracies = shown()["Validation loss"], shown()["Validation accuracy"]
        assert losses[:2] == [f"{figures['validation_loss']:.4g}" for figures in (a, b)]
        assert float(losses[2].replace("−", "-")) == pytest.approx(
            b["validation_loss"] - a["validation_loss"], rel=0.01
        )
        assert accuracies[:2] == [f"{figures['validation_accuracy']:.1%}" for figures in (a, b)]
        assert a["diagnosis"]["sentence"] in compared.curves.diagnosis.sentence
        assert [table.headerItem().text(column) for column in (1, 2)] == [f"Epoch {one}", f"Epoch {other}"]

    wanted(1, 4)
    drawn = loss.lines["validation"][1]
    assert list(drawn) == pytest.approx([figures["validation_loss"] for figures in epochs])
    comparison.left.slider.setValue(2)
    qtbot.waitUntil(lambda: "From epoch 3 to 4" in comparison.told, timeout=10_000)
    wanted(3, 4)
    assert not comparison.layers.isVisible()
    comparison.pages.setCurrentIndex(0)
    assert comparison.layers.isVisible()
    assert comparison.left.maps.isVisible()
    assert not compared.isVisible()


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
    import shutil

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


def test_how_layers_fared_is_shown_again_of_an_opened_run(window: MainWindow, examined: Path, qtbot) -> None:  # type: ignore[no-untyped-def]
    window.actions_table["health_update"].trigger()
    window.training.open_run(examined)
    qtbot.waitUntil(lambda: window.travel.has_epochs, timeout=30_000)
    kept = Reel(examined).health()
    assert len(kept) == 4
    panel, cards = window.training.health.panel, window.editor.scene.cards
    assert panel.model.rowCount() == 4
    assert panel.told.text() == f"{examined.name}, measured at step {kept[-1].step}"

    def shown() -> tuple[str, str]:
        row = panel.model.row_of("conv")
        assert row is not None
        assert cards["conv"].tint is not None
        return panel.model.data(panel.model.index(row, 6)), cards["conv"].tint.text

    def wanted(health: KeptHealth) -> tuple[str, str]:
        text = BY_NAME["update"].text(health.layers["conv"].update)
        return text, text

    assert shown() == wanted(kept[-1])
    window.travel.bar.slider.setValue(1)
    qtbot.waitUntil(lambda: arrived(window, 2), timeout=10_000)
    assert panel.told.text() == f"Epoch 2 of {examined.name}, measured at step {kept[1].step}"
    assert shown() == wanted(kept[1]) != wanted(kept[-1])
    steps, values = panel.model._history.of("conv", "update")
    assert list(steps) == [health.step for health in kept]
    assert list(values) == pytest.approx([health.layers["conv"].update for health in kept])
    window.travel.bar.go_back_to_now()
    assert shown() == wanted(kept[-1])
    window.actions_table["health_off"].trigger()
    window.document.saved_as(examined / "project.json")
    window.files.open_preset("lenet5")
    assert panel.model.rowCount() == 0


def test_how_layers_fared_in_two_epochs_is_told_by_what_changed_most(window: MainWindow, examined: Path, qtbot) -> None:  # type: ignore[no-untyped-def]
    window.training.open_run(examined)
    qtbot.waitUntil(lambda: window.travel.has_epochs, timeout=30_000)
    kept = Reel(examined).health()
    window.actions_table["compare_epochs"].trigger()
    comparison, table = window.travel.comparison, window.travel.comparison.health.table
    comparison.pages.setCurrentIndex(PAGES.index("Health"))
    qtbot.waitUntil(lambda: table.topLevelItemCount() == 4, timeout=20_000)
    rows = [table.topLevelItem(row) for row in range(4)]
    before, after = kept[0].layers, kept[3].layers
    for row in rows:
        for column, figure in enumerate(FIGURES, 1):
            values = [getattr(layers[row.text(0)], figure.name) for layers in (before, after)]
            texts = [figure.text(value).replace("-", "−") for value in values]
            assert row.text(column) == (" → ".join(texts) if any(texts) else "")

    def moved(layer: str) -> float:
        pairs = [
            (figure, getattr(before[layer], figure.name), getattr(after[layer], figure.name)) for figure in FIGURES
        ]
        known = [(figure, a, b) for figure, a, b in pairs if np.isfinite(a) and np.isfinite(b)]
        return max(abs(figure.place(b) - figure.place(a)) for figure, a, b in known)

    most = [moved(row.text(0)) for row in rows]
    assert most == sorted(most, reverse=True)
    assert most[0] > most[-1]
    # By one figure alone, where its heading is clicked.
    column = [figure.name for figure in FIGURES].index("gradient") + 1
    table.sortByColumn(column, Qt.SortOrder.DescendingOrder)
    ratios = {name: abs(np.log10(after[name].gradient / before[name].gradient)) for name in ("conv", "fc")}
    assert table.topLevelItem(0).text(0) == max(ratios, key=ratios.__getitem__)
    # The same epoch twice has changed in nothing.
    comparison.left.slider.setValue(3)
    qtbot.waitUntil(lambda: "From epoch 4 to 4" in comparison.told, timeout=10_000)
    assert all(a == b for a, b in (text.split(" → ") for text in _texts(table) if text))


def _texts(table: QTreeWidget) -> list[str]:
    rows = [table.topLevelItem(row) for row in range(table.topLevelItemCount())]
    return [row.text(column) for row in rows if row is not None for column in range(1, table.columnCount())]


def test_of_a_run_that_measured_nothing_it_is_said_why(opened: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    panel = opened.training.health.panel
    assert panel.model.rowCount() == 0
    assert "without --health" in panel._hint.text()
    opened.actions_table["compare_epochs"].trigger()
    health = opened.travel.comparison.health
    qtbot.waitUntil(lambda: "not measured up to epoch" in health.hint, timeout=20_000)


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
