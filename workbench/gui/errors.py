"""What nobody foresaw: one dialog with what happened, what was saved and a report to copy; the program goes on."""

from __future__ import annotations

import platform
import sys
import threading
import traceback
from collections.abc import Callable
from types import TracebackType

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget

from workbench import __version__

_open: list[QMessageBox] = []


def is_expected(error: Exception) -> bool:
    """Whether an error's message is a sentence for people: our own kinds, and what the system says of files."""
    return type(error).__module__.startswith("workbench.") or isinstance(error, OSError)


def show_error(parent: QWidget | None, message: str, details: str, kept: str) -> QMessageBox:
    """Show the dialog without stopping the rest; while one is open, further errors are added to its report."""
    report = f"CNN Workbench {__version__}, Python {platform.python_version()}, {platform.platform()}\n\n{details}"
    if _open:
        _open[0].setDetailedText(f"{_open[0].detailedText()}\n\n{details}")
        return _open[0]
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Warning)
    box.setWindowTitle("Something went wrong")
    box.setText(f"Something went wrong: {message}")
    box.setInformativeText(f"{kept} You can go on working. The report says where it happened.")
    box.setDetailedText(report)
    copy = box.addButton("Copy the report", QMessageBox.ButtonRole.ActionRole)
    copy.clicked.disconnect()
    copy.clicked.connect(lambda: QApplication.clipboard().setText(box.detailedText()))
    box.addButton("Go on", QMessageBox.ButtonRole.AcceptRole)
    box.finished.connect(lambda _: _open.clear())
    _open.append(box)
    box.open()
    return box


class Unexpected(QObject):
    """Catches exceptions that nobody caught, on any thread, and tells them in the window's."""

    raised = Signal(str, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        sys.excepthook = self._hook
        threading.excepthook = lambda given: self._hook(given.exc_type, given.exc_value, given.exc_traceback)

    def _hook(self, kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            QApplication.quit()
            return
        details = "".join(traceback.format_exception(kind, error, trace))
        sys.stderr.write(details)
        self.raised.emit(f"{kind.__name__}: {error}", details)


def tell_in(window: QWidget, unexpected: Unexpected, keep: Callable[[], str]) -> None:
    """Show what is unexpected over a window; ``keep`` saves what can be saved and says what."""
    unexpected.raised.connect(lambda message, details: show_error(window, message, details, keep()))
