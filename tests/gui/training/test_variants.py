"""'Compare …' in the window: the real engine, each variant a run, and the window's own project untouched."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from workbench.gui import places
from workbench.gui.main_window import MainWindow
from workbench.gui.training.variants import VariantsWindow
from workbench.runs import list_runs


def opened(window: MainWindow) -> VariantsWindow:
    window.document.set_data(window.document.data.changed(subset=60), "few images")
    window.document.set_recipe(window.document.recipe.changed(epochs=2, batch_size=30), "two epochs")
    return window.training.compare_variants()


def ticked(compared: VariantsWindow) -> list[str]:
    table = compared.lab.table
    rows = [table.item(row, 0) for row in range(table.rowCount())]
    return [item.text() for item in rows if item.checkState() == Qt.CheckState.Checked]


def test_what_is_ticked_races_and_stays_as_runs(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    compared = opened(window)
    project = window.document.project
    assert "as it was" in ticked(compared)
    compared.lab._tick_only(("as it was", "dropout"))
    compared.lab.order.setCurrentIndex(1)
    qtbot.mouseClick(compared.lab.start, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not compared.lab.running, timeout=60_000)
    assert compared.lab.told.text() == "All have finished."
    assert {name: len(epochs) for name, epochs in compared.lab.laps.items()} == {"as it was": 2, "dropout": 2}
    assert [run.status for run in list_runs(places.runs())] == ["completed", "completed"]
    assert window.document.project == project
    qtbot.waitUntil(lambda: len(window.training.history.rows) == 2)
    compared.close()


def test_curves_have_half_the_room_and_what_is_ticked_has_colours_of_its_own(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    compared = opened(window)
    qtbot.waitExposed(compared)
    lab = compared.lab
    assert lab.table.rowCount() > 10
    assert lab.plot.height() > 0.8 * lab.table.height()
    lines = (lab._lines[variant.name] for variant in lab._variants)
    colours = [line.opts["pen"].color().name() for line in lines]
    assert len(set(colours)) == len(colours)
    compared.close()


def test_a_setting_is_added_with_values_of_ones_own(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    compared = opened(window)
    before = ticked(compared)
    compared.lab.setting.setCurrentText("momentum")
    qtbot.keyClicks(compared.lab.values, "0, 0.5")
    add = next(button for button in compared.findChildren(QPushButton) if button.text() == "Add")
    qtbot.mouseClick(add, Qt.MouseButton.LeftButton)
    assert ticked(compared) == [*before, "momentum 0", "momentum 0.5"]
    qtbot.keyClicks(compared.lab.values, "much")
    qtbot.keyClick(compared.lab.values, Qt.Key.Key_Return)
    assert "momentum" in compared.lab.told.text()
    assert "much" in compared.lab.told.text()
    assert ticked(compared) == [*before, "momentum 0", "momentum 0.5"]
    compared.close()


def test_closing_it_stops_the_race(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    window.document.set_recipe(window.document.recipe.changed(epochs=500), "long")
    compared = window.training.compare_variants()
    compared.lab._tick_only(("as it was",))
    compared.lab.begin()
    qtbot.waitUntil(lambda: compared.lab.laps != {}, timeout=60_000)
    compared.close()
    qtbot.waitUntil(lambda: [run.status for run in list_runs(places.runs())] == ["stopped"], timeout=20_000)
