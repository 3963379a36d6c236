"""The stack on the canvas: what the cards tell, and how it is walked and edited with the keyboard alone."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QApplication, QSpinBox

from workbench.graph import Builder, Node, edits
from workbench.gui.editor import commands
from workbench.gui.editor.card import HEIGHT, STRIP
from workbench.gui.editor.faces import face
from workbench.gui.editor.layout import ROW_GAP
from workbench.gui.editor.outline import outline
from workbench.gui.figures import whole_figures
from workbench.gui.main_window import MainWindow
from workbench.gui.settings import Settings
from workbench.presets import build
from workbench.project import Project


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ("field", "sees 5×5, effective stride 1×1"),
        ("weights", "156 weights, 0.25 % of all"),
        ("macs", "118 k multiply-adds, 28 % of all"),
        ("memory", "18.8 kB of activations a picture, 31 % of all"),
    ],
)
def test_the_last_line_tells_what_was_chosen_and_remembers_it(window: MainWindow, facts: str, told: str) -> None:
    card = window.editor.scene.cards["conv1"]
    overview = card.face.figures
    window.actions_table[f"cards_{facts}"].trigger()
    assert card.face.figures == told
    assert window.actions_table[f"cards_{facts}"].isChecked()
    assert Settings().get("card_facts") == facts
    window.actions_table["cards_overview"].trigger()
    assert card.face.figures == overview


def test_an_argument_changes_faces_and_moves_no_card(window: MainWindow) -> None:
    scene = window.editor.scene
    placement = scene.placement
    commands.set_argument(window.document, ["conv1"], "out_channels", 12)
    assert scene.cards["pool1"].face.shape.startswith("12×")
    assert scene.placement is placement
    window.document.undo()
    assert scene.cards["pool1"].face.shape.startswith("6×")


def test_a_list_of_sizes_is_told_as_a_list(window: MainWindow) -> None:
    builder = Builder((1, 8, 8))
    builder.add("conv", "Conv2d", out_channels=12, kernel_size=(3, 1))
    builder.add("parts", "Split", sizes=(4, 8))
    window.document.open(Project(builder.build("split")))
    cards = window.editor.scene.cards
    assert cards["parts"].face.detail == "sizes 4, 8"
    assert cards["conv"].face.detail == "12 filters, 3×1"


def test_arrows_walk_the_stack_and_say_where_one_is(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    view = window.editor.view
    qtbot.keyClick(view, Qt.Key.Key_Down)
    assert window.document.selection == ("conv1",)
    qtbot.keyClick(view, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert window.document.selection == ("conv1", "relu1")
    qtbot.keyClick(view, Qt.Key.Key_Up)
    assert window.document.selection == ("conv1",)
    assert view.accessibleDescription().startswith("Conv2d, conv1, 6×28×28")


def test_right_and_left_step_between_branches(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    window.files.open_preset("googlenet")
    window.editor.open_all()
    scene, view = window.editor.scene, window.editor.view
    rows: dict[float, list[str]] = {}
    for name, card in scene.cards.items():
        rows.setdefault(card.pos().y(), []).append(name)
    row = sorted(next(names for names in rows.values() if len(names) > 1), key=lambda n: scene.cards[n].pos().x())
    window.document.select(row[:1])
    qtbot.keyClick(view, Qt.Key.Key_Right)
    assert window.document.selection == (row[1],)
    qtbot.keyClick(view, Qt.Key.Key_Left)
    assert window.document.selection == (row[0],)


def test_a_layer_moves_up_and_down_by_key(window: MainWindow) -> None:
    names = [node.name for node in window.document.graph.nodes]
    window.document.select(["relu1"])
    window.actions_table["move_down"].trigger()
    assert [node.name for node in window.document.graph.nodes][:3] == ["conv1", "pool1", "relu1"]
    assert window.document.selection == ("relu1",)
    window.actions_table["move_up"].trigger()
    assert [node.name for node in window.document.graph.nodes] == names


def test_two_cards_are_connected_by_key(window: MainWindow) -> None:
    window.files.open_preset("resnet18")
    window.editor.open_all()
    target = next(node.name for node in window.document.graph.nodes if node.kind == "Add")
    before = window.document.graph.sources(window.document.graph.node(target))
    assert "bn1" not in before
    window.document.select(["bn1", target])
    window.actions_table["connect"].trigger()
    assert window.document.graph.sources(window.document.graph.node(target)) == (*before, "bn1")
    window.document.select(["relu"])
    window.actions_table["connect"].trigger()
    assert "two cards" in window.message


def test_any_two_cards_are_selected_and_connected_without_a_mouse(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    window.files.open_preset("resnet18")
    window.editor.open_all()
    view, network = window.editor.view, window.editor.scene
    control = Qt.KeyboardModifier.ControlModifier
    target = next(node.name for node in window.document.graph.nodes if node.kind == "Add")
    names = [entry.name for entry in network.outline.entries]
    qtbot.keyClick(view, Qt.Key.Key_Home)
    assert window.document.selection == (names[1],)
    way = names.index(target) - 1
    assert way > 3
    for _ in range(way):
        qtbot.keyClick(view, Qt.Key.Key_Down, control)
    assert window.document.selection == (names[1],), "Ctrl goes on without selecting"
    assert view.accessibleDescription().startswith(f"Add, {target}")
    assert view.accessibleDescription().endswith("not selected")
    assert view.viewport().rect().contains(view.mapFromScene(network.cards[target].pos()))
    qtbot.keyClick(view, Qt.Key.Key_Space)
    assert window.document.selection == (names[1], target)
    before = window.document.graph.sources(window.document.graph.node(target))
    qtbot.keyClick(window, Qt.Key.Key_L, control)
    assert window.document.graph.sources(window.document.graph.node(target)) == (*before, names[1])
    qtbot.keyClick(view, Qt.Key.Key_Space)
    assert window.document.selection == (names[1],), "a second time takes it out again"
    qtbot.keyClick(view, Qt.Key.Key_End)
    assert window.document.selection == (names[-1],)


def test_the_canvas_is_moved_without_a_mouse(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    window.files.open_preset("googlenet")
    window.editor.open_all()
    view = window.editor.view
    view.set_zoom(1.5)
    down, across = view.verticalScrollBar(), view.horizontalScrollBar()
    down.setValue(down.minimum())
    across.setValue(across.minimum())
    qtbot.keyClick(view, Qt.Key.Key_PageDown)
    assert (down.value() > down.minimum(), across.value()) == (True, across.minimum())
    here = down.value()
    qtbot.keyClick(view, Qt.Key.Key_PageDown, Qt.KeyboardModifier.ShiftModifier)
    assert (down.value(), across.value() > across.minimum()) == (here, True)
    qtbot.keyClick(view, Qt.Key.Key_PageUp, Qt.KeyboardModifier.ShiftModifier)
    assert across.value() == across.minimum()


def test_return_goes_to_the_first_argument_and_escape_back(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    view = window.editor.view
    window.document.select(["conv1"])
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_Return)
    box = QApplication.focusWidget()
    assert isinstance(box, QSpinBox)
    assert (box.accessibleName(), box.value()) == ("out channels", 6)
    qtbot.keyClick(box, Qt.Key.Key_Up)
    assert window.document.graph.node("conv1").arguments["out_channels"] == 7
    qtbot.keyClick(box, Qt.Key.Key_Escape)
    assert view.hasFocus()


def test_the_stack_opens_where_something_would_land_and_closes_again(window: MainWindow) -> None:
    scene = window.editor.scene
    before = {name: card.pos().y() for name, card in scene.cards.items()}
    scene.mark_gap("relu1")
    moved = {name for name, card in scene.cards.items() if card.pos().y() > before[name]}
    assert moved == set(scene.cards) - {"input", "conv1", "relu1"}
    # The pointer in the gap still means the gap, and below the card that has moved it means that card.
    middle = scene.cards["relu1"].pos() + QPointF(0, scene.cards["relu1"].height / 2 + 35)
    assert scene.gap_at(middle) == "relu1"
    card = scene.cards["pool1"]
    assert scene.gap_at(card.pos() + QPointF(0, card.height / 2 + 5)) == "pool1"
    scene.mark_gap(None)
    assert {name: card.pos().y() for name, card in scene.cards.items()} == before


def test_a_card_tells_whole_figures_only(window: MainWindow) -> None:
    figures, width_of = window.editor.scene.cards["conv1"].face.figures, QFontMetricsF(window.font()).horizontalAdvance
    assert whole_figures(figures, width_of, width_of(figures)) == figures
    assert whole_figures(figures, width_of, width_of(figures) - 1) == figures.rpartition(" · ")[0]
    assert whole_figures(figures, width_of, 5) == "156 weights"


def drag(window: MainWindow, qtbot, name: str, below: str, midway: Callable[[], object] = lambda: None) -> None:  # type: ignore[no-untyped-def]
    """A card dragged to the gap below another one; ``midway`` happens while it is held."""
    scene, view = window.editor.scene, window.editor.view
    start = view.mapFromScene(scene.cards[name].pos())
    goal = view.mapFromScene(scene.cards[below].pos() + QPointF(0, scene.cards[below].height / 2 + 8))
    qtbot.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(view.viewport(), start + (goal - start) * 0.5)
    midway()
    qtbot.mouseMove(view.viewport(), goal)
    qtbot.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=goal)


def test_a_layer_is_dragged_between_two_cards(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    drag(window, qtbot, "relu1", "input")
    assert [node.name for node in window.document.graph.nodes][:2] == ["relu1", "conv1"]
    assert window.document.undo_title == "Move relu1"


def test_a_layer_is_dragged_one_place_down_and_stays_where_it_is_when_dropped_there(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    drag(window, qtbot, "relu1", "conv1")
    assert not window.document.undo_title
    drag(window, qtbot, "relu1", "pool1")
    assert [node.name for node in window.document.graph.nodes][:3] == ["conv1", "pool1", "relu1"]


@pytest.mark.parametrize(("first", "stays"), [("input", "input"), ("conv1", "relu1")])
def test_the_first_card_in_view_that_is_left_stays_when_one_is_called_otherwise(
    window: MainWindow, first: str, stays: str, qtbot
) -> None:
    scene, view = window.editor.scene, window.editor.view
    qtbot.waitUntil(lambda: bool(scene._strips), timeout=20_000)  # cards grow when their maps come
    view.verticalScrollBar().setValue(round((scene.cards[first].sceneBoundingRect().top() - 2) * view.zoom))
    place = view.mapFromScene(scene.cards[stays].pos())
    commands.rename(window.document, "conv1", "stem")
    assert view.mapFromScene(scene.cards[stays].pos()) == place


def test_cards_with_the_maps_they_give_are_higher_and_keep_their_distance(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    scene = window.editor.scene
    qtbot.waitUntil(lambda: bool(scene._strips), timeout=20_000)
    for strips in (scene._strips, {}, {"conv1": lambda: np.zeros((4, 9), np.uint8)}):
        scene.show_strips(strips)
        cards = [scene.cards[entry.name] for entry in scene.outline.entries]
        assert scene.placement.heights == {card.name: card.height for card in cards}
        with_strip = {card.name: HEIGHT + STRIP * (card.name in strips) for card in cards}
        assert {card.name: card.plate().height() for card in cards} == with_strip
        for upper, lower in itertools.pairwise(cards):
            top, bottom = lower.mapRectToScene(lower.plate()).top(), upper.mapRectToScene(upper.plate()).bottom()
            assert top - bottom == pytest.approx(ROW_GAP)


def test_a_card_that_is_called_otherwise_while_it_is_dragged_stays_where_it_is(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    drag(window, qtbot, "relu1", "input", lambda: commands.rename(window.document, "relu1", "other"))
    assert window.document.undo_title == "Rename relu1 to other"
    assert [node.name for node in window.document.graph.nodes][:2] == ["conv1", "other"]


def test_cards_that_are_selected_together_are_dragged_together(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    window.document.select(["relu1", "pool1"])
    drag(window, qtbot, "relu1", "input")
    assert [node.name for node in window.document.graph.nodes][:3] == ["relu1", "pool1", "conv1"]
    assert window.document.undo_title == "Move 2 layers"
    window.document.undo()
    assert not window.document.undo_title


def test_cards_that_are_selected_together_move_together_by_key(window: MainWindow) -> None:
    window.document.select(["conv1", "relu1"])
    window.actions_table["move_down"].trigger()
    assert [node.name for node in window.document.graph.nodes][:3] == ["pool1", "conv1", "relu1"]
    window.actions_table["move_up"].trigger()
    assert [node.name for node in window.document.graph.nodes][:3] == ["conv1", "relu1", "pool1"]


def test_a_click_with_shift_selects_all_cards_up_to_there(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    window.pages.show_editor()
    window.editor.view.fit()
    view, network = window.editor.view, window.editor.scene

    def click(name: str, modifier: Qt.KeyboardModifier) -> None:
        place = view.mapFromScene(network.cards[name].pos())
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, modifier, place)

    click("conv2", Qt.KeyboardModifier.NoModifier)
    click("flatten", Qt.KeyboardModifier.ShiftModifier)
    assert window.document.selection == ("conv2", "relu2", "pool2", "flatten")
    click("relu1", Qt.KeyboardModifier.ShiftModifier)
    assert window.document.selection[:3] == ("relu1", "pool1", "conv2")
    assert window.document.project == window.document.steps[0].project, "nothing is moved"


def test_cards_tell_what_matters_of_a_layer_even_where_nobody_chose_it() -> None:
    graph = edits.insert(build("lenet5"), Node("drop", "Dropout"), "conv1")
    assert face(graph, outline(graph, frozenset()).by_name["drop"], None).detail == "p = 0.5"
