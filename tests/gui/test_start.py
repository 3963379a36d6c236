"""The first moments of a window: painted before anything that takes long, and alive while the rest is made."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.processes import ROOT
from workbench.gui.main_window import MainWindow
from workbench.gui.settings import Settings

_START = """
import builtins, json, sys, threading
at_home = {}
class Finder:
    @staticmethod
    def find_spec(name, path=None, target=None):
        at_home.setdefault(name, threading.current_thread() is threading.main_thread())
sys.meta_path.insert(0, Finder)
from workbench.gui.app import make_application, open_window
from PySide6.QtCore import QEvent, QObject, QTimer
application = make_application()
window = open_window(application)
told = {}
class Watch(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            told.setdefault("before_the_picture", sorted({"qtawesome", "torch"} & set(at_home)))
        return False
watch = Watch()
window.installEventFilter(watch)
turns = []
beats = QTimer(interval=0)
beats.timeout.connect(lambda: turns.append(None))
window.engine.loaded.connect(beats.start)
window.engine.ready.connect(application.quit)
application.exec()
told |= {
    "by_the_window": sorted(n for n in ("torch", "pyqtgraph", "workbench.gui.rooms") if at_home.get(n, True)),
    "turns": len(turns), "plainly": builtins.__import__ is builtins.__orig_import__,
}
print(json.dumps(told))
window.close()
"""


def test_what_takes_long_comes_after_the_first_picture_and_beside_the_window(home: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _START], env=os.environ | {"WORKBENCH_HOME": str(home)}, check=True,
        capture_output=True, text=True,
    )  # fmt: skip
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["before_the_picture"] == []
    assert told["by_the_window"] == []
    assert told["turns"] >= 5, "the window lives between two rooms that are made"
    assert told["plainly"]


def test_a_window_can_be_closed_before_it_begins_to_load(qtbot, appearance) -> None:  # type: ignore[no-untyped-def]
    window = MainWindow(appearance, Settings())
    window.show()
    window.begin_loading()
    window.close()
    qtbot.wait(50)
    assert "engine" not in {thread.name for thread in threading.enumerate()}


def test_nothing_more_is_made_in_a_window_that_is_closed(qtbot, appearance) -> None:  # type: ignore[no-untyped-def]
    made = []
    window = MainWindow(appearance, Settings())

    def pieces() -> Iterator[None]:
        made.append("first")
        yield
        made.append("second")
        window.close()
        yield
        made.append("third")

    window.show()
    window._in_turns(pieces())
    assert made == ["first"]
    qtbot.wait(50)
    assert made == ["first", "second"]


INTERRUPTED = """
import os, signal, sys, time
from PySide6.QtCore import QRectF, QTimer
from PySide6.QtWidgets import QGraphicsItem, QGraphicsObject, QGraphicsScene
from workbench.cli import main
from workbench.gui import app

class Item(QGraphicsObject):
    interrupts = False

    def boundingRect(self):
        return QRectF(0, 0, 1, 1)

    def itemChange(self, change, value):
        if self.interrupts and change == QGraphicsItem.GraphicsItemChange.ItemSceneHasChanged:
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(0.01)
        return super().itemChange(change, value)

def fill_a_scene():
    first = Item()
    second = Item(first)
    third = Item(second)
    second.interrupts = True
    QGraphicsScene().addItem(first)
    print("whole", flush=True)

def open_window(application):
    window = opened(application)
    window.engine.ready.connect(fill_a_scene)
    return window

opened, app.open_window = app.open_window, open_window
sys.argv[1:] = []
main()
"""


@pytest.mark.skipif(os.name == "nt", reason="signals differ")
def test_ctrl_c_closes_the_window_between_two_of_qts_calls(home: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED], env=os.environ | {"QT_QPA_PLATFORM": "offscreen"}, cwd=ROOT,
        capture_output=True, text=True, check=False, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "whole\n"), done.stderr
    assert "Traceback" not in done.stderr


OVERRIDDEN = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget
from workbench.gui.app import make_application

class Before(QWidget):
    def sizeHint(self):
        return [][0]

application = make_application()

class After(QWidget):
    def sizeHint(self):
        return 1 / 0

def resize():
    for kind in (Before, After):
        try:
            kind().adjustSize()
        except Exception as error:
            print(type(error).__name__, flush=True)
    application.quit()

QTimer.singleShot(0, resize)
sys.exit(application.exec())
"""


def test_an_error_in_a_function_of_qts_that_is_overridden_ends_nothing(home: Path) -> None:
    """Python before 3.12 has not made an object of what ``[][0]`` raises, and PySide reads it as one."""
    done = subprocess.run(
        [sys.executable, "-c", OVERRIDDEN], env=os.environ | {"QT_QPA_PLATFORM": "offscreen"}, cwd=ROOT,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "IndexError\nZeroDivisionError\n"), done.stderr
