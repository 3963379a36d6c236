"""One process trains into a directory at a time; a killed holder holds nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from workbench.project import WriteError, hold, holder
from workbench.runs.layout import LOCK, RunError


@contextmanager
def locked(directory: Path) -> Iterator[None]:
    """Hold the directory; raises `RunError` that names who holds it already."""
    try:
        held = hold(directory / LOCK)
    except WriteError as error:
        raise RunError(f"{directory} cannot be locked: {error}") from None
    if held is None:
        who = holder(directory / LOCK) or "another process"
        raise RunError(f"{directory} is being trained into by {who}; wait for it, or stop it first")
    try:
        yield
    finally:
        held.release()


def is_locked(directory: Path) -> bool:
    """Whether a process trains into the directory now."""
    return bool(holder(directory / LOCK))
