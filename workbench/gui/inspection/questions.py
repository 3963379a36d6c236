"""Questions to a network that take a while, asked in the background: the last one is answered."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from workbench.gui.background import Background
from workbench.gui.inspection.standing import NetworkCopy


class Questions(QObject):
    """``answered`` brings what came out, ``failed`` a sentence. ``progress`` may be looked at meanwhile."""

    answered = Signal(object)
    failed = Signal(str)

    def __init__(self, name: str, copy: NetworkCopy, parent: QObject) -> None:
        super().__init__(parent)
        self._copy = copy
        self.progress = (0, 0)
        self._work = Background(name, self)
        self._work.done.connect(self.answered)
        self._work.failed.connect(lambda message, details: self.failed.emit(message))

    @property
    def busy(self) -> bool:
        return self._work.busy

    def cancel(self) -> None:
        """Wait for no answer any more."""
        self._work.forget()

    def _ask(self, answer: Callable[[], object]) -> None:
        """Have ``answer`` called in the background's thread."""
        self.progress = (0, 0)
        self._work.ask(answer)

    def _tell(self, done: int, total: int) -> None:
        """Note how far it is, in the background's thread. Raises `OutOfDate` where nobody waits any more."""
        self._work.check()
        self.progress = (done, total)
