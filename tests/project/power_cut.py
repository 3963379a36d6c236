"""Records what is done to files, and tells every state that a power cut may leave behind.

What a disk promises is little. Bytes written since a file was last flushed may be there, be missing from some point
on, or read as zeros; a name made, replaced or removed since its folder was last flushed may or may not have been, each
by itself. `Recorder` stands in for `os` in `workbench.project.files`, does everything that it is asked for real, and
keeps a list; `states_after` goes through every place in that list where the power may go.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

Operation = tuple[Any, ...]
Files = dict[str, bytes]


class Recorder:
    """Acts as `os`; ``operations`` tells what was done. The ``fails``-th operation fails, a write half done."""

    def __init__(self, fails: int | None = None, error: int = 0) -> None:
        self.operations: list[Operation] = []
        self._fails = fails
        self._error = error
        self._paths: dict[int, str] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(os, name)

    def mark(self, label: object) -> None:
        """Note that something was promised to a person here."""
        self.operations.append(("mark", label))

    def follow(self, file: IO[bytes]) -> None:
        """Know a file that was opened before."""
        self._paths[file.fileno()] = file.name

    def open(self, path: Any, flags: int, mode: int = 0o777) -> int:
        path = os.fspath(path)
        is_new = bool(flags & os.O_CREAT) and not os.path.exists(path)
        if is_new:
            self._note("create", path)
        handle = os.open(path, flags, mode)
        self._paths[handle] = path
        return handle

    def write(self, handle: int, content: Any) -> int:
        content = bytes(content)
        try:
            self._note("write", self._paths[handle], content)
        except OSError:
            half = content[: len(content) // 2]
            os.write(handle, half)
            self.operations.append(("write", self._paths[handle], half))
            raise
        return os.write(handle, content)

    def fsync(self, handle: int) -> None:
        self._note("sync", self._paths[handle])
        os.fsync(handle)

    def ftruncate(self, handle: int, size: int) -> None:
        self._note("truncate", self._paths[handle], size)
        os.ftruncate(handle, size)

    def mkdir(self, path: Any) -> None:
        self._note("mkdir", os.fspath(path))
        os.mkdir(path)

    def replace(self, source: Any, target: Any) -> None:
        self._note("rename", os.fspath(source), os.fspath(target))
        os.replace(source, target)

    def unlink(self, path: Any) -> None:
        if os.path.exists(path):
            self._note("unlink", os.fspath(path))
        os.unlink(path)

    def _note(self, *operation: Any) -> None:
        if self._fails is not None:
            self._fails -= 1
            if self._fails < 0:
                self._fails = None
                raise OSError(self._error, os.strerror(self._error))
        self.operations.append(operation)


@dataclass
class _File:
    """The bytes on the disk for certain, and what was done to them since. A folder has none."""

    certain: bytes = b""
    is_folder: bool = False
    since: list[Operation] = field(default_factory=list)

    def contents(self) -> set[bytes]:
        found = {self.certain}
        now = self.certain
        for operation in self.since:
            if operation[0] == "truncate":
                now = now[: operation[2]]
            else:
                found.add(now + operation[2][: len(operation[2]) // 2])
                found.add(now + bytes(len(operation[2])))
                now += operation[2]
            found.add(now)
        return found

    def sync(self) -> None:
        for operation in self.since:
            self.certain = self.certain[: operation[2]] if operation[0] == "truncate" else self.certain + operation[2]
        self.since = []


def states_after(before: Files, operations: list[Operation]) -> Iterator[tuple[list[Any], Files]]:
    """Each state that a cut may leave, with the promises made until then. ``before`` is on the disk for certain."""
    for end in range(len(operations) + 1):
        done = operations[:end]
        promises = [operation[1] for operation in done if operation[0] == "mark"]
        seen: set[tuple[tuple[str, bytes], ...]] = set()
        for files in _states(before, done):
            state = tuple(sorted(files.items()))
            if state not in seen:
                seen.add(state)
                yield promises, files


def _states(before: Files, done: list[Operation]) -> Iterator[Files]:
    certain = {path: _File(content) for path, content in before.items()}  # the names on the disk for certain
    current = dict(certain)  # the names that a running program sees
    pending: list[tuple[str, str, _File | None]] = []  # folder, name, what it names from then on
    for operation, path, *rest in done:
        folder = os.path.dirname(path) if isinstance(path, str) else ""
        match operation:
            case "create" | "mkdir":
                current[path] = _File(is_folder=operation == "mkdir")
                pending.append((folder, path, current[path]))
            case "write" | "truncate":
                current[path].since.append((operation, path, *rest))
            case "sync" if path in current and not current[path].is_folder:
                current[path].sync()
            case "sync":
                for _, name, file in [change for change in pending if change[0] == path]:
                    _name(certain, name, file)
                pending = [change for change in pending if change[0] != path]
            case "rename":
                current[rest[0]] = current.pop(path)
                pending.append((os.path.dirname(rest[0]), rest[0], current[rest[0]]))
                pending.append((folder, path, None))
            case "unlink":
                del current[path]
                pending.append((folder, path, None))
    for happened in itertools.product((False, True), repeat=len(pending)):
        names = dict(certain)
        for (_, name, file), did in zip(pending, happened, strict=True):
            if did:
                _name(names, name, file)
        lost = {name for _, name, file in pending if file is not None and file.is_folder and name not in names}
        found = {name: f for name, f in names.items() if not (f.is_folder or lost & set(_above(name)))}
        for contents in itertools.product(*(sorted(file.contents()) for file in found.values())):
            yield dict(zip(found, contents, strict=True))


def _above(name: str) -> list[str]:
    """The folders that a file stands in: with one of them it is lost."""
    return [str(folder) for folder in Path(name).parents]


def _name(names: dict[str, _File], name: str, file: _File | None) -> None:
    if file is None:
        names.pop(name, None)
    else:
        names[name] = file


def files_in(folder: Path) -> Files:
    """Every file under a folder by its path."""
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def put(files: Files, old: Path, new: Path) -> None:
    """Make a state real: the files of one folder in another, which is emptied first."""
    for path in new.rglob("*"):
        if path.is_file():
            path.unlink()
    for name, content in files.items():
        target = new / Path(name).relative_to(old)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
