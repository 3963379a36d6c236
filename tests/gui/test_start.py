"""The first moments of a window: painted before anything that takes long, and alive while the rest is made."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

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
