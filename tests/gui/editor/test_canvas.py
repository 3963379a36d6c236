"""What a hand on the canvas expects: of a right click, of what is pasted, of a block that stands open."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu

from workbench.graph import GraphError
from workbench.gui.editor import commands
from workbench.gui.main_window import MainWindow
from workbench.presets import build
from workbench.project import Project


def _right_click(window: MainWindow, name: str, qtbot) -> None:  # type: ignore[no-untyped-def]
    """The press of the button comes first, then the event that asks for a menu."""
    view = window.editor.view
    view.show_card(name)
    place = view.mapFromScene(window.editor.scene.cards[name].sceneBoundingRect().center())
    qtbot.mousePress(view.viewport(), Qt.MouseButton.RightButton, pos=place)
    asked = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, view.viewport().mapToGlobal(place))
    QApplication.sendEvent(view.viewport(), asked)
    qtbot.mouseRelease(view.viewport(), Qt.MouseButton.RightButton, pos=place)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    menu.close()


def test_a_right_click_on_one_of_several_selected_cards_leaves_them_selected(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    window.document.select(["conv1", "pool1"])
    _right_click(window, "pool1", qtbot)
    assert set(window.document.selection) == {"conv1", "pool1"}
    _right_click(window, "relu1", qtbot)
    assert window.document.selection == ("relu1",)


def test_the_first_of_what_is_pasted_comes_into_view(window: MainWindow) -> None:
    window.document.select(["conv1", "relu1", "pool1"])
    window.editor.copy()
    window.document.select(["fc3"])
    window.editor.paste()
    view = window.editor.view
    first = window.editor.scene.chosen[0]
    assert view.viewport().rect().contains(view.mapFromScene(first.sceneBoundingRect()).boundingRect())


def _copied_card(window: MainWindow) -> list[str]:
    """The cards of the one block that is selected, which is a copy."""
    (copy,) = window.document.selection
    assert window.document.graph.members(copy)
    cards = [card.name for card in window.editor.scene.chosen]
    return ["closed"] if cards == [copy] else cards


def test_a_block_that_is_closed_where_a_network_is_opened_is_copied_as_one_card(window: MainWindow) -> None:
    window.files.open_project(Project(build("resnet34")))
    window.document.select(["layer1.0"])
    window.editor.duplicate()
    assert _copied_card(window) == ["closed"]
    window.editor.copy()
    window.editor.paste()
    assert _copied_card(window) == ["closed"]


def test_the_copy_of_a_block_is_closed_or_open_as_that_is(window: MainWindow) -> None:
    block = commands.group(window.document, ["conv1", "relu1"], "stem")
    window.document.select([block])
    window.editor.duplicate()
    assert _copied_card(window) == ["stem2.conv1", "stem2.relu1"]
    window.editor.scene.toggle_block(block)
    window.document.select([block])
    window.editor.duplicate()
    assert _copied_card(window) == ["closed"]


@pytest.mark.parametrize("text", ["", "conv1"])
def test_a_clipboard_without_layers_is_told_in_words(window: MainWindow, text: str) -> None:
    QApplication.clipboard().setText(text)
    window.actions_table["paste"].trigger()
    assert window.message == "no layers are in the clipboard: copy some first"


def test_the_cards_of_an_open_block_are_seen_to_be_selected_with_it(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    commands.group(window.document, ["conv1", "relu1"], "stem")
    assert [card.name for card in window.editor.scene.chosen] == ["stem.conv1", "stem.relu1"]
    assert window.document.selection == ("stem",), "it is the block that is selected"
    qtbot.keyClick(window.editor.view, Qt.Key.Key_Down)
    assert window.document.selection == ("pool1",)


def test_a_layer_in_no_block_says_so_where_its_block_is_to_be_opened(window: MainWindow) -> None:
    window.document.select(["conv1"])
    with pytest.raises(GraphError, match="stands in no block"):
        window.editor.toggle()


def test_the_whole_network_stays_whole_until_a_person_zooms(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    view = window.editor.view
    window.actions_table["fit"].trigger()
    for _ in range(8):
        window.editor.insert("layer:ReLU")
    assert view.verticalScrollBar().maximum() == view.verticalScrollBar().minimum(), "nothing is left to scroll to"
    fitting = view.zoom
    window.resize(1280, 700)
    qtbot.waitUntil(lambda: view.zoom < fitting)
    window.actions_table["life_size"].trigger()
    window.editor.insert("layer:ReLU")
    assert view.zoom == view.life_size
