"""The real window outside of a test: opened, waited for, closed."""

from __future__ import annotations

import gc
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QCoreApplication, QEvent, QObject, qInstallMessageHandler
from PySide6.QtWidgets import QApplication, QMessageBox

from tests.pauses import wait_until
from workbench.gui.app import make_application
from workbench.gui.garbage import Garbage
from workbench.gui.main_window import MainWindow
from workbench.gui.settings import Settings
from workbench.gui.theme import Appearance

_HARMLESS = "This plugin does not support"


def spin(until: Callable[[], object], seconds: float = 60.0) -> None:
    """Let the window live until something is so. Fails where that takes too long."""
    wait_until(until, seconds, _turn)


def _turn() -> None:
    QApplication.processEvents()
    time.sleep(0.001)


def rest(seconds: float) -> None:
    """Let the window live for a while."""
    end = time.monotonic() + seconds
    spin(lambda: time.monotonic() > end)


def begin(home: Path) -> MainWindow:
    """A window with torch loaded and the images there; what is its own is kept in a folder."""
    os.environ["WORKBENCH_HOME"] = str(home)
    window = MainWindow(_appearance(), Settings())
    try:
        window.resize(1280, 800)
        window.show()
        window.begin_loading()
        window.pages.show_editor()
        spin(lambda: window.engine.is_ready and window.picture.dataset is not None)
    except BaseException:  # also whoever waits is interrupted; its threads may not outlive a window
        close(window)
        raise
    return window


@cache
def _appearance() -> Appearance:
    """The process's one: it is the application's, whatever windows come and go."""
    return Appearance(make_application(), "light")


@contextmanager
def opened(home: Path) -> Iterator[MainWindow]:
    """Such a window, closed afterwards."""
    window = begin(home)
    try:
        with _collecting():
            yield window
    finally:
        close(window)


@contextmanager
def _collecting() -> Iterator[None]:
    """Garbage is collected as the program does it, between two events.

    Python by itself does it also while Qt gives a new style to one widget after the other, and the process ends
    where that takes one of them away.
    """
    was_on, parent = gc.isenabled(), QObject()
    Garbage(parent).begin()
    try:
        yield
    finally:
        parent.deleteLater()
        gc.unfreeze()
        if was_on:
            gc.enable()


def close(window: MainWindow) -> None:
    """Without a question about what is not saved; nothing of it is left."""
    window.document.saved_as(Path("elsewhere.json"))
    window.close()
    window.deleteLater()
    QApplication.processEvents()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@contextmanager
def strictly() -> Iterator[list[str]]:
    """Notes what Qt warns of, and exceptions that nobody caught, which tests have pytest-qt for."""
    told: list[str] = []
    hook = sys.excepthook

    def note(kind: object, context: object, text: str) -> None:
        if _HARMLESS not in text:
            told.append(text)

    def caught(kind: type[BaseException], error: BaseException, trace: object) -> None:
        told.append(f"{kind.__name__}: {error}")
        hook(kind, error, trace)  # type: ignore[arg-type]

    before = qInstallMessageHandler(note)
    sys.excepthook = caught
    try:
        yield told
    finally:
        sys.excepthook = hook
        qInstallMessageHandler(before)


@contextmanager
def answering(answer: QMessageBox.StandardButton = QMessageBox.StandardButton.Discard) -> Iterator[None]:
    """Questions of the window are answered at once."""
    real = QMessageBox.question
    QMessageBox.question = staticmethod(lambda *_: answer)  # type: ignore[method-assign, assignment]
    try:
        yield
    finally:
        QMessageBox.question = real  # type: ignore[method-assign]
