"""The one place that writes files: whole and replaced at once, or appended line by line."""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path
from typing import IO

TEMPORARY = ".partial"
"""The ending of a file that is not whole yet; one that is found later was abandoned."""


class WriteError(OSError):
    """A file that could not be written; the message names it, what it needed and what is free."""

    def __str__(self) -> str:
        return str(self.args[1])


def write_atomically(path: Path, content: bytes) -> None:
    """Put ``content`` at ``path``: after this returns it survives a power cut, and before it the old file does.

    A temporary file beside it is written, flushed to the disk and renamed, then the folder is flushed. Raises
    `WriteError`; the old file is then untouched.
    """
    path = Path(path)
    temporary = path.with_name(f"{path.name}.{os.getpid()}{TEMPORARY}")
    try:
        with open(temporary, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
        sync_folder(path.parent)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise _explained(error, path, len(content)) from error


def append_lines(file: IO[bytes], lines: list[bytes]) -> None:
    """Append whole lines to a file opened by `open_for_appending`, and hand them to the system.

    Raises `WriteError`; the file then ends where it ended before, so that the lines can be given again.
    """
    content = b"".join(line + b"\n" for line in lines)
    end = file.seek(0, os.SEEK_END)
    try:
        file.write(content)
        file.flush()
    except OSError as error:
        # Where even that fails a torn line is left at the end, which every reader of these files leaves out.
        with contextlib.suppress(OSError):
            os.ftruncate(file.fileno(), end)
        raise _explained(error, Path(file.name), len(content)) from error


def open_for_appending(path: Path) -> IO[bytes]:
    """The file, made if it is not there, unbuffered; a torn last line is ended so that new ones stand alone."""
    try:
        file = open(path, "ab+", buffering=0)  # noqa: SIM115 - the caller closes it
        size = file.seek(0, os.SEEK_END)
        if size:
            file.seek(size - 1)
            if file.read(1) != b"\n":
                file.write(b"\n")
        return file
    except OSError as error:
        raise _explained(error, path, 1) from error


def sweep(folder: Path) -> None:
    """Remove temporary files that an earlier process left behind when it was killed."""
    for leftover in folder.glob(f"*{TEMPORARY}"):
        leftover.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Make renames in the folder survive a power cut, where the system can."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _explained(error: OSError, path: Path, needed: int) -> WriteError:
    try:
        free = f", {shutil.disk_usage(path.parent).free:,} bytes are free there"
    except OSError:
        free = ""
    reason = error.strerror or str(error)
    return WriteError(error.errno, f"cannot write {path}: {reason} ({needed:,} bytes needed{free})")
