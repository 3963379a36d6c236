"""Project files that are open: in one window at a time, and never overwritten after another program changed them."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from workbench.gui import places
from workbench.project import Hold, hold, holder, make_folders


def hold_file(path: Path) -> Hold | None:
    """Hold a project file against other windows and the command line; None where one of them holds it.

    Raises `WriteError` where no lock can be made.
    """
    make_folders(places.locks())
    return hold(_lock(path))


def holder_of(path: Path) -> str:
    """Who holds a project file, in words; '' where nobody does."""
    return holder(_lock(path))


def fingerprint(path: Path) -> str:
    """Of the file's content, which unlike its time tells for certain; '' where there is no file."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


def _lock(path: Path) -> Path:
    """The locks stand in the window's own folder: beside a person's files they would be in the way."""
    name = hashlib.sha256(os.fsencode(os.path.realpath(path))).hexdigest()[:32]
    return places.locks() / f"{name}.lock"
