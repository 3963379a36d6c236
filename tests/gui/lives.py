"""Windows in processes of their own that are closed, killed or broken while they do something.

python -m tests.gui.lives     serves `Lives`: a line of JSON begins a process
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
QUIET = "This plugin does not support"


class Lives:
    """A process without threads that has imported everything once; each window is a copy of it, there at once."""

    def __init__(self, home: Path) -> None:
        self._home = home

    def __enter__(self) -> Lives:
        environment = os.environ | {"PYTHONPATH": str(ROOT), "WORKBENCH_HOME": str(self._home)}
        environment["QT_QPA_PLATFORM"] = "offscreen"
        self._server = subprocess.Popen(
            [sys.executable, "-m", "tests.gui.lives"], cwd=ROOT, env=environment, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        return self

    def __exit__(self, *_: object) -> None:
        self._server.communicate()

    def begin(self, scene: str, told: Path, **arguments: object) -> int:
        """Open a window that plays a scene and tells what happens in a file; gives the process's number."""
        assert self._server.stdin is not None
        told.unlink(missing_ok=True)
        self._server.stdin.write(json.dumps([scene, str(told), arguments]) + "\n")
        self._server.stdin.flush()
        return int(self._answer())

    def end(self, process: int) -> int:
        """Wait for a window's process; its exit status, or minus the signal that ended it."""
        assert self._server.stdin is not None
        self._server.stdin.write(json.dumps(process) + "\n")
        self._server.stdin.flush()
        return int(self._answer())

    def _answer(self) -> str:
        assert self._server.stdout is not None
        return self._server.stdout.readline()


def wait_for(told: Path, word: str, seconds: float = 60.0) -> None:
    """Until the window has told this."""
    end = time.monotonic() + seconds
    while word not in (told.read_text() if told.exists() else ""):
        assert time.monotonic() < end, f"waited in vain for '{word}': {told.read_text() if told.exists() else ''}"
        time.sleep(0.005)


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


class Scene:
    """What a window's process does, from the moment that its window is there."""

    def __init__(self, told: Path, arguments: dict[str, Any]) -> None:
        from workbench.gui.main_window import MainWindow

        self.window: MainWindow
        self.arguments = arguments
        self.chance = random.Random(arguments.get("seed", 0))
        self._told = os.open(told, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o666)

    def tell(self, what: str, **values: object) -> None:
        """Survives whatever happens next, because it is in the system's hands."""
        os.write(self._told, (json.dumps({"what": what, "at": time.monotonic(), **values}) + "\n").encode())

    def when(self, condition: Callable[[], object], then: Callable[[], object]) -> None:
        """Do something as soon as something is so."""
        from PySide6.QtCore import QTimer

        timer = QTimer(self.window)

        def look() -> None:
            if condition():
                timer.stop()
                timer.deleteLater()
                then()

        timer.timeout.connect(look)
        timer.start(2)

    def after(self, seconds: float, then: Callable[[], object]) -> None:
        from PySide6.QtCore import QTimer

        QTimer.singleShot(round(1000 * seconds), then)


def edit(scene: Scene) -> None:
    """Change the project every few milliseconds, for ever."""
    import hashlib

    from workbench.graph import edits
    from workbench.project import dumps

    window, chance = scene.window, scene.chance
    if scene.arguments.get("file"):
        window.files.open(Path(scene.arguments["file"]))
    scene.tell("begun", folder=str(window.files.draft.folder))

    def change() -> None:
        document = window.document
        if chance.random() < 0.2 and document.undo_title:
            document.undo()
        else:
            width = chance.randrange(1, 500)
            document.set_graph(edits.set_argument(document.graph, "conv1", "out_channels", width), "Set width")
        digest = hashlib.sha256(dumps(document.project).encode()).hexdigest()
        scene.tell("edit", digest=digest, modified=document.modified)
        scene.after(chance.choice((0.002, 0.01, 0.05, 0.2)), change)

    change()


def close(scene: Scene) -> None:
    """Do something that takes long, and close the window at a random moment of it."""
    from workbench.project import read_project

    window, doing = scene.window, scene.arguments["doing"]
    if scene.arguments.get("file"):
        window.document.open(read_project(scene.arguments["file"]))

    def act() -> None:
        if doing == "previews":
            for name in ("resnet152", "vgg16", "senet154"):
                window.open_preset(name)
        elif doing in ("training", "reading"):
            window.training.train()
        begun = (lambda: window.session.started is not None) if doing == "training" else (lambda: True)
        scene.when(begun, lambda: scene.after(scene.chance.random() * scene.arguments["within"], leave))

    def leave() -> None:
        moment = window.session.state
        stopped: list[float] = []
        _note_first_checkpoint(stopped)
        began = time.monotonic()
        if scene.arguments.get("by_stop") and window.session.active:
            window.session.stop()
            scene.tell("acknowledged", state=window.session.state, seconds=time.monotonic() - began)
        window.close()
        scene.tell(
            "closed", began=began, moment=moment, state=window.session.state, busy=window.busy,
            stopped=stopped[0] - began if stopped else None,
        )  # fmt: skip

    ready = (lambda: True) if doing == "loading" else (lambda: window.engine.is_ready)
    scene.when(ready, act)


def train(scene: Scene) -> None:
    """Train a project for as long as the process lives."""
    window = scene.window
    window.files.open(Path(scene.arguments["file"]))
    scene.when(lambda: window.engine.is_ready, window.train)
    scene.when(lambda: window.session.series.count >= 3, lambda: scene.tell("training"))


def crash(scene: Scene) -> None:
    """Break down inside the process, with work that is not saved."""
    import ctypes

    from workbench.graph import edits

    document = scene.window.document
    document.set_graph(edits.set_argument(document.graph, "conv1", "out_channels", 77), "Set width")
    scene.tell("edited")
    kept = scene.window.files.draft.kept
    scene.when(lambda: kept() is not None, lambda: ctypes.string_at(0) if scene.arguments["how"] == "read" else
               os.abort())  # fmt: skip


def _note_first_checkpoint(times: list[float]) -> None:
    """A training that was stopped makes its last checkpoint as soon as nothing computes any more."""
    from workbench.training.session import Session

    real = Session.checkpoint

    def noted(self: Session, best: bool = False) -> object:
        times.append(time.monotonic())
        return real(self, best)

    Session.checkpoint = noted  # type: ignore[method-assign, assignment]


SCENES: dict[str, Callable[[Scene], None]] = {"edit": edit, "close": close, "train": train, "crash": crash}


def live(name: str, told: Path, arguments: dict[str, Any]) -> int:
    """The whole life of a window's process; its exit status."""
    from PySide6.QtCore import QTimer, qInstallMessageHandler
    from PySide6.QtWidgets import QApplication

    from workbench.gui import app
    from workbench.gui.main_window import MainWindow

    scene = Scene(told, arguments)
    qInstallMessageHandler(lambda kind, context, text: None if QUIET in text else scene.tell("warning", text=text))
    app.make_application()

    def begin() -> None:
        scene.window = next(w for w in QApplication.topLevelWidgets() if isinstance(w, MainWindow))
        SCENES[name](scene)

    # The second time round, when what `run` asked for itself has been done.
    QTimer.singleShot(0, lambda: QTimer.singleShot(0, begin))
    status = app.run()
    scene.tell("left", threads=_threads())
    return status


def _threads() -> list[str]:
    import threading

    return [thread.name for thread in threading.enumerate() if thread is not threading.main_thread()]


def _serve() -> None:
    import torch

    torch.set_num_threads(1)  # no thread may be there when a copy is made
    import torch._dynamo

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
