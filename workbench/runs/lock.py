"""One process trains into a directory at a time; the lock is the system's, so a killed holder holds nothing."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from workbench.runs.layout import LOCK, RunError


@contextmanager
def locked(directory: Path) -> Iterator[None]:
    """Hold the directory; raises `RunError` that names who holds it already."""
    path = directory / LOCK
    holder = directory / f"{LOCK}.holder"
    lock = FileLock(path)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise RunError(f"{directory} is being trained into by {_name(holder)}; wait for it, or stop it first") from None
    except OSError as error:
        raise RunError(f"{directory} cannot be locked: {error.strerror or error}") from None
    try:
        _write_name(holder)
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


def is_locked(directory: Path) -> bool:
    """Whether a process trains into the directory now."""
    if not (directory / LOCK).exists():
        return False
    lock = FileLock(directory / LOCK)
    try:
        lock.acquire(timeout=0)
    except (Timeout, OSError):
        return True
    lock.release()
    return False


def _write_name(holder: Path) -> None:
    from workbench.project import write_atomically

    write_atomically(holder, f"process {os.getpid()} on {platform.node()}".encode())


def _name(holder: Path) -> str:
    try:
        return holder.read_text(encoding="utf-8")[:200]
    except OSError:
        return "another process"
