"""Archives unpacked without trust: only plain files below the folder meant, and no more bytes than expected.

Every archive that this program unpacks comes through here; torchvision's own unpacking is never called.
"""

from __future__ import annotations

import os
import shutil
import stat
import struct
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from workbench.data.collection import Progress, silent

MOST_MEMBERS = 1_000_000
_BLOCK = 1 << 20
_DEEPEST = 32
_LONGEST_NAME = 1000


try:
    from lzma import LZMAError

    _OF_LZMA: tuple[type[Exception], ...] = (LZMAError,)
except ImportError:  # a Python that was built without it reads no such archive
    _OF_LZMA = ()

_OF_DAMAGE: tuple[type[Exception], ...] = (
    tarfile.TarError, zipfile.BadZipFile, zlib.error, *_OF_LZMA, struct.error, EOFError, ValueError, LookupError,
    TypeError, AttributeError, AssertionError, NotImplementedError, RuntimeError, OverflowError,
)  # fmt: skip
"""Python's readers raise any of these on damaged headers."""


class ArchiveError(Exception):
    """An archive that is damaged or not what it should be; nothing of it was kept."""


def unpack(archive: Path, folder: Path, most_bytes: int, progress: Progress = silent) -> None:
    """Unpack a tar (also compressed) or zip file below a folder, all of it or nothing.

    Refused as a whole, with `ArchiveError`: links, devices, names that are absolute or lead upwards, two names that
    are one where case does not count, more bytes than ``most_bytes``, and files that are damaged. ``progress`` cancels
    by raising.
    """
    folder.mkdir(parents=True, exist_ok=True)
    room = tempfile.mkdtemp(prefix=".unpacking-", dir=folder)
    try:
        _unpack_all(archive, Path(room), most_bytes, progress)
        for parent, _, names in os.walk(room):
            target = folder / os.path.relpath(parent, room)
            target.mkdir(parents=True, exist_ok=True)
            for name in names:
                os.replace(os.path.join(parent, name), target / name)
    except _OF_DAMAGE as error:
        raise ArchiveError(f"{archive.name} is damaged ({_first_line(error)})") from None
    except OSError as error:
        if error.errno is None:  # the decompressors' own
            raise ArchiveError(f"{archive.name} is damaged ({_first_line(error)})") from None
        raise ArchiveError(f"{archive.name} cannot be unpacked ({error.strerror})") from None
    finally:
        shutil.rmtree(room, ignore_errors=True)


def _first_line(error: Exception) -> str:
    """Python tells of each kind of archive why it is none, a line each."""
    return str(error).partition("\n")[0].rstrip(":") or type(error).__name__


def _unpack_all(archive: Path, room: Path, most_bytes: int, progress: Progress) -> None:
    written = 0
    seen: dict[str, str] = {}
    members = _zip_members(archive) if zipfile.is_zipfile(archive) else _tar_members(archive)
    for number, (name, content) in enumerate(members):
        if number >= MOST_MEMBERS:
            raise ArchiveError(f"{archive.name} holds more than {MOST_MEMBERS} files")
        parts = _parts(archive, name)
        if not parts:
            continue
        _refuse_twins(archive, parts, content is None, seen)
        target = room.joinpath(*parts)
        if content is None:
            target.mkdir(parents=True, exist_ok=True)
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        with content, target.open("xb") as file:
            while block := content.read(_BLOCK):
                written += len(block)
                if written > most_bytes:
                    raise ArchiveError(f"{archive.name} unpacks to more than the {most_bytes} bytes expected")
                file.write(block)
        progress(f"unpacking {archive.name}", number + 1, 0)


def _tar_members(archive: Path) -> Iterator[tuple[str, IO[bytes] | None]]:
    with tarfile.open(archive, "r:*") as tar:
        for member in tar:
            if member.isdir():
                yield member.name, None
            elif member.isreg() and not member.issparse():
                content = tar.extractfile(member)
                assert content is not None
                yield member.name, content
            else:
                raise ArchiveError(f"{archive.name} holds {member.name[:80]!r}, which is a link or a device")


def _zip_members(archive: Path) -> Iterator[tuple[str, IO[bytes] | None]]:
    with zipfile.ZipFile(archive) as file:
        for member in file.infolist():
            kind = stat.S_IFMT(member.external_attr >> 16)
            if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
                raise ArchiveError(f"{archive.name} holds {member.filename[:80]!r}, which is a link or a device")
            yield member.filename, None if member.is_dir() else file.open(member)


def _parts(archive: Path, name: str) -> tuple[str, ...]:
    """The folders and the file of a name, none of which leads elsewhere on any system."""
    parts = tuple(part for part in name.split("/") if part not in ("", "."))
    unsafe = (
        name.startswith("/")
        or len(name) > _LONGEST_NAME
        or len(parts) > _DEEPEST
        or any(part == ".." or any(letter in part for letter in '\\:\0') or not part.isprintable() for part in parts)
    )  # fmt: skip
    if unsafe:
        raise ArchiveError(f"{archive.name} holds the name {name[:80]!r}, which leads outside")
    return parts


def _refuse_twins(archive: Path, parts: tuple[str, ...], is_folder: bool, seen: dict[str, str]) -> None:
    for depth in range(1, len(parts) + 1):
        path = "/".join(parts[:depth])
        kind = "folder " if depth < len(parts) or is_folder else "file "
        known = seen.setdefault(path.casefold(), kind + path)
        if known != kind + path:
            raise ArchiveError(f"{archive.name} holds {path[:80]!r} twice, in different forms")
