"""A stateful random user of the whole window: every action there is, panels, labs, trainings, files, the history."""

from __future__ import annotations

import gc
import shutil
import tempfile
import threading
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt, QTimer
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QLineEdit,
    QMenu,
    QPushButton,
    QToolButton,
    QWidget,
)

from tests.gui.answers import answered
from tests.gui.opening import begin, rest, spin, strictly
from workbench.gui.actions import ACTIONS
from workbench.gui.errors import Unexpected
from workbench.gui.labs import LABS
from workbench.gui.workspace import PANELS
from workbench.layers import CATALOGUE, TEMPLATES
from workbench.project import dumps, loads, read_project
from workbench.runs import Run

_MOST_NODES = 90
_SMALL = ("lenet5", "lenet5", "nin-cifar10", "cifar-resnet20")
_K, _M = Qt.Key, Qt.KeyboardModifier
_KEYS = {
    key.name: key
    for key in (
        _K.Key_Up, _K.Key_Down, _K.Key_Left, _K.Key_Right, _K.Key_Return, _K.Key_Escape, _K.Key_Tab, _K.Key_Backtab,
        _K.Key_Space, _K.Key_Home, _K.Key_End, _K.Key_PageDown, _K.Key_Delete, _K.Key_Slash, _K.Key_A, _K.Key_3,
    )
}  # fmt: skip
_ROWS = {action.name: action for action in ACTIONS if action.name != "quit"}
_RECIPE: dict[str, tuple[object, ...]] = {
    "learning_rate": (0.001, 0.01, 0.1), "optimizer": ("sgd", "adam", "adamw"), "batch_size": (8, 16, 50),
    "weight_decay": (0.0, 0.01), "l1": (0.0, 0.001), "l2": (0.0, 0.001), "label_smoothing": (0.0, 0.1),
    "input_noise": (0.0, 0.2), "mixup": (0.0, 0.2), "crop_padding": (0, 2), "rotation": (0.0, 10.0), "ema": (0.0, 0.9),
    "schedule": ("constant", "cosine"), "early_stopping": (0, 2), "epochs": (1, 2, 3),
}  # fmt: skip


class WindowUser(RuleBasedStateMachine):
    """The real window with the real engine on the digits; each example has a home and a folder of its own."""

    @initialize(seed=st.integers(0, 2**16))
    def open_window(self, seed: int) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.life = ExitStack()
        self.told = self.life.enter_context(strictly())
        self.answers = self.life.enter_context(answered(self.folder / "files", seed))
        self.before = set(QApplication.allWidgets())
        self.threads = set(threading.enumerate())
        self._begin()

    def teardown(self) -> None:
        if not hasattr(self, "life"):
            return
        with self.life:
            self._end()
            assert self.told == [], self.told
        shutil.rmtree(self.folder)

    def _begin(self) -> None:
        self.window = window = begin(self.folder / "home")
        self.document = window.document
        self.unexpected = Unexpected()
        self.unexpected.raised.connect(window.errors.show)
        self.raised: list[str] = []
        self.unexpected.raised.connect(lambda message, details: self.raised.append(details))
        self.document.opened.connect(self._remember_first)
        self.trained: object = None
        self.age = 0
        self._remember_first()
        spin(lambda: window.images.state == "ready")

    def _end(self) -> None:
        """Close the window as it is, whatever it is doing; nothing is left of it."""
        self._close_what_opened()
        self.document.saved_as(self.folder / "elsewhere.json")
        window = self.window
        assert window.close()
        # What nothing can interrupt is not waited for when a window closes, but it has an end.
        for thread in set(threading.enumerate()) - self.threads:
            if thread.daemon and not isinstance(thread, threading._DummyThread):
                thread.join(60)
                assert not thread.is_alive(), f"{thread} was left behind"
        assert window.session.wait(60)
        active = [timer for timer in window.findChildren(QTimer) if timer.isActive()]
        assert not active, f"timers still run: {active}"
        window.deleteLater()
        QApplication.processEvents()
        assert self.raised == [], self.raised
        self.unexpected.give_back()
        self.unexpected.deleteLater()
        del self.window, self.document, window, active
        for _ in range(3):
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
            QApplication.processEvents()
        gc.collect()  # menus of pyqtgraph's that belong to nobody but each other
        left = [widget for widget in QApplication.allWidgets() if widget not in self.before]
        assert not left, f"widgets were left behind: {left}"

    def _remember_first(self) -> None:
        self.first = self.document.project

    # what a person does

    @rule(data=st.data())
    def choose_an_action(self, data: st.DataObject) -> None:
        """Any that can be chosen now, from its menu or with its key."""
        table = self.window.actions_table
        can = [name for name in _ROWS if table[name].isEnabled()]
        name = data.draw(st.sampled_from(can), "action")
        if data.draw(st.booleans(), "by its key"):
            QTest.keySequence(self.window, QKeySequence(_ROWS[name].shortcut))
        else:
            table[name].trigger()
        self._after()

    @rule(data=st.data(), more=st.booleans())
    def click_a_card(self, data: st.DataObject, more: bool) -> None:
        self.window.show_editor()
        cards = list(self.window.editor.scene.cards)
        modifier = _M.ControlModifier if more else _M.NoModifier
        place = self._card(data.draw(st.sampled_from(cards), "card"))
        QTest.mouseClick(self.window.editor.view.viewport(), Qt.MouseButton.LeftButton, modifier, place)
        self._after()

    @rule(what=st.sampled_from([f"layer:{k}" for k in CATALOGUE] + [f"template:{t}" for t in TEMPLATES]))
    def insert(self, what: str) -> None:
        self.window.editor.insert(what)
        self._after()

    @rule(data=st.data())
    def turn_a_setting(self, data: st.DataObject) -> None:
        """One of the inspector's boxes for what is selected."""
        self.window.go_to_panel("Inspector")
        self._touch(data, self.window.inspector)

    @rule(data=st.data(), name=st.sampled_from(("a", "b.c", "layer1", "conv1", "no good", "1", "")))
    def rename(self, data: st.DataObject, name: str) -> None:
        action = self.window.actions_table["rename"]
        if action.isEnabled():
            self.window.show_editor()
            action.trigger()
            line = self.window.editor.view.viewport().findChild(QLineEdit, "NameEdit")
            if line is not None:
                line.setText(name)
                QTest.keyClick(line, data.draw(st.sampled_from((_K.Key_Return, _K.Key_Escape))))
        self._after()

    @rule(key=st.sampled_from(sorted(_KEYS)), shift=st.booleans())
    def press_a_key(self, key: str, shift: bool) -> None:
        holder = QApplication.focusWidget() or self.window.editor.view
        if not _is_risky(holder):
            QTest.keyClick(holder, _KEYS[key], _M.ShiftModifier if shift else _M.NoModifier)
        self._after()

    @rule(data=st.data())
    def go_through_the_history(self, data: st.DataObject) -> None:
        """A click on a step of the list."""
        self.window.workspace.reveal("Edits")
        steps = self.window.edits_panel.list
        row = data.draw(st.integers(0, len(self.document.steps) - 1), "step")
        steps.clicked.emit(steps.model().index(row, 0))
        assert self.document.place == row
        self._after()

    @rule(name=st.sampled_from(_SMALL))
    def open_a_preset(self, name: str) -> None:
        self.window.show_start_page()
        self.window.open_preset(name)
        self._after()

    @rule(data=st.data(), name=st.sampled_from(sorted(_RECIPE)))
    def change_the_recipe(self, data: st.DataObject, name: str) -> None:
        value = data.draw(st.sampled_from(_RECIPE[name]), name)
        self.window.recipe_panel._set(name, value)
        assert getattr(self.document.recipe, name) == value
        self._after()

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
        self._after()

    @rule(data=st.data(), what=st.sampled_from(("go", "close", "detach")))
    def use_a_panel(self, data: st.DataObject, what: str) -> None:
        title = data.draw(st.sampled_from(sorted(PANELS)), "panel")
        self.window.go_to_panel(title)
        if what == "close":
            self.window.workspace.close_panel(title)
        elif what == "detach":
            self.window.workspace.detach(title)
        else:
            self._touch(data, self.window.workspace._docks[title])
        self._after()

    @rule(data=st.data(), lab=st.sampled_from([lab.name for lab in LABS]))
    def use_a_lab(self, data: st.DataObject, lab: str) -> None:
        self._touch(data, self.window.show_lab(lab))

    @rule(scheme=st.sampled_from(("light", "dark", "system")))
    def choose_colours(self, scheme: str) -> None:
        self.window.actions_table[scheme].trigger()
        self._after()

    @rule(anew=st.booleans())
    def save(self, anew: bool) -> None:
        """What was saved is what is in memory."""
        saved = self.window.files.save_as() if anew else self.window.files.save()
        if saved:
            assert not self.document.modified
            assert self.document.path is not None
            assert read_project(self.document.path) == self.document.project
        self._after()

    @rule()
    def open_a_file(self) -> None:
        self.window.actions_table["open"].trigger()
        if self.document.path is not None and not self.document.modified:
            assert read_project(self.document.path) == self.document.project
        self._after()

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
        self._after()

    @precondition(lambda self: self.age > 40)
    @rule()
    def leave_and_come_back(self) -> None:
        """With the layout, the runs and the blocks of the window before."""
        self._end()
        self._begin()

    # what holds after each of them

    @invariant()
    def nothing_unforeseen_was_told(self) -> None:
        if hasattr(self, "window"):
            assert self.raised == [], self.raised[0]
            assert self.told == [], self.told
            assert self.window.errors.box is None, self.window.errors.box.detailedText()

    @invariant()
    def the_window_shows_the_document(self) -> None:
        if not hasattr(self, "window"):
            return
        window, document, scene = self.window, self.document, self.window.editor.scene
        assert document.analysis is not None
        assert document.analysis.graph == document.graph
        assert loads(dumps(document.project)) == document.project
        assert set(scene.cards) == set(scene.outline.by_name)
        shown = sorted(node for entry in scene.outline.entries for node in entry.nodes)
        assert shown == sorted(node.name for node in document.graph.nodes)
        assert all(name in document.graph or document.graph.members(name) for name in document.selection)
        assert window.isWindowModified() == document.modified
        # What a training's thread says of its state is heard a moment later.
        spin(lambda: not self._wrongly_offered(), 10)

    @invariant()
    def an_edit_changes_no_run(self) -> None:
        if not hasattr(self, "window"):
            return
        session = self.window.session
        if session.active and session.started is not None and session.directory is not None:
            assert Run.open(session.directory).project == session.project

    # parts

    def _after(self) -> None:
        self.age += 1
        QApplication.processEvents()
        self._close_what_opened()
        if len(self.document.graph.nodes) > _MOST_NODES:
            self.document.go_to(0)

    def _close_what_opened(self) -> None:
        """A menu, a finder or a question is left with Escape."""
        for _ in range(6):
            popup = QApplication.activePopupWidget() or QApplication.activeModalWidget()
            if not isinstance(popup, QMenu | QDialog) or popup is self.window.errors.box:
                break
            QTest.keyClick(popup, _K.Key_Escape)
            QApplication.processEvents()
        for dialog in self.window.findChildren(QDialog):
            if dialog.isVisible() and dialog is not self.window.errors.box and self.age % 5 == 0:
                dialog.close()

    def _wrongly_offered(self) -> list[str]:
        """Actions that can be chosen though they cannot be done now, or the other way round."""
        conditions, table = self.window.conditions, self.window.actions_table
        return [n for n, row in _ROWS.items() if table[n].isEnabled() != (not row.needs or conditions[row.needs])]

    def _card(self, name: str) -> QPoint:
        view = self.window.editor.view
        view.show_card(name)
        return view.mapFromScene(self.window.editor.scene.cards[name].pos())

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
        self._after()


def _is_risky(widget: QWidget) -> bool:
    """A button with a menu would wait for a choice, and compiling a network takes minutes."""
    has_menu = isinstance(widget, QPushButton | QToolButton) and widget.menu() is not None
    return has_menu or "compile" in widget.accessibleName().lower()
