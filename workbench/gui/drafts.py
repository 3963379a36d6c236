"""Unsaved work, kept against a crash: a folder for each window, which is its own while it lives.

``lock``          held by the window's process; whose lock is free was left behind
``project.json``  the work that is saved nowhere else
``origin.json``   the file that it comes from, and its fingerprint when it was read
``crash.txt``     every thread's stack, where the process itself broke down; written by Python's faulthandler
"""

from __future__ import annotations

import contextlib
import faulthandler
import json
import os
import secrets
import shutil
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from workbench.gui import places
from workbench.gui.errors import versions
from workbench.project import (
    Hold,
    Project,
    ProjectError,
    WriteError,
    append_lines,
    hold,
    make_folders,
    open_for_appending,
    read_project,
    write_atomically,
    write_project,
)

_LOCK, _PROJECT, _ORIGIN, _CRASH = "lock", "project.json", "origin.json", "crash.txt"


@dataclass(frozen=True)
class Origin:
    """The file that a draft is a draft of."""

    path: Path | None = None
    fingerprint: str = ""


class Draft:
    """One window's draft. Any thread may keep it."""

    def __init__(self) -> None:
        self._gate = threading.Lock()
        self._folder: Path | None = None
        self._hold: Hold | None = None
        self._crash: IO[bytes] | None = None

    @property
    def folder(self) -> Path | None:
        return self._folder

    def begin(self) -> None:
        """Make the folder, if it is not there yet. Raises `WriteError`."""
        with self._gate:
            self._begin()

    def watch_for_crashes(self) -> None:
        """From now on a breakdown of the process leaves every thread's stack here. Raises `WriteError`."""
        self.begin()
        assert self._folder is not None
        self._crash = open_for_appending(self._folder / _CRASH)
        append_lines(self._crash, [versions().encode()])
        faulthandler.enable(self._crash)

    def keep(self, project: Project, origin: Origin, wanted: Callable[[], bool] = lambda: True) -> None:
        """Keep this project, unless it is not wanted any more when its turn comes. Raises `WriteError`."""
        with self._gate:
            if not wanted():
                return
            folder = self._begin()
            told = {"path": str(origin.path) if origin.path else None, "fingerprint": origin.fingerprint}
            content = json.dumps(told).encode()
            if not (folder / _ORIGIN).exists() or (folder / _ORIGIN).read_bytes() != content:
                # Never a project beside the origin of another one.
                (folder / _PROJECT).unlink(missing_ok=True)
                write_atomically(folder / _ORIGIN, content)
            write_project(project, folder / _PROJECT)

    def kept(self) -> Project | None:
        """The project that is kept now."""
        return _read(self._folder) if self._folder else None

    def drop(self) -> None:
        """There is nothing to be kept."""
        with self._gate:
            if self._folder:
                (self._folder / _PROJECT).unlink(missing_ok=True)

    def end(self) -> None:
        """The window closes as it should: leave nothing."""
        with self._gate:
            if self._crash:
                faulthandler.disable()
                self._crash.close()
            if self._hold and self._folder:
                _remove(self._folder, self._hold)
            self._folder = self._hold = self._crash = None

    def _begin(self) -> Path:
        if self._folder is None:
            folder = places.drafts() / f"{_next_number():06d}-{os.getpid()}-{secrets.token_hex(3)}"
            make_folders(folder)
            self._hold, self._folder = hold(folder / _LOCK), folder
        return self._folder


@dataclass(frozen=True)
class LeftBehind:
    """What a window left that did not end as it should. It is held from now on, so that one window offers it."""

    folder: Path
    held: Hold
    project: Project | None
    origin: Origin
    crash: str
    when: datetime

    def remove(self) -> None:
        _remove(self.folder, self.held)

    def leave(self) -> None:
        """Leave it for the next start."""
        self.held.release()


def left_behind() -> list[LeftBehind]:
    """All that other windows left behind, the latest first; what holds nothing of worth is removed."""
    found = []
    for folder in places.drafts().glob("*/"):
        try:
            held = hold(folder / _LOCK)
        except WriteError:
            continue
        if held is None:
            continue
        left = LeftBehind(folder, held, _read(folder), _origin(folder), _crash(folder), _when(folder))
        if left.project is None and not left.crash:
            left.remove()
        else:
            found.append(left)
    return sorted(found, key=lambda left: (_number(left.folder), left.folder.name), reverse=True)


def _next_number() -> int:
    """Later windows have higher ones, whatever the clock says."""
    return 1 + max(map(_number, places.drafts().glob("*/")), default=0)


def _number(folder: Path) -> int:
    head = folder.name.partition("-")[0]
    return int(head) if head.isascii() and head.isdecimal() else 0


def _remove(folder: Path, held: Hold) -> None:
    """The work first: what is left after a kill in between is then worth nothing, and removed at the next start."""
    for name in (_PROJECT, _ORIGIN, _CRASH):
        (folder / name).unlink(missing_ok=True)
    held.release()
    shutil.rmtree(folder, ignore_errors=True)


def _read(folder: Path) -> Project | None:
    try:
        return read_project(folder / _PROJECT)
    except ProjectError:
        return None


def _origin(folder: Path) -> Origin:
    with contextlib.suppress(OSError, ValueError, RecursionError):
        told = json.loads((folder / _ORIGIN).read_bytes())
        if isinstance(told, dict) and isinstance(told.get("path"), str):
            return Origin(Path(told["path"]), str(told.get("fingerprint", "")))
    return Origin()


def _crash(folder: Path) -> str:
    """The stacks, with the versions above; '' where the process did not break down."""
    with contextlib.suppress(OSError):
        text = (folder / _CRASH).read_text(encoding="utf-8", errors="replace")
        return text if len(text.splitlines()) > 1 else ""
    return ""


def _when(folder: Path) -> datetime:
    times = [path.stat().st_mtime for path in folder.iterdir() if path.is_file()]
    return datetime.fromtimestamp(max(times, default=0.0))
