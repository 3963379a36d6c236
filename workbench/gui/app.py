"""Starting the window: the first picture soon, torch after it, nothing lost when something goes wrong."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6 import __version__ as qt_version
from PySide6.QtCore import QEvent, QMetaObject, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from workbench import machine
from workbench.gui.drafts import left_behind
from workbench.gui.errors import Unexpected
from workbench.gui.garbage import Garbage
from workbench.gui.main_window import MainWindow
from workbench.gui.overrides import keep_errors_whole
from workbench.gui.recovery import RecoveryDialog
from workbench.gui.settings import Settings
from workbench.gui.theme import Appearance


def make_application(arguments: Sequence[str] = ()) -> QApplication:
    """The one QApplication of the process."""
    present = QApplication.instance()
    if isinstance(present, QApplication):
        return present
    machine.keep_memory_together()
    keep_errors_whole()
    application = QApplication(["workbench", *arguments])
    application.setApplicationName("CNN Workbench")
    application.setDesktopFileName("cnn-workbench")
    return application


def refuse_broken_qt() -> None:
    """PySide6 6.12 loses a reference at nearly every call on Python 3.11 and aborts after a while."""
    if sys.version_info < (3, 12) and qt_version.startswith("6.12."):
        raise RuntimeError(
            f"PySide6 {qt_version} aborts on Python {sys.version_info.major}.{sys.version_info.minor}; "
            "install 'PySide6-Essentials<6.12', or use Python 3.12"
        )


def open_window(application: QApplication) -> MainWindow:
    """Make and show the window. What takes longer begins once it has been painted."""
    garbage = Garbage(application)
    settings = Settings()
    scheme = settings.get("scheme", "system")
    appearance = Appearance(application, scheme if scheme in ("system", "light", "dark") else "system")
    window = MainWindow(appearance, settings)
    window.engine.ready.connect(garbage.begin)
    window.engine.failed.connect(garbage.begin)
    AfterFirstPicture(window, window.begin_loading)
    window.show()
    return window


class AfterFirstPicture(QObject):
    """Calls something once a window has been painted; or after a second, where it is shown to nobody yet."""

    def __init__(self, window: QWidget, call: Callable[[], object]) -> None:
        super().__init__(window)
        self._window, self._call = window, call
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._end)
        self._timer.start(1000)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            # All that is in the window is painted before the next event.
            self._timer.start(0)
        return False

    def _end(self) -> None:
        self._window.removeEventFilter(self)
        self.deleteLater()
        self._call()


def run(file: str | None = None, on_interrupt: Callable[[Callable[[], object]], object] | None = None) -> int:
    """Open the window, and a file in it; the exit status. ``on_interrupt`` is told how Ctrl-C closes the window."""
    refuse_broken_qt()
    application = make_application()
    if on_interrupt is not None:
        # Between two events, as if a person had closed it: what is not saved is asked for.
        on_interrupt(lambda: QMetaObject.invokeMethod(application, "quit", Qt.ConnectionType.QueuedConnection))
    unexpected = Unexpected(application)
    window = open_window(application)
    window.closed.connect(application.quit)
    unexpected.raised.connect(window.errors.show)
    if file:
        window.attempt(lambda: window.files.open(Path(file)))
    QTimer.singleShot(0, lambda: window.attempt(lambda: begin_keeping(window)))
    status = application.exec()
    unexpected.give_back()
    return leave(window, status)


def begin_keeping(window: MainWindow) -> None:
    """Keep what a crash would take, and offer what earlier ones left."""
    window.files.draft.watch_for_crashes()
    found = left_behind()
    if found:
        dialog = RecoveryDialog(found, window)
        dialog.chosen.connect(lambda left: window.attempt(lambda: window.files.recover(left)))
        dialog.open()


def leave(window: MainWindow, status: int) -> int:
    """The end of the process. What still computes, and nothing can interrupt, is not waited for: all is saved."""
    if window.busy:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
    return status
