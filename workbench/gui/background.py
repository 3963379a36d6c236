"""Work that must not stop the window: done in a thread of its own, the latest wish first, older ones dropped."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

from workbench.gui.errors import is_expected, report, trace_of, words


class OutOfDate(Exception):
    """Raised in work whose result nobody waits for any more."""


class Background(QObject):
    """Does one thing at a time. `done` brings its result, `failed` a sentence and, for the unforeseen, a traceback.

    The thread ends when nothing is left to be done: torch gives each thread that computes helpers of its own, and where
    there are more of them than cores none of them waits awake, which cost a training a third of its speed.
    Of the things asked for while one is being done only the last is done after it. Work that takes long calls `check`
    now and then, or looks at `out_of_date`. What nobody foresaw is also told as any other error in the program.
    """

    done = Signal(object)
    failed = Signal(str, str)
    _over = Signal(int, object, str, str)

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.name = name
        self._wish: Callable[[], Any] | None = None
        self._number = 0
        self._under_way = 0
        self._doing = False
        self._at_work = False
        self._gate = threading.Lock()
        self._closing = False
        self._thread: threading.Thread | None = None
        self._over.connect(self._tell)

    @property
    def busy(self) -> bool:
        with self._gate:
            return self._wish is not None or self._doing

    @property
    def out_of_date(self) -> bool:
        """Whether what is being done is no longer wanted."""
        return self._under_way != self._number

    def check(self, *_: object) -> None:
        """Raise `OutOfDate` in work that is no longer wanted; fits as a progress call-back."""
        if self.out_of_date:
            raise OutOfDate

    def ask(self, work: Callable[[], Any]) -> None:
        """Have this done as soon as what is under way is over."""
        with self._gate:
            if self._closing:
                return
            self._wish = work
            self._number += 1
            if not self._at_work:
                self._at_work = True
                self._thread = threading.Thread(target=self._run, name=self.name, daemon=True)
                self._thread.start()

    def forget(self) -> None:
        """Do not tell the result of what is under way, nor begin what waits."""
        with self._gate:
            self._wish = None
            self._number += 1

    def give_up(self) -> None:
        """Begin nothing more, and let what is under way end at its next check."""
        with self._gate:
            self._closing, self._wish = True, None
            self._number += 1

    def close(self, seconds: float | None = None) -> bool:
        """Give up and wait for the thread, so long at most; whether it has ended."""
        self.give_up()
        if self._thread is None:
            return True
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while True:
            with self._gate:
                if self._wish is None:
                    self._at_work = False
                    return
                work, self._under_way, self._wish = self._wish, self._number, None
                self._doing = True
            result, message, details = None, "", ""
            try:
                result = work()
            except BaseException as error:
                # Whatever ends unwanted work is the end that was asked for.
                if not self.out_of_date:
                    message = str(error) if is_expected(error) else words(error)
                    details = "" if is_expected(error) else trace_of(error)
                    if details:
                        report(error)
            with self._gate:
                self._doing = False
                if self._closing:
                    return
            self._over.emit(self._under_way, result, message, details)
            # What was made belongs to whoever was told of it.
            del result, work

    def _tell(self, number: int, result: object, message: str, details: str) -> None:
        if number != self._number:
            return
        if message:
            self.failed.emit(message, details)
        else:
            self.done.emit(result)


def close_all(works: list[Background], seconds: float) -> list[str]:
    """End them all at once, waiting so long at most in all; the names of those that still work."""
    for work in works:
        work.give_up()
    end = time.monotonic() + seconds
    return [work.name for work in works if not work.close(max(0.0, end - time.monotonic()))]
