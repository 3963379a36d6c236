"""What nobody foresaw: one dialog with what happened, what was saved and a report to copy; the program goes on."""

from __future__ import annotations

import contextlib
import platform
import sys
import threading
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from types import TracebackType

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget

from workbench import __version__
from workbench.gui import places
from workbench.project import WriteError, append_lines, make_folders, open_for_appending, write_atomically

_LONGEST = 20_000
_MOST_REPORTS = 20
_LOG_BYTES = 1_000_000


def is_expected(error: BaseException) -> bool:
    """Whether an error's message is a sentence for people: our own kinds, and what the system says of files."""
    return type(error).__module__.startswith("workbench.") or isinstance(error, OSError)


def words(error: BaseException) -> str:
    """Kind and message in one line; of any error, also one that cannot say itself."""
    try:
        text = " ".join(str(error).split())
    except BaseException:
        text = ""
    return _plain(f"{type(error).__name__}: {text}" if text else type(error).__name__)[:500]


def trace_of(error: BaseException) -> str:
    """The traceback as text; of any error."""
    try:
        return _plain("".join(traceback.format_exception(error)))[-_LONGEST:]
    except BaseException:
        return words(error)


def report(error: BaseException) -> None:
    """Tell of an error that a thread of the program's caught as if nobody had."""
    sys.excepthook(type(error), error, error.__traceback__)


class Unexpected(QObject):
    """Catches exceptions that nobody caught, on any thread, and tells them in the window's."""

    raised = Signal(str, str)
    _caught = Signal(str, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._log = threading.Lock()
        self._before = sys.excepthook, threading.excepthook, sys.unraisablehook
        # Never at once: an error in a paint event may not open a dialog in its midst.
        self._caught.connect(self.raised, Qt.ConnectionType.QueuedConnection)
        sys.excepthook = self._hook
        threading.excepthook = lambda given: self._hook(given.exc_type, given.exc_value, given.exc_traceback)
        sys.unraisablehook = lambda given: self._hook(given.exc_type, given.exc_value, given.exc_traceback)

    def give_back(self) -> None:
        """Leave errors to whoever had them before."""
        sys.excepthook, threading.excepthook, sys.unraisablehook = self._before

    def _hook(self, kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
        error = error if error is not None else kind()
        details = trace_of(error)
        with contextlib.suppress(Exception):
            sys.stderr.write(details)
        self._write_down(details)
        with contextlib.suppress(RuntimeError):  # the window is gone
            self._caught.emit(words(error), details)

    def _write_down(self, details: str) -> None:
        log = places.error_log()
        entry = f"{datetime.now(UTC).isoformat(timespec='seconds')} {versions()}\n{details}"
        with self._log, contextlib.suppress(WriteError, OSError):
            make_folders(log.parent)
            if log.exists() and log.stat().st_size > _LOG_BYTES:
                write_atomically(log, b"")
            with open_for_appending(log) as file:
                append_lines(file, [entry.encode()])


class ErrorDialogs(QObject):
    """Shows what was unexpected over a window, in one dialog at a time that does not stop the rest."""

    def __init__(self, window: QWidget, keep: Callable[[], str]) -> None:
        super().__init__(window)
        self._window, self._keep = window, keep
        self._box: QMessageBox | None = None
        self._reports: dict[str, int] = {}

    @property
    def box(self) -> QMessageBox | None:
        """The dialog that is open."""
        return self._box

    def show(self, message: str, details: str) -> None:
        """Show an error, or add it to the report of the dialog that is open."""
        if len(self._reports) < _MOST_REPORTS or details in self._reports:
            self._reports[details] = self._reports.get(details, 0) + 1
        if self._box is None:
            self._box = self._opened(message)
        self._box.setDetailedText(self._report())

    def _opened(self, message: str) -> QMessageBox:
        box = QMessageBox(self._window)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setWindowTitle("Something went wrong")
        box.setText(f"Something went wrong: {message}")
        box.setInformativeText(f"{self._kept()} You can go on working. The report says where it happened.")
        copy = box.addButton("Copy the report", QMessageBox.ButtonRole.ActionRole)
        copy.clicked.disconnect()
        copy.clicked.connect(lambda: QApplication.clipboard().setText(self._report()))
        go_on = box.addButton("Go on", QMessageBox.ButtonRole.AcceptRole)
        box.setDefaultButton(go_on)
        box.setEscapeButton(go_on)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.finished.connect(self._closed)
        box.open()
        return box

    def _kept(self) -> str:
        try:
            return self._keep()
        except Exception as error:
            return f"Your work could not be kept as a draft ({words(error)}): save it."

    def _report(self) -> str:
        times = {details: f"{count} times:\n" if count > 1 else "" for details, count in self._reports.items()}
        return "\n\n".join((versions(), *(times[details] + details for details in times)))

    def _closed(self) -> None:
        self._box = None
        self._reports.clear()


def versions() -> str:
    """What a report begins with."""
    return f"CNN Workbench {__version__}, Python {platform.python_version()}, {platform.platform()}"


def _plain(text: str) -> str:
    """Without the half characters that neither files nor Qt take."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
