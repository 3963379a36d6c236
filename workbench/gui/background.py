"""Work that must not stop the window: done in a thread of its own, the latest wish first, older ones dropped."""

from __future__ import annotations

import threading
import traceback
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

from workbench.gui.errors import is_expected


class Background(QObject):
    """Does one thing at a time. `done` brings its result, `failed` a sentence and, for the unforeseen, a traceback.

    Of the things asked for while one is being done only the last is done after it.
    """

    done = Signal(object)
    failed = Signal(str, str)
    _over = Signal(int, object, str, str)

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._wish: Callable[[], Any] | None = None
        self._number = 0
        self._gate = threading.Condition()
        self._closing = False
        self._thread: threading.Thread | None = None
        self._over.connect(self._tell)

    @property
    def busy(self) -> bool:
        with self._gate:
            return self._wish is not None or self._doing

    _doing = False

    def ask(self, work: Callable[[], Any]) -> None:
        """Have this done as soon as what is under way is over."""
        with self._gate:
            self._wish = work
            self._number += 1
            if self._thread is None and not self._closing:
                self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
                self._thread.start()
            self._gate.notify()

    def forget(self) -> None:
        """Do not tell the result of what is under way, nor begin what waits."""
        with self._gate:
            self._wish = None
            self._number += 1

    def close(self) -> None:
        """End the thread after what is under way."""
        with self._gate:
            self._closing, self._wish = True, None
            self._number += 1
            self._gate.notify()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while True:
            with self._gate:
                while self._wish is None and not self._closing:
                    self._gate.wait()
                if self._closing:
                    return
                work, number, self._wish = self._wish, self._number, None
                self._doing = True
            result, message, details = None, "", ""
            try:
                result = work() if work else None
            except Exception as error:
                message = str(error) or type(error).__name__
                details = "" if is_expected(error) else traceback.format_exc()
            with self._gate:
                self._doing = False
                if self._closing:
                    return
            self._over.emit(number, result, message, details)

    def _tell(self, number: int, result: object, message: str, details: str) -> None:
        if number != self._number:
            return
        if message:
            self.failed.emit(message, details)
        else:
            self.done.emit(result)
