"""Which validation images were taken for what: the run's weights asked again, in the background."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from workbench.gui.background import Background
from workbench.runs import Run, review


class Mistakes(QObject):
    """``found(images, places, note)``: images uint8 ``(N, C, H, W)`` and their places among the validation images."""

    found = Signal(object, list, str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._work = Background("mistakes", self)
        self._work.done.connect(lambda result: self.found.emit(*result))
        self._work.failed.connect(lambda message, details: self.found.emit([], [], message))

    def forget(self) -> None:
        """What is under way is not told any more."""
        self._work.forget()

    def look_for(self, directory: Path | None, true: int, called: int) -> None:
        """Find the images of class ``true`` that the last checkpoint of a run calls ``called``."""
        if directory is None:
            return

        def work() -> tuple[Any, list[int], str]:
            asked = review(Run.open(directory), best=False, check=self._work.check, progress=self._work.check)
            places = asked.verdicts.told(true, called)
            names = asked.dataset.classes
            words = "right" if true == called else f"taken for '{names[called]}'"
            note = f"{len(places)} of class '{names[true]}' {words} by the last checkpoint, the most confident first."
            return asked.pixels(places), places.tolist(), note

        self._work.ask(work)
