"""Windows for tests: each with settings of its own, and nothing left of it afterwards. `conftest.py` hands them on."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QThread, QTimer
from PySide6.QtWidgets import QApplication, QDialog, QMessageBox

from workbench.gui.document import Document
from workbench.gui.main_window import MainWindow, first_project
from workbench.gui.settings import Settings
from workbench.gui.theme import Appearance

_MUCH = 20_000
"""Objects made and not ended since the last collection from which on collecting is worth its time."""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the window keeps what is its own, fresh for each test."""
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture(scope="session", autouse=True)
def garbage_is_collected_between_tests() -> Iterator[None]:
    """As in the window's own process, where collecting in the midst of Qt's calls has crashed."""
    import workbench.runs  # noqa: F401
    from workbench.compiler import analyse

    analyse(first_project().graph)  # loads most of all objects, which no test has to look through then
    gc.disable()
    gc.freeze()
    yield
    gc.enable()


@pytest.fixture(autouse=True)
def no_unasked_question(monkeypatch: pytest.MonkeyPatch) -> None:
    """A question that a test did not expect fails it, instead of waiting for an answer."""

    def asked(*arguments: object) -> None:
        raise AssertionError(f"a question was asked: {arguments[1:]}")

    monkeypatch.setattr(QMessageBox, "question", asked)


@pytest.fixture(scope="session")
def qapp_cls() -> type[QApplication]:
    return QApplication


@pytest.fixture
def appearance(qapp: QApplication) -> Appearance:
    return Appearance(qapp, "light")


@pytest.fixture
def document(qapp: QApplication) -> Document:
    """LeNet-5 on the digits, analysed."""
    made = Document(first_project())
    made.begin_analysing()
    return made


@pytest.fixture
def window(qtbot, appearance: Appearance) -> Iterator[MainWindow]:  # type: ignore[no-untyped-def]
    """The real window with torch loaded and the images there."""
    made = MainWindow(appearance, Settings())
    made.resize(1280, 800)
    made.show()
    made.begin_loading()
    made.pages.show_editor()
    qtbot.waitUntil(lambda: made.engine.is_ready and made.picture.dataset is not None, timeout=60_000)
    yield made
    made.document.saved_as(Path("test.json"))
    made.close()
    made.deleteLater()


@pytest.fixture(autouse=True)
def nothing_left(qapp: QApplication, request: pytest.FixtureRequest) -> Iterator[None]:
    """Fails the test that leaves a thread, a running timer or a window behind."""
    threads = set(threading.enumerate())
    yield
    for widget in qapp.topLevelWidgets():
        # Menus and forms without a window belong to pyqtgraph's plots: to delete them besides has crashed.
        if not type(widget).__module__.startswith("PySide6") or isinstance(widget, QDialog):
            widget.close()
            widget.deleteLater()
    qapp.processEvents()
    qapp.sendPostedEvents(None, 52)  # deferred deletions
    if gc.get_count()[0] > _MUCH:
        gc.collect()
    for thread in threading.enumerate():
        # What nothing can interrupt is not waited for when a window closes, but it has an end.
        if thread not in threads and thread.daemon and not isinstance(thread, threading._DummyThread):
            thread.join(20)
            assert not thread.is_alive(), f"{thread} was left behind"
    if "window" not in request.fixturenames:
        return  # looking at every object takes a moment
    things = gc.get_objects()
    for thing in things:
        if issubclass(type(thing), QThread):
            try:
                running = thing.isRunning()
            except RuntimeError:  # deleted on Qt's side
                continue
            assert not running or thing is QThread.currentThread(), f"{thing} still runs"
    active = [thing for thing in things if issubclass(type(thing), QTimer) and _active(thing)]
    assert not active, f"timers still run: {active}"


def _active(timer: QTimer) -> bool:
    try:
        return timer.isActive()
    except RuntimeError:
        return False


@pytest.fixture
def trained(window: MainWindow, qtbot) -> Callable[..., MainWindow]:  # type: ignore[no-untyped-def]
    """Trains the window's project to its end, with some of the recipe's settings changed."""

    def train(**settings: object) -> MainWindow:
        window.document.set_recipe(window.document.recipe.changed(**settings), "for the test")
        window.training.train()
        qtbot.waitUntil(lambda: window.session.state == "idle", timeout=60_000)
        return window

    return train
