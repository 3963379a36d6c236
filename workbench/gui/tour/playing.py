"""What a step of the story is played with: it does something, waits for what must come of it, and saves a picture."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget

from workbench.gui.main_window import MainWindow

_PATIENCE = 120.0


class StepFailed(Exception):
    """A step that did not come to what it should; the message says what was awaited."""


class Tour:
    """One window being used."""

    def __init__(self, application: QApplication, window: MainWindow, out: Path) -> None:
        self.application, self.window, self.out = application, window, out
        self.problems: list[str] = []
        # Nobody is there to answer: a question fails the step, where it would wait for ever.
        self._watch = QTimer(window)
        self._watch.timeout.connect(self._refuse_questions)
        self._watch.start(500)
        self._number = 0

    def wait(self, what: str, until: Callable[[], object], seconds: float = _PATIENCE) -> None:
        """Let the window live until something is so. Raises `StepFailed` when it is not in time."""
        end = time.monotonic() + seconds
        while not until():
            if time.monotonic() > end:
                raise StepFailed(f"waited {seconds:.0f} s in vain until {what}")
            self.application.processEvents()
            time.sleep(0.002)

    def _refuse_questions(self) -> None:
        asked = self.application.activeModalWidget()
        if isinstance(asked, QMessageBox):
            self.problems.append(f"nobody answers the question: {asked.text()}")
            asked.reject()

    def rest(self, seconds: float = 0.25) -> None:
        end = time.monotonic() + seconds
        self.wait("a moment has passed", lambda: time.monotonic() > end)

    def report(self, name: str, export: Callable[[Path], object]) -> None:
        """Have a page written, and wait for it."""
        page = self.out / f"{name}.html"
        export(page)
        self.wait(f"{page.name} is written", lambda: self.window.message == f"Wrote {page}")
        print(page)

    def picture(self, name: str, of: QWidget | None = None) -> None:
        """Save what the window, or another, shows now."""
        self._number += 1
        self.rest()
        path = self.out / f"{self._number:02d}-{name}.png"
        if not (of or self.window).grab().save(str(path)):
            raise StepFailed(f"{path} could not be written")
        print(path)
