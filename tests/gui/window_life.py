"""The life of a window that a stateful random user works with, and what must hold at each moment of it."""

from __future__ import annotations

import gc
import shutil
import tempfile
import threading
from contextlib import ExitStack
from pathlib import Path

import hypothesis.strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QWidget

from tests.gui.answers import answered
from tests.gui.opening import begin, spin, strictly
from workbench.gui.actions import ACTIONS
from workbench.gui.conditions import conditions
from workbench.gui.errors import Unexpected
from workbench.project import dumps, loads
from workbench.runs import Run

_MOST_NODES = 90
ROWS = {action.name: action for action in ACTIONS if action.name != "quit"}


class WindowLife(RuleBasedStateMachine):
    """The real window with the real engine on the digits; each example has a home and a folder of its own."""

    @initialize(seed=st.integers(0, 2**16))
    def open_window(self, seed: int) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.life = ExitStack()
        self.told = self.life.enter_context(strictly())
        self.answers = self.life.enter_context(answered(self.folder / "files", seed))
        self.before = set(QApplication.allWidgets())
        self.threads = set(threading.enumerate())
        self.open_again()

    def teardown(self) -> None:
        if not hasattr(self, "life"):
            return
        with self.life:
            self.leave()
            assert self.told == [], self.told
        shutil.rmtree(self.folder)

    def open_again(self) -> None:
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

    def leave(self) -> None:
        """Close the window as it is, whatever it is doing; nothing is left of it."""
        self.close_what_opened()
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
        for _ in range(20):
            QApplication.processEvents()
            left = self._left()
            if not left:
                break
        assert not left, f"widgets were left behind: {left}"

    def _left(self) -> list[QWidget]:
        """Widgets that should have gone with the window; what one of them held goes after it."""
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        gc.collect()
        return [widget for widget in QApplication.allWidgets() if widget not in self.before]

    def _remember_first(self) -> None:
        self.first = self.document.project

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

    def done(self) -> None:
        self.age += 1
        QApplication.processEvents()
        self.close_what_opened()
        if len(self.document.graph.nodes) > _MOST_NODES:
            self.document.go_to(0)

    def close_what_opened(self) -> None:
        """A menu, a finder or a question is left with Escape."""
        for _ in range(6):
            popup = QApplication.activePopupWidget() or QApplication.activeModalWidget()
            if popup is None or popup is self.window.errors.box:
                break
            if isinstance(popup, QMenu | QDialog):
                QTest.keyClick(popup, Qt.Key.Key_Escape)
            else:  # what a box of choices has dropped down
                popup.close()
            QApplication.processEvents()
        for dialog in self.window.findChildren(QDialog):
            if dialog.isVisible() and dialog is not self.window.errors.box and self.age % 5 == 0:
                dialog.close()

    def _wrongly_offered(self) -> list[str]:
        """Actions that can be chosen though they cannot be done now, or the other way round."""
        now, table = conditions(self.window), self.window.actions_table
        return [n for n, row in ROWS.items() if table[n].isEnabled() != (not row.needs or now[row.needs])]

    def card(self, name: str) -> QPoint:
        view = self.window.editor.view
        view.show_card(name)
        return view.mapFromScene(self.window.editor.scene.cards[name].pos())
