"""The thread in which a training runs."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QThread

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
