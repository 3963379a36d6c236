"""The history of runs."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QTreeWidget

from workbench.gui import places
from workbench.gui.editor import commands
from workbench.gui.main_window import MainWindow
from workbench.gui.training.run_list import RunList
from workbench.gui.training.run_row import COLUMNS
from workbench.gui.training.run_settings import Row, RunSettings, Table
from workbench.runs import Run, layout, mark_as_failed, new_directory


@pytest.fixture
def two(window: MainWindow, trained, qtbot) -> MainWindow:  # type: ignore[no-untyped-def]
    """A window with two finished runs that differ in their learning rate."""
    fewer = window.document.data.changed(subset=200)
    window.document.set_data(fewer, "for the test")
    trained(epochs=2, learning_rate=0.02)
    trained(epochs=2, learning_rate=0.05)
    window.workspace.reveal("Runs")
    qtbot.waitUntil(
        lambda: (
            len(window.training.history.rows) == 2
            and {r["state"] for r in window.training.history.rows} == {"completed"}
        ),
        timeout=20_000,
    )
    return window


def test_runs_are_listed_newest_first_and_ticked_ones_laid_under_the_curves(two: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    newest, oldest = (row["directory"] for row in two.training.history.rows)
    assert Run.open(newest).number > Run.open(oldest).number
    found = []
    two.training.history.overlaid.connect(found.append)
    two.training.history.tick(newest)
    two.training.history.tick(oldest)
    qtbot.waitUntil(lambda: bool(found) and len(found[-1]) == 2, timeout=20_000)
    assert {name for name, _ in found[-1]} == {Path(newest).name, Path(oldest).name}
    assert all(len(series.epochs) == 2 for _, series in found[-1])
    settings = two.training.history.settings
    qtbot.waitUntil(lambda: len(settings.table.runs) == 2, timeout=20_000)
    assert settings.table.runs == (Path(oldest).name, Path(newest).name)
    assert [(row.name, row.values) for row in settings.table.rows] == [("learning rate", ("0.02", "0.05"))]
    two.workspace.reveal("Curves")
    assert Path(oldest).name in two.training.curves.plots[0].lines
    two.training.history.tick(oldest, False)
    qtbot.waitUntil(lambda: Path(oldest).name not in two.training.curves.plots[0].lines, timeout=20_000)
    assert Path(newest).name in two.training.curves.plots[0].lines


def test_the_selected_runs_settings_stand_beside_the_list(two: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    history = two.training.history
    oldest = history.rows[1]["directory"]
    history.choose(oldest)
    qtbot.waitUntil(lambda: history.settings.table.runs == (Path(oldest).name,), timeout=20_000)
    rows = {row.name: row for row in history.settings.table.rows}
    assert rows["learning rate"].values == ("0.02",)
    assert rows["learning rate"].chosen
    assert not rows["mixup"].chosen, "left as it was"
    assert rows["parameters"].values[0].endswith("k")
    assert rows["ended"].values[0].startswith("Completed 2 epochs")


def test_two_networks_that_differ_in_one_layer_say_so(two: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    commands.set_argument(two.document, ["conv2"], "out_channels", 8)
    two.training.train()
    qtbot.waitUntil(lambda: two.session.state == "idle" and len(two.training.history.rows) == 3, timeout=60_000)
    history = two.training.history
    newest, before = (row["directory"] for row in history.rows[:2])
    history.tick(newest)
    history.tick(before)
    qtbot.waitUntil(lambda: len(history.settings.table.runs) == 2, timeout=20_000)
    rows = {row.name: row.values for row in history.settings.table.rows}
    assert rows["conv2"] == ("", "out_channels 16 → 8")
    assert "parameters" in rows


def test_a_run_is_renamed_where_it_stands(two: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    history = two.training.history
    newest = history.rows[0]["directory"]
    assert str(two.session.directory) == newest
    history.tick(newest)
    history.choose(newest)
    qtbot.mouseClick(history.rename_button, Qt.MouseButton.LeftButton)
    editor = history._list.findChild(QLineEdit)
    editor.setText("with a higher rate")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    wanted = Path(newest).parent / "0002-with-a-higher-rate"
    qtbot.waitUntil(lambda: history.rows[0]["directory"] == str(wanted), timeout=20_000)
    assert Run.open(wanted).status == "completed"
    assert not Path(newest).exists()
    assert history.rows[0]["ticked"]
    assert two.session.directory == wanted, "what is shown of it is found where it is now"
    qtbot.waitUntil(lambda: wanted.name in two.training.curves.plots[0].lines or not two.training.curves.isVisible())


def test_a_runs_network_is_opened_with_its_weights(two: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    previews: list = []  # type: ignore[type-arg]
    two.inspection.previewer.previewed.connect(previews.append)
    oldest = two.training.history.rows[1]["directory"]
    two.document.saved_as(Path("kept.json"))
    two.files.open_preset("alexnet")
    two.training.history.network_wanted.emit(oldest)
    assert two.document.steps[0].project == Run.open(oldest).project
    assert two.document.recipe.weights == str(Path(oldest).resolve())
    qtbot.waitUntil(lambda: bool(previews) and previews[-1].graph == two.document.graph, timeout=20_000)
    weight = Run.open(oldest).state().tensors["model.conv1.weight"].numpy()
    qtbot.waitUntil(lambda: previews[-1].trained, timeout=20_000)
    two.workspace.reveal("Weights")
    two.document.select(["conv1"])
    qtbot.waitUntil(lambda: bool(previews[-1].seen.filters), timeout=20_000)
    (filters,) = previews[-1].seen.filters.values()
    assert (filters.weight == weight).all()


def test_a_stopped_run_goes_on(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    window.document.set_recipe(window.document.recipe.changed(epochs=4), "for the test")
    window.training.train()
    qtbot.waitUntil(lambda: len(window.session.series.epochs) == 2, timeout=60_000)
    window.session.stop()
    qtbot.waitUntil(lambda: window.session.state == "idle", timeout=20_000)
    directory = window.session.directory
    steps = window.session.series.count
    window.training.history.resume_wanted.emit(str(directory))
    qtbot.waitUntil(lambda: window.session.state == "idle", timeout=60_000)
    assert Run.open(directory).status == "completed"
    assert len(window.session.series.epochs) == 4
    assert window.session.series.count > steps, "the curve goes on where it was"


def test_notes_are_kept_in_the_run(two: MainWindow) -> None:
    history = two.training.history
    first, second = (row["directory"] for row in history.rows)
    history.choose(first)
    history.notes.setPlainText("a good one")
    history.notes.document().setModified(True)
    history.choose(second)
    assert history.notes.toPlainText() == ""
    history.choose(first)
    assert history.notes.toPlainText() == "a good one"
    directory = Path(first)
    assert (directory / layout.NOTES).read_text() == "a good one"


def test_keys_in_the_list_are_the_runs_and_never_the_networks(
    two: MainWindow, qtbot, tmp_path: Path, monkeypatch
) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "new" / "data"))  # of a home that is quite new
    two.document.select(["relu1"])
    graph = two.document.graph
    newest, oldest = (row["directory"] for row in two.training.history.rows)
    two.training.history.choose(newest)
    two.pages.go_to_panel("Runs")
    runs = next(tree for tree in two.training.history.findChildren(QTreeWidget) if tree.accessibleName() == "Runs")
    assert runs.hasFocus()
    qtbot.keyClick(runs, Qt.Key.Key_F2)
    assert runs.findChild(QLineEdit).text() == Path(newest).name
    qtbot.keyClick(runs.findChild(QLineEdit), Qt.Key.Key_Escape)
    runs.setFocus()
    qtbot.keyClick(runs, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: [row["directory"] for row in two.training.history.rows] == [oldest], timeout=20_000)
    assert two.document.graph is graph


def test_a_run_goes_to_the_trash(two: MainWindow, qtbot, tmp_path: Path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "new" / "data"))  # of a home that is quite new
    newest, oldest = (row["directory"] for row in two.training.history.rows)
    two.training.history.delete(newest)
    qtbot.waitUntil(lambda: [row["directory"] for row in two.training.history.rows] == [oldest], timeout=20_000)
    assert not Path(newest).exists()


def test_runs_that_never_began_say_so_and_are_cleared_together(
    two: MainWindow, qtbot, tmp_path: Path, monkeypatch,  # type: ignore[no-untyped-def]
) -> None:  # fmt: skip
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    history = two.training.history
    assert history.clear_button.isHidden()
    assert not two.actions_table["clear_runs"].isEnabled()
    good = {row["directory"] for row in history.rows}
    bad = set()
    for number in (7, 8, 9):
        directory = new_directory(places.runs(), f"bad{number}")
        shutil.copytree(next(iter(good)), directory, dirs_exist_ok=True)
        if number < 9:
            (directory / layout.METRICS).unlink()
        mark_as_failed(directory, ValueError("no images"))
        (bad if number < 9 else good).add(str(directory))
    history.refresh()
    qtbot.waitUntil(lambda: len(history.rows) == 5, timeout=20_000)
    assert set(history.never_begun) == bad
    rows = next(tree for tree in history.findChildren(QTreeWidget) if tree.accessibleName() == "Runs")
    assert [rows.topLevelItem(n).text(3) for n in range(5)].count("failed before its first step") == 2
    assert history.clear_button.text() == "Clear 2 that never began"
    two.actions_table["clear_runs"].trigger()
    qtbot.waitUntil(lambda: len(history.rows) == 3, timeout=20_000)
    assert not any(Path(path).exists() for path in bad)
    assert {row["directory"] for row in history.rows} == good


def test_every_figure_of_a_run_is_in_sight_where_the_list_is_narrow(two: MainWindow) -> None:
    shown = two.findChild(RunList)
    shown.resize(430, 200)
    header = shown.header()
    assert header.length() <= shown.viewport().width()
    for column in range(4, len(COLUMNS)):
        title = header.fontMetrics().horizontalAdvance(COLUMNS[column])
        assert header.sectionSize(column) >= max(title, shown.sizeHintForColumn(column))


def test_a_run_is_marked_in_the_whole_width_of_a_wide_list(two: MainWindow) -> None:
    shown = two.findChild(RunList)
    shown.resize(1100, 200)
    assert shown.header().length() == shown.viewport().width()


def test_what_differs_between_runs_is_read_without_scrolling_sideways(qtbot) -> None:  # type: ignore[no-untyped-def]
    settings = RunSettings()
    qtbot.addWidget(settings)
    settings.show()
    names = "0001-LeNet-5", "0002-LeNet-5"
    rows = Row("learning rate", ("0.03", "0.01"), True), Row("fc2", ("", "out_features 84 → 60"), True)
    for width, texts in ((240, ["0001-LeNet-5: 0.03", "0002-LeNet-5: 0.01"]), (700, [])):
        settings.resize(width, 200)
        settings.show_table(Table(names, rows))
        assert settings.horizontalScrollBar().maximum() == 0
        first, second = settings.topLevelItem(0), settings.topLevelItem(1)
        assert [first.child(n).text(0) for n in range(first.childCount())] == texts
        assert second.childCount() == bool(texts), "nothing is said of a run of which there is nothing to say"
    assert [first.text(column) for column in range(3)] == ["learning rate", "0.03", "0.01"]
    settings.resize(240, 200)
    assert settings.topLevelItem(0).childCount() == 2, "they follow the room"


def test_what_a_run_has_of_a_setting_stands_below_it_where_there_is_no_room_beside(qtbot) -> None:  # type: ignore[no-untyped-def]
    settings = RunSettings()
    qtbot.addWidget(settings)
    settings.show()
    settings.resize(120, 200)
    settings.show_table(Table(("0001-LeNet-5",), (Row("learning rate", ("0.03",), True),)))
    (only,) = [settings.topLevelItem(n) for n in range(settings.topLevelItemCount())]
    assert [only.text(0), only.child(0).text(0)] == ["learning rate", "0.03"]
    assert settings.headerItem().text(0) == "Setting"
    settings.resize(400, 200)
    (only,) = [settings.topLevelItem(n) for n in range(settings.topLevelItemCount())]
    assert [only.text(0), only.text(1), only.childCount()] == ["learning rate", "0.03", 0]
