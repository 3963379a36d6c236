"""Windows in processes of their own that are closed, killed or broken while they do something.

python -m tests.gui.lives     serves `Lives`: a line of JSON begins a process
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import traceback
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

from tests import offline
from tests.pauses import Pauses, wait_until

ROOT = Path(__file__).parents[2]
QUIET = "This plugin does not support"


class Lives:
    """A process without threads that has imported everything once; each window is a copy of it, there at once."""

    def __enter__(self) -> Lives:
        self._parts = ExitStack()
        self.pauses = self._parts.enter_context(Pauses())
        environment = os.environ | {"PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"}
        self._server = subprocess.Popen(
            [sys.executable, "-m", "tests.gui.lives"], cwd=ROOT, env=environment, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True, start_new_session=True,
        )  # fmt: skip
        self._alive: set[int] = set()
        return self

    def __exit__(self, *_: object) -> None:
        with self._parts:
            for process in self._alive:  # whoever waited for them was interrupted
                with suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)
            self._server.communicate()

    def begin(self, scene: str, told: Path, **arguments: object) -> int:
        """Open a window that plays a scene and tells what happens in a file; gives the process's number.

        What is the window's own is kept beside that file: all windows that tell in one folder have one home.
        """
        assert self._server.stdin is not None
        told.unlink(missing_ok=True)
        self._server.stdin.write(json.dumps([scene, str(told), arguments]) + "\n")
        self._server.stdin.flush()
        process = int(self._answer())
        self._alive.add(process)
        return process

    def end(self, process: int) -> int:
        """Wait for a window's process; its exit status, or minus the signal that ended it."""
        assert self._server.stdin is not None
        self._server.stdin.write(json.dumps(process) + "\n")
        self._server.stdin.flush()
        status = int(self._answer())
        self._alive.discard(process)
        return status

    def _answer(self) -> str:
        assert self._server.stdout is not None
        return self._server.stdout.readline()


def wait_for(told: Path, word: str) -> None:
    """Until the window has told this."""

    def said() -> str:
        return told.read_text() if told.exists() else ""

    wait_until(lambda: word in said(), in_vain=lambda: f"waited in vain for '{word}': {said()}")


def lines(told: Path) -> list[dict[str, Any]]:
    """What a window told; a torn last line is left out."""
    whole = told.read_text().splitlines(keepends=True)
    return [json.loads(line) for line in whole if line.endswith("\n")]


def family(session: int) -> list[int]:
    """The processes that belong to a window that was begun as the leader of its session."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[3]) == session and fields[0] != "Z":
                found.append(int(entry.name))
    return found


def live(name: str, told: Path, arguments: dict[str, Any]) -> int:
    """The whole life of a window's process; its exit status."""
    from PySide6.QtCore import QTimer, qInstallMessageHandler
    from PySide6.QtWidgets import QApplication

    from tests.gui.scenes import SCENES, Scene
    from workbench.gui import app
    from workbench.gui.main_window import MainWindow

    os.environ["WORKBENCH_HOME"] = str(told.parent / "home")
    scene = Scene(told, arguments)
    qInstallMessageHandler(lambda kind, context, text: None if QUIET in text else scene.tell("warning", text=text))
    app.make_application()

    def begin() -> None:
        scene.window = next(w for w in QApplication.topLevelWidgets() if isinstance(w, MainWindow))
        scene.safely(lambda: SCENES[name](scene))

    # The second time round, when what `run` asked for itself has been done.
    QTimer.singleShot(0, lambda: QTimer.singleShot(0, begin))
    status = app.run()
    scene.tell("left", threads=_threads())
    return status


def _threads() -> list[str]:
    """Threads that still run. Python keeps an entry for one of Qt's that has run its code, also after its end."""
    import threading

    known = (thread for thread in threading.enumerate() if not isinstance(thread, threading._DummyThread))
    return [thread.name for thread in known if thread is not threading.main_thread()]


def _serve() -> None:
    offline.watch_a_child()
    import torch

    torch.set_num_threads(1)  # no thread may be there when a copy is made
    import torch._dynamo

    import tests.gui.scenes  # noqa: F401
    import workbench.gui.app
    import workbench.runs  # noqa: F401

    for line in sys.stdin:
        given = json.loads(line)
        if isinstance(given, int):
            print(os.waitstatus_to_exitcode(os.waitpid(given, 0)[1]), flush=True)
            continue
        process = os.fork()
        if not process:
            os.setsid()
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            errors = os.open(given[1] + ".err", os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o666)
            os.dup2(errors, 1)
            os.dup2(errors, 2)
            torch.set_num_threads(given[2].get("threads", 1))
            try:
                status = live(given[0], Path(given[1]), given[2])
            except BaseException:
                traceback.print_exc()
                status = 99
            # As Python ends a process: the window's objects go first, then those of the modules.
            sys.exit(status)
        print(process, flush=True)


if __name__ == "__main__":
    _serve()
