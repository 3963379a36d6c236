"""A user of the real window: one random thing after another with mouse and keys, and what must hold after each."""

from __future__ import annotations

import random
from collections.abc import Callable

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QDialog,
    QDoubleSpinBox,
    QLineEdit,
    QMenu,
    QSpinBox,
    QWidget,
)

from tests.gui.opening import spin
from workbench.gui import commands
from workbench.gui.action_finder import ActionFinder
from workbench.gui.main_window import MainWindow
from workbench.presets import build
from workbench.project import Project, dumps, loads

_NETWORKS = ("lenet5", "cifar-resnet20", "googlenet", "nin-cifar10")
_MOST_NODES = 150
_KEYS = Qt.Key
_MODIFIERS = Qt.KeyboardModifier
_ACTIONS = (
    "undo", "undo", "redo", "copy", "paste", "cut", "duplicate", "delete", "select_all", "ungroup", "toggle_block",
    "open_blocks", "close_blocks", "toggle_repeats", "move_up", "move_down", "connect", "previews", "fit", "life_size",
    "zoom_in", "zoom_out", "cards_field", "cards_memory", "cards_overview", "next_picture", "previous_picture",
    "next_photo", "edits", "reset_layout", "insert", "start_page", "dark", "light",
)  # fmt: skip
"""What asks nothing of a person and leaves the window open."""


class Hands:
    """Mouse, keyboard and a seed."""

    def __init__(self, window: MainWindow, seed: int) -> None:
        self.window, self.random = window, random.Random(seed)
        self.done: dict[str, int] = {}
        self.open_network()

    def act(self) -> None:
        """One thing, and what follows from it at once."""
        if len(self.window.document.graph.nodes) > _MOST_NODES:
            self.open_network()
        what = self.random.choices(list(_WAYS), list(_WAYS.values()))[0]
        self.last = what.__name__
        what(self)
        QApplication.processEvents()
        self._close_what_opened()
        self.done[what.__name__] = self.done.get(what.__name__, 0) + 1

    def check(self) -> None:
        """The document is sound, the window shows it, and nothing unforeseen has been told."""
        window = self.window
        document, scene = window.document, window.editor.scene
        assert window.errors.box is None, window.errors.box.detailedText()
        assert loads(dumps(document.project)) == document.project
        assert set(scene.cards) == set(scene.outline.by_name)
        shown = sorted(node for entry in scene.outline.entries for node in entry.nodes)
        assert shown == sorted(node.name for node in document.graph.nodes)
        assert {name for name, card in scene.cards.items() if card.isSelected()} <= set(document.selection) | {
            entry.name for entry in scene.outline.entries
        }
        assert set(scene.placement.lines) == set(scene.outline.edges)
        assert document.analysis is not None
        assert [layer.name for layer in document.analysis.layers] == [node.name for node in document.graph.nodes]
        assert window.isWindowModified() == document.modified
        assert window.actions_table["undo"].isEnabled() == bool(document.undo_title)
        assert window.actions_table["redo"].isEnabled() == bool(document.redo_title)

    def undo_all_and_redo_all(self) -> None:
        """With the keys' own actions: back to the first value, and forward to the last."""
        document, actions = self.window.document, self.window.actions_table
        values = [step.project for step in document.steps]
        while actions["redo"].isEnabled():
            actions["redo"].trigger()
        assert document.project is values[-1]
        while actions["undo"].isEnabled():
            actions["undo"].trigger()
        assert document.project is values[0]
        while actions["redo"].isEnabled():
            actions["redo"].trigger()
        assert document.project is values[-1]
        self.check()

    def rest(self) -> None:
        """Until nothing runs any more."""
        if self.window.session.active:
            self.window.session.stop()
        spin(lambda: not self.window.session.active)

    def open_network(self) -> None:
        name = self.random.choice(_NETWORKS)
        self.window.files.open_project(Project(build(name), self.window.document.data))

    def card(self) -> tuple[str, QPoint]:
        """A card that can be seen, and its middle in the view; what cannot be seen is scrolled to."""
        view, scene = self.window.editor.view, self.window.editor.scene
        name = self.random.choice(list(scene.cards))
        view.show_card(name)
        return name, view.mapFromScene(scene.cards[name].pos())

    def press(self, widget: QWidget, *keys: Qt.Key, modifier: Qt.KeyboardModifier = _MODIFIERS.NoModifier) -> None:
        for key in keys:
            QTest.keyClick(widget, key, modifier)

    def _close_what_opened(self) -> None:
        """A menu, a finder or a question is left with Escape."""
        for _ in range(5):
            popup = QApplication.activePopupWidget() or QApplication.activeModalWidget()
            if not isinstance(popup, QMenu | QDialog) or popup is self.window.errors.box:
                return
            self.press(popup, _KEYS.Key_Escape)
            QApplication.processEvents()


def click_a_card(hands: Hands) -> None:
    _, place = hands.card()
    modifier = hands.random.choice((_MODIFIERS.NoModifier, _MODIFIERS.NoModifier, _MODIFIERS.ControlModifier))
    QTest.mouseClick(hands.window.editor.view.viewport(), Qt.MouseButton.LeftButton, modifier, place)


def click_twice(hands: Hands) -> None:
    _, place = hands.card()
    QTest.mouseDClick(hands.window.editor.view.viewport(), Qt.MouseButton.LeftButton, pos=place)


def click_into_the_void(hands: Hands) -> None:
    viewport = hands.window.editor.view.viewport()
    place = QPoint(hands.random.randrange(viewport.width()), hands.random.randrange(viewport.height()))
    QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=place)


def drag(hands: Hands) -> None:
    """A card to another place of the stack, or a line from one card's port to another card."""
    view, scene = hands.window.editor.view, hands.window.editor.scene
    name, start = hands.card()
    if hands.random.random() < 0.5:
        card = scene.cards[name]
        start = view.mapFromScene(card.pos() + QPointF(0, card.plate().bottom()))
    goal_card = scene.cards[hands.random.choice(list(scene.cards))]
    goal = view.mapFromScene(goal_card.pos() + QPointF(0, hands.random.choice((0.0, goal_card.height / 2 + 8))))
    QTest.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=start)
    for share in (0.3, 0.7, 1.0):
        QTest.mouseMove(view.viewport(), start + (goal - start) * share)
        QApplication.processEvents()
    QTest.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=goal)


def press_a_key(hands: Hands) -> None:
    view = hands.window.editor.view
    view.setFocus()
    key = hands.random.choice(
        (_KEYS.Key_Up, _KEYS.Key_Down, _KEYS.Key_Left, _KEYS.Key_Right, _KEYS.Key_Return, _KEYS.Key_Escape)
    )
    hands.press(view, key, modifier=hands.random.choice((_MODIFIERS.NoModifier, _MODIFIERS.ShiftModifier)))


def trigger(hands: Hands) -> None:
    """An action of the menus, where it can be done now."""
    action = hands.window.actions_table[hands.random.choice(_ACTIONS)]
    if action.isEnabled():
        action.trigger()
    if hands.random.random() < 0.5:
        hands.window.pages.show_editor()


def insert(hands: Hands) -> None:
    """Type a name into the palette's search and press Return."""
    hands.window.pages.show_editor()
    hands.window.actions_table["insert"].trigger()
    line = next(w for w in hands.window.palette_panel.findChildren(QLineEdit) if w.isVisibleTo(hands.window))
    line.setFocus()
    word = ("conv", "relu", "pool", "drop", "bn", "linear", "add", "concat", "basic", "incep", "flat", "no such")
    QTest.keyClicks(line, hands.random.choice(word))
    hands.press(line, _KEYS.Key_Return)


def rename(hands: Hands) -> None:
    """Edit a card's name where it stands."""
    _, place = hands.card()
    view = hands.window.editor.view
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    action = hands.window.actions_table["rename"]
    if not action.isEnabled():
        return
    action.trigger()
    line = view.viewport().findChild(QLineEdit, "NameEdit")
    if line is not None:
        QTest.keyClicks(line, hands.random.choice(("a", "b.c", "layer1", "conv1", "no good", "1")))
        hands.press(line, _KEYS.Key_Return)
        hands.press(line, _KEYS.Key_Escape)


def turn_a_setting(hands: Hands) -> None:
    """A box of the inspector or of the recipe."""
    window = hands.window
    title = hands.random.choice(("Inspector", "Inspector", "Recipe"))
    panel = window.inspector if title == "Inspector" else window.recipe_panel
    window.workspace.reveal(title)
    kinds = (QSpinBox, QDoubleSpinBox, QCheckBox, QComboBox)
    boxes = [w for kind in kinds for w in panel.findChildren(kind) if w.isVisibleTo(panel) and w.isEnabled()]
    if not boxes:
        return
    box = hands.random.choice(boxes)
    box.setFocus()
    if isinstance(box, QCheckBox):
        QTest.mouseClick(box, Qt.MouseButton.LeftButton)
    elif isinstance(box, QSpinBox) and hands.random.random() < 0.3:
        box.selectAll()
        QTest.keyClicks(box, str(hands.random.choice((0, 1, 2, 3, 5, 8, 64))))
        hands.press(box, _KEYS.Key_Return)
    else:
        hands.press(box, hands.random.choice((_KEYS.Key_Up, _KEYS.Key_Down)))


def find_an_action(hands: Hands) -> None:
    """The searchable list of actions, used for something harmless."""
    commands.find_action(hands.window)
    finder = hands.window.findChild(ActionFinder)
    line = finder.findChild(QLineEdit)
    QTest.keyClicks(line, hands.random.choice(("undo", "whole network", "life size", "xyz")))
    hands.press(line, hands.random.choice((_KEYS.Key_Return, _KEYS.Key_Escape)))


def train(hands: Hands) -> None:
    """Begin a training, or do something with the one that runs."""
    window, actions = hands.window, hands.window.actions_table
    during = ("pause", "one_step", "one_epoch", "stop", "stop")
    name = hands.random.choice(during) if window.session.active else "train"
    if actions[name].isEnabled():
        actions[name].trigger()


def change_size(hands: Hands) -> None:
    hands.window.resize(hands.random.randint(800, 1600), hands.random.randint(600, 1000))


_WAYS: dict[Callable[[Hands], None], int] = {
    click_a_card: 10, click_twice: 3, click_into_the_void: 3, drag: 8, press_a_key: 8, trigger: 16, insert: 8,
    rename: 3, turn_a_setting: 12, find_an_action: 1, train: 1, change_size: 1,
}  # fmt: skip
"""What a person does, and how often."""


def use(window: MainWindow, seed: int, actions: int, every: int = 25) -> Hands:
    """R12: so many things done with the real window."""
    hands = Hands(window, seed)
    for number in range(actions):
        hands.act()
        if number % every == 0:
            hands.check()
        if number % 200 == 199:
            hands.undo_all_and_redo_all()
    hands.undo_all_and_redo_all()
    hands.rest()
    return hands
