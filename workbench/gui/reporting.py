"""Writing a lesson or a run as one HTML page, off the window's thread: a run's images are read for it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from workbench.gui.background import Background
from workbench.labs.report import lesson_page
from workbench.project import write_atomically
from workbench.runs import Run
from workbench.runs.page import page

if TYPE_CHECKING:
    from workbench.gui.main_window import MainWindow


class Reporting(QObject):
    """The reports of one window: of the lesson that is open, and of the run that is shown."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._work = Background("report", self)
        self._work.done.connect(window.tell)
        self._work.failed.connect(lambda message, _: window.complain(message))

    @property
    def run(self) -> Path | None:
        """The run whose epochs can be looked at, or the one that was trained last."""
        film = self._window.travel.film
        return film.reel.directory if film is not None else self._window.session.directory

    def ask_lesson(self) -> None:
        """Ask for a file, and write the lesson that is open into it."""
        labs = self._window.pages.labs
        if labs is not None and (path := self._ask("Export a report of the lesson", labs.title)):
            self.export_lesson(path)

    def ask_run(self) -> None:
        """Ask for a file, and write the run that is shown into it."""
        if self.run is not None and (path := self._ask("Export a report of the run", self.run.name)):
            self.export_run(path)

    def export_lesson(self, path: Path) -> None:
        """Write the lesson as it is now; what is tried meanwhile does not matter."""
        labs = self._window.pages.labs
        if labs is not None:
            played = labs.played()
            self._write(path, lambda: lesson_page(played()))

    def export_run(self, path: Path) -> None:
        """Write the run as it is now, which may still be training."""
        directory = self.run
        if directory is not None:
            self._write(path, lambda: page(Run.open(directory)))

    def _ask(self, title: str, name: str) -> Path | None:
        suggested = str(Path.home() / f"{name}.html")
        given, _ = QFileDialog.getSaveFileName(self._window, title, suggested, "Web page (*.html)")
        return Path(given) if given else None

    def _write(self, path: Path, make: Callable[[], str]) -> None:
        self._window.tell(f"Writing {path.name} …")

        def work() -> str:
            write_atomically(path, make().encode())
            return f"Wrote {path}"

        self._work.ask(work)
