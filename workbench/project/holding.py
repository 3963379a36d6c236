"""Things that one process may use at a time. The lock is the system's: what a killed process held is free at once."""

from __future__ import annotations

import os
import platform
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.project.files import WriteError, write_atomically

if TYPE_CHECKING:
    from filelock import BaseFileLock


_PATIENCE = 0.05
"""Seconds: whoever only asks who holds something has it for a moment."""


class Hold:
    """What this process holds, until it is released."""

    def __init__(self, lock: BaseFileLock, name: Path) -> None:
        self._lock, self._name = lock, name

    def release(self) -> None:
        """Let others have it; nothing where that has been done."""
        if self._lock.is_locked:
            self._name.unlink(missing_ok=True)
            self._lock.release()


def hold(path: Path) -> Hold | None:
    """Hold what stands for a lock file; None where another does. Raises `WriteError` where there can be no lock."""
    from filelock import FileLock, Timeout

    lock = FileLock(path)
    try:
        lock.acquire(timeout=_PATIENCE, poll_interval=_PATIENCE / 10)
    except Timeout:
        return None
    except OSError as error:
        raise WriteError(error.errno, f"{path} cannot be locked: {error.strerror or error}") from None
    try:
        write_atomically(_name(path), f"process {os.getpid()} on {platform.node()}".encode())
    except BaseException:
        lock.release()
        raise
    return Hold(lock, _name(path))


def holder(path: Path) -> str:
    """Who holds it, in words; '' where nobody does."""
    if not path.exists():
        return ""
    from filelock import FileLock, Timeout

    lock = FileLock(path)
    try:
        lock.acquire(timeout=_PATIENCE, poll_interval=_PATIENCE / 10)
    except (Timeout, OSError):
        return _told(path)
    lock.release()
    return ""


def _name(path: Path) -> Path:
    return path.with_name(f"{path.name}.holder")


def _told(path: Path) -> str:
    try:
        return _name(path).read_text(encoding="utf-8")[:200] or "another process"
    except (OSError, ValueError):
        return "another process"
