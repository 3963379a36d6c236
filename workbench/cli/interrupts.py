"""Ctrl-C: one sentence and one exit status, whatever moment it comes at."""

from __future__ import annotations

import atexit
import os
import signal
from collections.abc import Callable
from types import FrameType
from typing import NoReturn

INTERRUPTED = 130
SENTENCE = "workbench: interrupted"

_is_over = False
_close: Callable[[], object] | None = None


def take_over() -> None:
    """From now on Ctrl-C raises `KeyboardInterrupt` once; another one, and one during an import, end the process.

    An exception in the midst of an import leaves it half done, and libraries that catch it go on without the rest: a
    training has failed for want of ``numpy.void``. A process that is deaf to Ctrl-C from the beginning stays so.
    """
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, _asked)
        # The last of what Python still calls; behind it, it would be ended by the signal itself.
        atexit.register(signal.signal, signal.SIGINT, signal.SIG_IGN)


def is_over() -> None:
    """Nothing is left that an exception could stop: from now on Ctrl-C ends the process."""
    global _is_over
    _is_over = True


def close_instead(close: Callable[[], object]) -> None:
    """From now on the first Ctrl-C calls this instead, in the main thread, in the midst of whatever it does.

    Where Qt has called Python code and calls more of it, an exception in the first is met by the second, as a
    `SystemError`, or ends the process with a segmentation fault (PySide6 6.11).
    """
    global _close
    _close = close


def end_at_once() -> NoReturn:
    """Without what Python does at its end: where an exception came in a wrong moment it would change the status."""
    os.write(2, f"{SENTENCE}\n".encode())
    os._exit(INTERRUPTED)


def _asked(number: int, frame: FrameType | None) -> None:
    if _is_over or (_close is None and _is_importing(frame)):
        end_at_once()
    is_over()
    if _close is None:
        raise KeyboardInterrupt
    _close()


def _is_importing(frame: FrameType | None) -> bool:
    while frame is not None:
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            return True
        frame = frame.f_back
    return False
