"""Garbage is collected in the window's thread alone, and only between two of its events.

Python collects wherever an object happens to be made. In another thread that ends Qt's objects where they must not
end, and in the midst of one of Qt's own calls it has crashed the process.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

_SECONDS = 1.0


class Garbage(QObject):
    """Switches the automatic collection off; `begin` collects from then on, as often as Python would have."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self)
        self._timer.timeout.connect(collect)

    def begin(self) -> None:
        """What is there by now stays: torch alone is some 400,000 objects, and looking at them takes 0.2 s."""
        gc.freeze()
        self._timer.start(int(_SECONDS * 1000))


def collect() -> None:
    """The oldest generation that is due, with all younger ones."""
    counts = zip(gc.get_count(), gc.get_threshold(), strict=True)
    due = [generation for generation, (count, most) in enumerate(counts) if count > most]
    if due:
        gc.collect(due[-1])
