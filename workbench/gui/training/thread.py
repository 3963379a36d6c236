"""The thread in which a training runs, and how a new one begins in it."""

from __future__ import annotations

from collections.abc import Callable, Generator
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QThread

from workbench.machine import choose_threads_anew

if TYPE_CHECKING:
    from workbench.project import Project
    from workbench.runs.recording import Images
    from workbench.training import Control, Event, Watch

_STACK_BYTES = 16 << 20
"""torch's own threads need no large stack, but its dispatch and autograd do."""


class TrainingThread(QThread):
    """Does one piece of work, which lets no error out."""

    def __init__(self, work: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self.setObjectName("training")
        self.setStackSize(_STACK_BYTES)
        self._work = work

    def run(self) -> None:
        self._work()


def beside_others(
    project: Project, directory: Path, images: Images | None, control: Control, watch: Watch
) -> Generator[Event]:
    """The events of a new run, which computes with as many threads as fit beside what other programs do now."""
    from workbench import runs

    choose_threads_anew()
    return runs.start(project, directory, control, watch, images)
