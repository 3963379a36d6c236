"""Whoever has no mouse, or does not see the screen: every action by key, every panel reached, every widget named."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication, QLineEdit

from tests.gui.stops import nameless
from workbench.graph import edits
from workbench.gui import commands
from workbench.gui.action_finder import ActionFinder
from workbench.gui.actions import ACTIONS
from workbench.gui.main_window import MainWindow
from workbench.gui.training.recipe_finder import RecipeFinder
from workbench.gui.workspace import PANELS
from workbench.presets import PRESETS


def test_every_key_means_one_thing() -> None:
    keys = [key for action in ACTIONS for key in (action.shortcut, action.also) if key]
    written = [QKeySequence(key).toString() for key in keys]
    assert all(written)
    assert len(set(written)) == len(written)
    # A key that begins a longer one would never be told from it.
    starts = {text.split(", ")[0] for text in written if ", " in text}
    assert not starts & {text for text in written if ", " not in text}


def test_every_action_is_found_in_the_command_palette(window: MainWindow) -> None:
    commands.find_action(window)
    finder = window.findChild(ActionFinder)
    listed = [text.partition(": ")[2] for text in finder.shown]
    assert listed == [window.actions_table[a.name].text() for a in ACTIONS if a.name != "palette"]


def test_the_first_action_that_can_be_done_is_chosen_by_return(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    window.document.select([])
    commands.find_action(window)
    finder = window.findChild(ActionFinder)
    qtbot.keyClicks(finder._line, "dup")
    qtbot.keyClick(finder._line, Qt.Key.Key_Return)
    assert finder.isVisible(), "nothing can be duplicated while nothing is selected"
    finder._line.setText("no such thing")
    qtbot.keyClick(finder._line, Qt.Key.Key_Return)
    assert finder.shown == ["No action is called so."]
    finder._line.setText("cards tell")
    qtbot.keyClick(finder._line, Qt.Key.Key_Down)
    qtbot.keyClick(finder._line, Qt.Key.Key_Return)
    assert window.settings.get("card_facts") == "field"


@pytest.mark.parametrize("key", [Qt.Key.Key_P, Qt.Key.Key_K])
def test_the_command_palette_has_both_of_its_keys(window: MainWindow, qtbot, key: Qt.Key) -> None:  # type: ignore[no-untyped-def]
    control, shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(window, key, control | shift if key == Qt.Key.Key_P else control)
    assert window.findChild(ActionFinder) is not None


@pytest.mark.parametrize("name", ["strongest_maps", "own_scale", "log_scale"])
def test_how_maps_and_curves_are_shown_is_an_action(window: MainWindow, name: str) -> None:
    maps, curves = window.inspection.maps.bar, window.training.curves
    button = {"strongest_maps": maps.strongest, "own_scale": maps.own_scale, "log_scale": curves.log_scale}[name]
    window.pages.show_start_page()
    window.actions_table[name].trigger()
    assert button.isChecked()
    assert window.pages.shows_editor
    window.actions_table[name].trigger()
    assert not button.isChecked()


def test_what_is_done_with_a_run_and_with_images_is_an_action(trained, qtbot) -> None:  # type: ignore[no-untyped-def]
    window: MainWindow = trained(epochs=1)
    hardest, actions = window.training.hardest, window.actions_table
    qtbot.waitUntil(lambda: bool(hardest.hard) and len(window.training.history.rows) == 1, timeout=60_000)
    actions["audit"].trigger()
    qtbot.waitUntil(lambda: "were compared" in window.data_panel.audit.told, timeout=60_000)
    assert not actions["exclude"].isEnabled()
    assert not actions["take_back"].isEnabled()
    hardest.pictures.setFocus()
    hardest.pictures.setCurrentRow(0)
    qtbot.keyClick(hardest.pictures, Qt.Key.Key_Space)
    actions["exclude"].trigger()
    assert window.document.data.excluded == (hardest.hard[0].index,)
    actions["take_back"].trigger()
    assert window.document.data.excluded == ()
    assert not actions["take_back"].isEnabled()
    window.document.undo()
    window.document.saved_as(Path("elsewhere.json"))
    qtbot.waitUntil(lambda: window.training.history.rows[0]["state"] == "completed", timeout=20_000)
    assert not actions["resume_run"].isEnabled(), "a run that is completed has nothing to go on with"
    overlaid: list[object] = []
    window.training.history.overlaid.connect(overlaid.append)
    actions["overlay_run"].trigger()
    qtbot.waitUntil(lambda: len(overlaid) == 1 and len(overlaid[0]) == 1, timeout=20_000)
    actions["overlay_run"].trigger()
    qtbot.waitUntil(lambda: overlaid[-1] == [], timeout=20_000)
    actions["rename_run"].trigger()
    qtbot.waitUntil(lambda: isinstance(QApplication.focusWidget(), QLineEdit))
    qtbot.keyClicks(QApplication.focusWidget(), "baseline")
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: Path(window.training.history.current).name == "0001-baseline")
    actions["open_run"].trigger()
    assert window.document.data.excluded == ()


def test_every_panel_is_reached_closed_and_reached_again(window: MainWindow) -> None:
    for title in PANELS:
        action = window.actions_table[f"panel_{title}"]
        action.trigger()
        assert window.workspace.current == title
        window.actions_table["close_panel"].trigger()
        assert not window.workspace.is_seen(title)
        action.trigger()
        assert window.workspace.current == title
    window.actions_table["show_network"].trigger()
    assert QApplication.focusWidget() is window.editor.view
    window.actions_table["close_panel"].trigger()
    assert "Ctrl+Tab" in window.message


def test_the_menu_ticks_the_panels_that_are_open(window: MainWindow) -> None:
    def is_ticked(title: str) -> bool:
        (menu,) = (action.menu() for action in window.menuBar().actions() if action.text() == "&Window")
        menu.aboutToShow.emit()
        return window.actions_table[f"panel_{title}"].isChecked()

    assert all(is_ticked(title) for title in PANELS)
    window.workspace.close_panel("Runs")
    assert not is_ticked("Runs")
    window.actions_table["panel_Runs"].trigger()
    assert window.actions_table["panel_Runs"].isChecked()
    window.actions_table["panel_Runs"].trigger()
    assert window.actions_table["panel_Runs"].isChecked(), "whoever goes to an open panel does not close it"


def test_a_panel_is_moved_to_another_side(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    areas = Qt.DockWidgetArea
    dock = window.workspace._docks["Recipe"]
    for name, area in (("left", areas.LeftDockWidgetArea), ("bottom", areas.BottomDockWidgetArea)):
        window.pages.go_to_panel("Recipe")
        window.actions_table[f"move_{name}"].trigger()
        assert window.workspace.dockWidgetArea(dock) == area
        assert window.workspace.current == "Recipe"
        QApplication.processEvents()
        assert window.workspace.is_seen("Recipe")
        assert nameless(window.workspace) == []
    assert window.workspace.tabifiedDockWidgets(dock), "a tab beside Curves, not a row of its own"
    window.pages.go_to_panel("Recipe")
    commands.detach_panel(window)
    qtbot.waitUntil(lambda: window.workspace.current == "Recipe")
    window.actions_table["move_right"].trigger()
    assert not dock.isFloating()
    assert window.workspace.dockWidgetArea(dock) == areas.RightDockWidgetArea
    window.actions_table["show_network"].trigger()
    window.actions_table["move_left"].trigger()
    assert "No panel has the keyboard" in window.message


def test_recipes_and_quick_fixes_are_actions(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    window.actions_table["take_recipe"].trigger()
    finder = window.findChild(RecipeFinder)
    assert finder.height() < window.height() / 2, "however many there are"
    line = finder.findChild(QLineEdit)
    qtbot.keyClicks(line, "vgg-16 publ")
    assert finder.shown[0] == "VGG-16: as published"
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert window.document.undo_title == "Take the recipe VGG-16: as published"
    assert window.document.recipe == PRESETS["vgg16"].published
    assert not window.actions_table["fix"].isEnabled()
    (flatten,) = (node.name for node in window.document.graph.nodes if node.kind == "Flatten")
    window.document.set_graph(edits.remove(window.document.graph, flatten), "for the test")
    assert window.actions_table["fix"].isEnabled()
    window.actions_table["fix"].trigger()
    assert window.document.undo_title == "Insert Flatten"
    assert not window.actions_table["fix"].isEnabled()
    window.document.saved_as(Path("elsewhere.json"))


def test_what_the_pre_flight_recommends_is_an_action(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    actions = window.actions_table
    assert not actions["use_rate"].isEnabled()
    actions["preflight"].trigger()
    qtbot.waitUntil(lambda: actions["use_rate"].isEnabled(), timeout=60_000)
    rate = window.training.preflight.rate
    assert not actions["use_batch"].isEnabled(), "the batch fits"
    actions["use_rate"].trigger()
    assert window.document.recipe.learning_rate == rate
    qtbot.waitUntil(lambda: not window.training.preflight.running, timeout=60_000)


def test_ctrl_tab_goes_round_network_and_panels(window: MainWindow) -> None:
    window.pages.show_editor()
    seen = []
    for _ in range(len(PANELS) + 1):
        window.actions_table["next_panel"].trigger()
        seen.append(window.workspace.current)
    assert seen == [*PANELS, ""]
    window.actions_table["previous_panel"].trigger()
    assert window.workspace.current == list(PANELS)[-1]


def test_a_panel_is_detached_and_attached(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    window.pages.go_to_panel("Recipe")
    dock = window.recipe_panel.parentWidget()
    commands.detach_panel(window)
    assert dock.isFloating()
    qtbot.waitUntil(lambda: window.workspace.current == "Recipe")
    commands.detach_panel(window)
    assert not dock.isFloating()
