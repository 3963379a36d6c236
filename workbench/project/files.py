"""The one place that writes files: whole and replaced at once, or appended line by line.

It calls nothing but functions of `os`, so that a test can record each operation and look at what a power cut between
any two of them would leave.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import secrets
import shutil
import stat
from pathlib import Path
from typing import IO

TEMPORARY = ".partial"
"""The ending of a file that is not whole yet; one that is found later was abandoned."""

_OURS = re.compile(rf".+\.[0-9a-f]{{8}}{re.escape(TEMPORARY)}")

_BINARY = getattr(os, "O_BINARY", 0)  # Windows would write \r\n otherwise


class WriteError(OSError):
    """A file that could not be written; the message names it, what it needed and what is free."""

    def __str__(self) -> str:
        return str(self.args[1])


def write_atomically(path: str | Path, content: bytes) -> None:
    """Put ``content`` at ``path``: after this returns it survives a power cut, and before it the old file does.

    A temporary file beside it is written, flushed to the disk and renamed, then the folder is flushed. A link is
    followed and an old file's permissions are kept. Raises `WriteError`; the old file is then untouched.
    """
    temporary = ""
    try:
        target = Path(os.path.realpath(path))
        mode = _permissions(target)
        temporary = f"{target.parent / target.name}.{secrets.token_hex(4)}{TEMPORARY}"
        handle = os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY | _BINARY, 0o666)
        try:
            if mode is not None:
                os.chmod(temporary, mode)
            _write_all(handle, content)
            os.fsync(handle)
        finally:
            os.close(handle)
        os.replace(temporary, target)
        sync_folder(target.parent)
    except BaseException as error:
        # Whatever ended it, Ctrl-C too: what is not whole does not stay.
        with contextlib.suppress(OSError, ValueError):
            os.unlink(temporary)
        if isinstance(error, OSError | ValueError):
            raise _explained(error, Path(path), len(content)) from error
        raise


def make_folders(path: str | Path) -> None:
    """Make a folder and those above it that are missing, so that they survive a power cut. Raises `WriteError`."""
    path = Path(path)
    try:
        missing = [folder for folder in (path, *path.parents) if not folder.is_dir()]
        for folder in reversed(missing):
            try:
                os.mkdir(folder)
            except FileExistsError:
                if not folder.is_dir():  # it is, where another process was faster
                    raise
            sync_folder(folder.parent)
    except (OSError, ValueError) as error:
        raise _explained(error, path, 0) from error


def append_lines(file: IO[bytes], lines: list[bytes]) -> None:
    """Append whole lines to a file opened by `open_for_appending`, and hand them to the system.

    They survive the end of this process; `sync` makes them survive a power cut. Raises `WriteError`; the file then
    ends where it ended before, so that the lines can be given again.
    """
    content = b"".join(line + b"\n" for line in lines)
    end = file.seek(0, os.SEEK_END)
    try:
        _write_all(file.fileno(), content)
    except OSError as error:
        # Where even that fails a torn line is left at the end, which every reader of these files leaves out.
        with contextlib.suppress(OSError):
            os.ftruncate(file.fileno(), end)
        raise _explained(error, Path(file.name), len(content)) from error


def sync(file: IO[bytes]) -> None:
    """Make what was appended survive a power cut. Raises `WriteError`."""
    try:
        os.fsync(file.fileno())
    except OSError as error:
        raise _explained(error, Path(file.name), 0) from error


def open_for_appending(path: str | Path) -> IO[bytes]:
    """The file, made if it is not there, unbuffered; a torn last line is ended so that new ones stand alone."""
    try:
        is_new = not os.path.exists(path)
        file = open(path, "ab+", buffering=0, opener=_opened)  # noqa: SIM115 - the caller closes it
        try:
            if is_new:
                sync_folder(Path(path).parent)
            size = file.seek(0, os.SEEK_END)
            if size:
                file.seek(size - 1)
                if file.read(1) != b"\n":
                    _write_all(file.fileno(), b"\n")
        except BaseException:
            file.close()
            raise
        return file
    except (OSError, ValueError) as error:
        raise _explained(error, Path(path), 1) from error


def sweep(folder: Path) -> None:
    """Remove temporary files that an earlier process left behind when it was killed."""
    for leftover in folder.glob(f"*{TEMPORARY}"):
        if _OURS.fullmatch(leftover.name):
            leftover.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Make renames in the folder survive a power cut, where the system can."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # a file system that keeps no folders of its own
            raise
    finally:
        os.close(handle)


def _opened(path: str, flags: int) -> int:
    return os.open(path, flags | _BINARY, 0o666)


def _write_all(handle: int, content: bytes) -> None:
    """Write every byte: on a disk that fills up the system takes a part, and only the next call fails."""
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(handle, rest) :]


def _permissions(target: Path) -> int | None:
    """The permissions of the file to be replaced; None where there is none. Raises `OSError` where it must stay.

    A rename would also replace what nobody means to lose: a file that is write-protected, or ``/dev/null``.
    """
    try:
        mode = os.stat(target).st_mode
    except FileNotFoundError:
        return None
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, "it is a folder")
    if not stat.S_ISREG(mode):
        raise OSError(errno.EINVAL, "it is no ordinary file")
    if not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, "it is write-protected")
    return stat.S_IMODE(mode)


def _explained(error: OSError | ValueError, path: Path, needed: int) -> WriteError:
    figures = [f"{needed:,} bytes needed"] if needed else []
    with contextlib.suppress(OSError, ValueError, StopIteration):
        # Where its folder could not be made, the one above tells.
        there = next(folder for folder in path.absolute().parents if folder.is_dir())
        figures.append(f"{shutil.disk_usage(there).free:,} bytes are free there")
    reason = getattr(error, "strerror", None) or str(error)
    message = f"cannot write {path}: {reason}" + (f" ({', '.join(figures)})" if figures else "")
    return WriteError(getattr(error, "errno", None), message)
