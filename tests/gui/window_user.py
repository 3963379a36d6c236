"""A stateful random user of the whole window: every action there is, panels, labs, trainings, files, the history."""

from __future__ import annotations

from typing import Any

import hypothesis.strategies as st
from hypothesis.stateful import precondition, rule
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPushButton,
    QToolButton,
    QWidget,
)

from tests.gui.opening import rest, spin
from tests.gui.window_life import ROWS, WindowLife
from workbench.gui.labs import LABS
from workbench.gui.workspace import PANELS
from workbench.layers import CATALOGUE, TEMPLATES
from workbench.project import read_project

_SMALL = ("lenet5", "lenet5", "nin-cifar10", "cifar-resnet20")
_K, _M = Qt.Key, Qt.KeyboardModifier
_KEYS = {
    key.name: key
    for key in (
        _K.Key_Up, _K.Key_Down, _K.Key_Left, _K.Key_Right, _K.Key_Return, _K.Key_Escape, _K.Key_Tab, _K.Key_Backtab,
        _K.Key_Space, _K.Key_Home, _K.Key_End, _K.Key_PageDown, _K.Key_Delete, _K.Key_Slash, _K.Key_A, _K.Key_3,
    )
}  # fmt: skip
_RECIPE: dict[str, tuple[object, ...]] = {
    "learning_rate": (0.001, 0.01, 0.1), "optimizer": ("sgd", "adam", "adamw"), "batch_size": (8, 16, 50),
    "weight_decay": (0.0, 0.01), "l1": (0.0, 0.001), "l2": (0.0, 0.001), "label_smoothing": (0.0, 0.1),
    "input_noise": (0.0, 0.2), "mixup": (0.0, 0.2), "crop_padding": (0, 2), "rotation": (0.0, 10.0), "ema": (0.0, 0.9),
    "schedule": ("constant", "cosine"), "early_stopping": (0, 2), "epochs": (1, 2, 3),
}  # fmt: skip


class WindowUser(WindowLife):
    """Does whatever a person can do."""

    # what a person does

    @rule(data=st.data())
    def choose_an_action(self, data: st.DataObject) -> None:
        """Any that can be chosen now, from its menu or with its key."""
        table = self.window.actions_table
        can = [name for name in ROWS if table[name].isEnabled()]
        name = data.draw(st.sampled_from(can), "action")
        if data.draw(st.booleans(), "by its key"):
            QTest.keySequence(self.window, QKeySequence(ROWS[name].shortcut))
        else:
            table[name].trigger()
        self.done()

    @rule(data=st.data(), more=st.booleans())
    def click_a_card(self, data: st.DataObject, more: bool) -> None:
        self.window.pages.show_editor()
        cards = list(self.window.editor.scene.cards)
        modifier = _M.ControlModifier if more else _M.NoModifier
        place = self.card(data.draw(st.sampled_from(cards), "card"))
        QTest.mouseClick(self.window.editor.view.viewport(), Qt.MouseButton.LeftButton, modifier, place)
        self.done()

    @rule(what=st.sampled_from([f"layer:{k}" for k in CATALOGUE] + [f"template:{t}" for t in TEMPLATES]))
    def insert(self, what: str) -> None:
        self.window.editor.insert(what)
        self.done()

    @rule(data=st.data())
    def turn_a_setting(self, data: st.DataObject) -> None:
        """One of the inspector's boxes for what is selected."""
        self.window.pages.go_to_panel("Inspector")
        self._touch(data, self.window.inspector)

    @rule(data=st.data(), name=st.sampled_from(("a", "b.c", "layer1", "conv1", "no good", "1", "")))
    def rename(self, data: st.DataObject, name: str) -> None:
        action = self.window.actions_table["rename"]
        if action.isEnabled():
            self.window.pages.show_editor()
            action.trigger()
            line = self.window.editor.view.viewport().findChild(QLineEdit, "NameEdit")
            if line is not None:
                line.setText(name)
                QTest.keyClick(line, data.draw(st.sampled_from((_K.Key_Return, _K.Key_Escape))))
        self.done()

    @rule(key=st.sampled_from(sorted(_KEYS)), shift=st.booleans())
    def press_a_key(self, key: str, shift: bool) -> None:
        holder = QApplication.focusWidget() or self.window.editor.view
        if not _is_risky(holder):
            QTest.keyClick(holder, _KEYS[key], _M.ShiftModifier if shift else _M.NoModifier)
        self.done()

    @rule(data=st.data())
    def go_through_the_history(self, data: st.DataObject) -> None:
        """A click on a step of the list."""
        self.window.workspace.reveal("Edits")
        steps = self.window.edits_panel.list
        row = data.draw(st.integers(0, len(self.document.steps) - 1), "step")
        steps.clicked.emit(steps.model().index(row, 0))
        assert self.document.place == row
        self.done()

    @rule(name=st.sampled_from(_SMALL))
    def open_a_preset(self, name: str) -> None:
        self.window.pages.show_start_page()
        self.window.files.open_preset(name)
        self.done()

    @rule(data=st.data(), name=st.sampled_from(sorted(_RECIPE)))
    def change_the_recipe(self, data: st.DataObject, name: str) -> None:
        value = data.draw(st.sampled_from(_RECIPE[name]), name)
        self.window.recipe_panel._set(name, value)
        assert getattr(self.document.recipe, name) == value
        self.done()

    @rule(what=st.sampled_from(("train", "train", "pause", "one_step", "one_epoch", "stop")))
    def train(self, what: str) -> None:
        """With few images and for few epochs."""
        window, action = self.window, self.window.actions_table[what]
        if not window.session.active:
            self.document.set_data(self.document.data.changed(source="digits", subset=60), "Few images")
            self.document.set_recipe(self.document.recipe.changed(epochs=2, compile=False), "Few epochs")
            spin(lambda: window.images.state != "reading")
        if action.isEnabled():
            action.trigger()
        self.done()

    @rule(data=st.data(), what=st.sampled_from(("go", "close", "detach")))
    def use_a_panel(self, data: st.DataObject, what: str) -> None:
        title = data.draw(st.sampled_from(sorted(PANELS)), "panel")
        self.window.pages.go_to_panel(title)
        if what == "close":
            self.window.workspace.close_panel(title)
        elif what == "detach":
            self.window.workspace.detach(title)
        else:
            self._touch(data, self.window.workspace._docks[title])
        self.done()

    @rule(data=st.data(), lab=st.sampled_from([lab.name for lab in LABS]))
    def use_a_lab(self, data: st.DataObject, lab: str) -> None:
        self._touch(data, self.window.pages.show_lab(lab))

    @rule(scheme=st.sampled_from(("light", "dark", "system")))
    def choose_colours(self, scheme: str) -> None:
        self.window.actions_table[scheme].trigger()
        self.done()

    @rule(anew=st.booleans())
    def save(self, anew: bool) -> None:
        """What was saved is what is in memory."""
        saved = self.window.files.save_as() if anew else self.window.files.save()
        if saved:
            assert not self.document.modified
            assert self.document.path is not None
            assert read_project(self.document.path) == self.document.project
        self.done()

    @rule()
    def open_a_file(self) -> None:
        self.window.actions_table["open"].trigger()
        if self.document.path is not None and not self.document.modified:
            assert read_project(self.document.path) == self.document.project
        self.done()

    @rule(milliseconds=st.sampled_from((20, 100, 300)))
    def wait(self, milliseconds: int) -> None:
        rest(milliseconds / 1000)

    @rule()
    def undo_all_and_redo_all(self) -> None:
        """Back to the first value, and forward to the last."""
        document, actions = self.document, self.window.actions_table
        values = [step.project for step in document.steps]
        assert values[0] is self.first
        while actions["redo"].isEnabled():
            actions["redo"].trigger()
        assert document.project is values[-1]
        while actions["undo"].isEnabled():
            actions["undo"].trigger()
        assert document.project is self.first
        while actions["redo"].isEnabled():
            actions["redo"].trigger()
        assert document.project is values[-1]
        self.done()

    @precondition(lambda self: self.age > 40)
    @rule()
    def leave_and_come_back(self) -> None:
        """With the layout, the runs and the blocks of the window before."""
        self.leave()
        self.open_again()

    # parts

    def _touch(self, data: st.DataObject, room: QWidget) -> None:
        """One of what can be clicked and turned in a part of the window."""
        QApplication.processEvents()
        kinds = (QAbstractButton, QAbstractSpinBox, QAbstractSlider, QComboBox)
        found: list[Any] = [w for kind in kinds for w in room.findChildren(kind)]
        found = [w for w in found if w.isVisible() and w.isEnabled() and not _is_risky(w)]
        if found:
            place = data.draw(st.integers(0, len(found) - 1), "which")
            widget = found[place]
            widget.setFocus()
            if isinstance(widget, QAbstractButton):
                QTest.mouseClick(widget, Qt.MouseButton.LeftButton)
            elif isinstance(widget, QAbstractSpinBox) and data.draw(st.booleans(), "type"):
                widget.selectAll()
                QTest.keyClicks(widget, data.draw(st.sampled_from(("0", "1", "2", "3", "5", "8")), "text"))
                QTest.keyClick(widget, _K.Key_Return)
            else:
                QTest.keyClick(widget, data.draw(st.sampled_from((_K.Key_Up, _K.Key_Down)), "key"))
        self.done()


def _is_risky(widget: QWidget) -> bool:
    """A button with a menu would wait for a choice, and compiling a network takes minutes."""
    has_menu = isinstance(widget, QPushButton | QToolButton) and widget.menu() is not None
    return has_menu or "compile" in widget.accessibleName().lower()
