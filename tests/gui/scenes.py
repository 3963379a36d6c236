"""What the windows of `tests.gui.lives` do while they live."""

from __future__ import annotations

import hashlib
import json
import os
import random
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from workbench.project import Project, dumps


def digest(project: Project) -> str:
    """What tells two projects apart, in a line of a file."""
    return hashlib.sha256(dumps(project).encode()).hexdigest()


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
                self.safely(then)

        timer.timeout.connect(look)
        timer.start(2)

    @property
    def keeps(self) -> bool:
        """Whether the window has begun to keep what a crash would take, and looked for what earlier ones left."""
        folder = self.window.files.draft.folder
        return folder is not None and (folder / "crash.txt").exists()

    def after(self, seconds: float, then: Callable[[], object]) -> None:
        from PySide6.QtCore import QTimer

        QTimer.singleShot(round(1000 * seconds), lambda: self.safely(then))

    def safely(self, then: Callable[[], object]) -> None:
        """A scene that is wrong itself ends its process, where the window would go on for ever."""
        try:
            then()
        except BaseException:
            traceback.print_exc()
            os._exit(98)


def edit(scene: Scene) -> None:
    """Change the project every few milliseconds, for ever."""
    from workbench.graph import edits

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
        scene.tell("edit", digest=digest(document.project), modified=document.modified)
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
                window.files.open_preset(name)
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
            scene.tell("acknowledged", state=window.session.state)
        window.close()
        scene.tell(
            "closed", began=began, moment=moment, state=window.session.state, busy=window.busy,
            stopped=stopped[0] if stopped else None,
        )  # fmt: skip

    ready = (lambda: True) if doing == "loading" else (lambda: window.engine.is_ready)
    scene.when(ready, act)


def train(scene: Scene) -> None:
    """Train a project for as long as the process lives."""
    window = scene.window
    window.files.open(Path(scene.arguments["file"]))
    scene.when(lambda: window.engine.is_ready, lambda: window.training.train())
    scene.when(lambda: window.session.series.count >= 3, lambda: scene.tell("training"))


def crash(scene: Scene) -> None:
    """Break down inside the process, with work that is not saved."""
    import ctypes

    from workbench.graph import edits

    document = scene.window.document
    document.set_graph(edits.set_argument(document.graph, "conv1", "out_channels", 77), "Set width")
    scene.tell("edited", digest=digest(document.project))

    def break_down() -> None:
        match scene.arguments["how"]:
            case "read":
                ctypes.string_at(0)
            case "abort":
                os.abort()
            case "thread":
                threading.Thread(target=ctypes.string_at, args=(0,)).start()

    kept = scene.window.files.draft.kept
    scene.when(lambda: kept() is not None, break_down)


def recover(scene: Scene) -> None:
    """Look at what is offered after a crash, open it with a click, and leave."""
    from PySide6.QtWidgets import QApplication, QPushButton

    from workbench.gui.recovery import RecoveryDialog

    window = scene.window

    def look() -> None:
        dialogs = window.findChildren(RecoveryDialog)
        buttons = {b.text(): b for dialog in dialogs for b in dialog.findChildren(QPushButton)}
        if "Copy the crash report" in buttons:
            buttons["Copy the crash report"].click()
        scene.tell("offered", buttons=sorted(buttons), crash=QApplication.clipboard().text())
        if "Open" in buttons:
            buttons["Open"].click()
            path = window.document.path
            scene.tell("recovered", digest=digest(window.document.project), path=str(path) if path else "")
        leave(scene)

    scene.when(lambda: scene.keeps, look)


def second(scene: Scene) -> None:
    """Open a file that another window may have open, change it, try to save it, and leave."""
    from PySide6.QtWidgets import QApplication, QMessageBox

    window, path = scene.window, Path(scene.arguments["file"])
    window.files.open(path)
    scene.tell("opened", note=window.files.note, title=window.windowTitle(), message=window.message)
    window.document.set_recipe(window.document.recipe.changed(epochs=scene.arguments["epochs"]), "Set epochs")
    asked: list[str] = []

    def answer() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        asked.append(box.text())
        box.reject()

    if scene.arguments.get("is_asked"):
        scene.after(0.1, answer)
    saved = window.files.save()
    scene.tell("saved", saved=saved, asked=asked)
    leave(scene)


def leave(scene: Scene) -> None:
    """Close the window without a question about what is not saved."""
    scene.window.document.saved_as(Path("elsewhere.json"))
    scene.window.close()


def _note_first_checkpoint(times: list[float]) -> None:
    """A training that was stopped makes its last checkpoint as soon as nothing computes any more."""
    from workbench.training.session import Session

    real = Session.checkpoint

    def noted(self: Session, best: bool = False) -> object:
        times.append(time.monotonic())
        return real(self, best)

    Session.checkpoint = noted  # type: ignore[method-assign, assignment]


SCENES: dict[str, Callable[[Scene], None]] = {
    "edit": edit, "close": close, "train": train, "crash": crash, "recover": recover, "second": second,
}  # fmt: skip
