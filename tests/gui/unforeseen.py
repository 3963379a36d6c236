"""Errors that nobody foresaw, raised wherever Python code runs in the window's process."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from tests.cli.failures import KINDS, raising
from tests.gui.opening import spin
from workbench.gui import places
from workbench.gui.background import Background
from workbench.gui.errors import is_expected, words
from workbench.gui.main_window import MainWindow
from workbench.runs import Run, layout

Raise = Callable[[], object]


def _by_a_timer(window: MainWindow, fail: Raise) -> None:
    QTimer.singleShot(0, fail)


def _by_an_action(window: MainWindow, fail: Raise) -> None:
    QTimer.singleShot(0, lambda: window.attempt(fail))


def _in_a_thread(window: MainWindow, fail: Raise) -> None:
    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()


def _in_the_background(window: MainWindow, fail: Raise) -> None:
    work = Background("test", window)
    work.failed.connect(lambda message, details: None if details else window.complain(message))
    work.ask(fail)
    spin(lambda: not work.busy)
    work.close()
    QApplication.processEvents()
    work.deleteLater()


def _by_an_object_that_goes_away(window: MainWindow, fail: Raise) -> None:
    class Vanishing:
        def __del__(self) -> None:
            fail()

    Vanishing()
    gc.collect()


def _while_painting(window: MainWindow, fail: Raise) -> None:
    class Painted(QWidget):
        def paintEvent(self, event: QPaintEvent) -> None:
            QTimer.singleShot(0, self.close)
            fail()

    # Painted by the event loop: `repaint` would hand the error to whoever calls it.
    painted = Painted(window)
    painted.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    painted.show()


PLACES: dict[str, Callable[[MainWindow, Raise], None]] = {
    "timer": _by_a_timer,
    "action": _by_an_action,
    "thread": _in_a_thread,
    "background": _in_the_background,
    "object": _by_an_object_that_goes_away,
    "painting": _while_painting,
}
"""Where, and with which of the window's ways it is raised there; the training has a function of its own."""


def is_told(window: MainWindow, place: str, kind: int) -> None:
    """R11: one dialog in the window's thread with what happened and a report; the log has it; the window goes on."""
    error = KINDS[kind]()

    def fail() -> None:
        raise error

    log = places.error_log()
    before = log.read_text(encoding="utf-8") if log.exists() else ""
    window.tell("nothing yet")
    PLACES[place](window, fail)
    if is_expected(error) and place in ("action", "background"):  # it has a sentence for people already
        spin(lambda: window.message != "nothing yet")
        assert window.errors.box is None
        return
    spin(lambda: window.errors.box is not None)
    _look_at_dialog(window, words(error), "in fail")
    assert "in fail" in log.read_text(encoding="utf-8")[len(before) :]


def a_training_tells(window: MainWindow, place: str, kind: int) -> None:
    """R11: the run is failed, its traceback is kept, and the window trains again."""
    error = KINDS[kind]()
    window.tell("nothing yet")
    with raising(place, error):
        window.training.train()
        spin(lambda: window.session.state == "idle")
    spin(lambda: window.errors.box is not None or window.message != "nothing yet")
    if window.errors.box is not None:
        _look_at_dialog(window, "", "in sometimes")
    directory = window.session.directory
    assert directory is not None
    if (directory / layout.PROJECT).exists():
        assert Run.open(directory).status == "failed"
        assert "in sometimes" in (directory / layout.ERROR).read_text()


def _look_at_dialog(window: MainWindow, text: str, trace: str) -> None:
    box = window.errors.box
    assert box is not None
    assert text in box.text()
    assert trace in box.detailedText()
    assert box.detailedText().startswith("CNN Workbench")
    assert "You can go on working" in box.informativeText()
    next(b for b in box.findChildren(QPushButton) if b.text() == "Go on").click()
    spin(lambda: window.errors.box is None)
    assert window.isEnabled()
