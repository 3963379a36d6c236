"""The history of runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbench.gui.main_window import MainWindow
from workbench.runs import Run, layout


@pytest.fixture
def two(trained, qtbot) -> MainWindow:  # type: ignore[no-untyped-def]
    """A window with two finished runs that differ in their learning rate."""
    window: MainWindow = trained(epochs=2, learning_rate=0.02)
    trained(epochs=2, learning_rate=0.05)
    window.workspace.reveal("Runs")
    qtbot.waitUntil(
        lambda: len(window.history.rows) == 2 and {r["state"] for r in window.history.rows} == {"completed"},
        timeout=20_000,
    )
    return window


def test_runs_are_listed_newest_first_and_ticked_ones_laid_under_the_curves(two: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    newest, oldest = (row["directory"] for row in two.history.rows)
    assert Run.open(newest).number > Run.open(oldest).number
    found = []
    two.history.overlaid.connect(found.append)
    two.history.tick(newest)
    two.history.tick(oldest)
    qtbot.waitUntil(lambda: bool(found) and len(found[-1]) == 2, timeout=20_000)
    assert {name for name, _ in found[-1]} == {Path(newest).name, Path(oldest).name}
    assert all(len(series.epochs) == 2 for _, series in found[-1])
    assert "recipe.learning_rate: 0.02 | 0.05" in two.history.differences
    two.workspace.reveal("Curves")
    two.curves.refresh()
    assert Path(oldest).name in two.curves._plot._lines


def test_a_runs_network_is_opened_with_its_weights(two: MainWindow) -> None:
    oldest = two.history.rows[1]["directory"]
    two.document.saved_as(Path("kept.json"))
    two.open_preset("alexnet")
    two.history.network_wanted.emit(oldest)
    assert two.document.project == Run.open(oldest).project
    assert "conv1.weight" in two._previewer._weights


def test_a_stopped_run_goes_on(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    window.document.set_recipe(window.document.recipe.changed(epochs=4), "for the test")
    window.train()
    qtbot.waitUntil(lambda: len(window.session.series.epochs) == 2, timeout=60_000)
    window.session.stop()
    qtbot.waitUntil(lambda: window.session.state == "idle", timeout=20_000)
    directory = window.session.directory
    steps = window.session.series.count
    window.history.resume_wanted.emit(str(directory))
    qtbot.waitUntil(lambda: window.session.state == "idle", timeout=60_000)
    assert Run.open(directory).status == "completed"
    assert len(window.session.series.epochs) == 4
    assert window.session.series.count > steps, "the curve goes on where it was"


def test_notes_are_kept_in_the_run(two: MainWindow) -> None:
    history = two.history
    history._list.setCurrentItem(history._list.topLevelItem(0))
    history._notes.setPlainText("a good one")
    history._notes.document().setModified(True)
    history._list.setCurrentItem(history._list.topLevelItem(1))
    directory = Path(history.rows[0]["directory"])
    assert (directory / layout.NOTES).read_text() == "a good one"


def test_a_run_goes_to_the_trash(two: MainWindow, qtbot, tmp_path: Path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "data").mkdir()
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    newest, oldest = (row["directory"] for row in two.history.rows)
    two.history.delete(newest)
    qtbot.waitUntil(lambda: [row["directory"] for row in two.history.rows] == [oldest], timeout=20_000)
    assert not Path(newest).exists()
