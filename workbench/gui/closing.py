"""The end of a window's work: every thread of it ends, whatever it does."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from workbench.gui.background import Background, close_all

if TYPE_CHECKING:
    from workbench.gui.main_window import MainWindow


def shut_down(window: MainWindow, seconds: float = 0.8) -> list[str]:
    """End every thread of the window's; the names of those that nothing can interrupt, and that save nothing."""
    for timer in window.findChildren(QTimer):
        timer.stop()
    if window.engine.is_ready:
        window.training.history.notes.save()
    works = window.findChildren(Background)
    for work in works:
        work.give_up()
    window.session.stop()
    end = time.monotonic() + seconds
    left = [] if window.session.wait(seconds) else ["training"]
    left += close_all(works, max(0.0, end - time.monotonic()))
    return left if window.engine.wait(max(0.0, end - time.monotonic())) else [*left, "engine"]
