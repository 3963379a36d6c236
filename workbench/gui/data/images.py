"""The images of the open project: read in the background, divided anew in a moment, and lent to whoever needs them."""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QObject, Signal

from workbench.gui.background import Background
from workbench.gui.document import Document
from workbench.project import DataChoice, Project

if TYPE_CHECKING:
    from workbench.data import Dataset, NotHere, Pool
    from workbench.data.collection import Progress

State = Literal["waiting", "reading", "ready", "away", "cancelled", "failed"]
_PARTS = ("train", "val", "valid", "validation", "test")
_GLANCE_SECONDS = 0.1


class Cancelled(Exception):
    """Reading was given up because somebody asked for it."""


@dataclass(frozen=True)
class _Kept:
    choice: DataChoice
    shape: tuple[int, ...]
    stamp: tuple[object, ...]
    pool: Pool


class Images(QObject):
    """``state_changed`` tells that reading began, and how it ended; ``loaded`` brings the data set.

    A source that would have to be downloaded is ``away`` until `read_again` is told that it may be. Everything here
    is called in the window's thread but for `lend`.
    """

    state_changed = Signal(str)
    loaded = Signal(object)

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._state: State = "waiting"
        self._sentence = ""
        self._told = ("", 0, 0)
        self._wish: tuple[DataChoice, tuple[int, ...]] | None = None
        self._cancelled = threading.Event()
        self._reading = threading.Lock()
        self._kept: _Kept | None = None
        self._work = Background("images", self)
        self._work.done.connect(self._have)
        self._work.failed.connect(lambda message, _: self._set("failed", message))
        document.changed.connect(self._follow)

    @property
    def state(self) -> State:
        return self._state

    @property
    def sentence(self) -> str:
        """Why there are no images, where there are none."""
        return self._sentence

    @property
    def progress(self) -> tuple[str, int, int]:
        """What is being done, how much of it is done, and of how much; 0 where that is not known."""
        return self._told

    def read_again(self, download: bool = False) -> None:
        """Read the images of the document's data choice, from a download too where it may be."""
        self._cancelled.set()
        self._cancelled = cancelled = threading.Event()
        self._wish = wish = self._document.data, self._document.graph.shape
        self._told = ("", 0, 0)
        self._set("reading", "")
        self._work.ask(lambda: self._read(*wish, cancelled, download))

    def cancel(self) -> None:
        """Give up reading; the images that were there before are no longer those of the document."""
        if self._state == "reading":
            self._cancelled.set()
            self._work.forget()
            self._wish = None
            self._set("cancelled", "Reading the images was cancelled.")

    def lend(self, choice: DataChoice, shape: tuple[int, ...], progress: Progress) -> Dataset:
        """The data set of a choice, from any thread: made of what has been read, or read now.

        ``progress`` cancels by raising. Raises `DataError`; nothing is downloaded.
        """
        from workbench.data import divide, read

        # What is being read now may be just that: wait for it, and do not read it twice.
        while not self._reading.acquire(timeout=_GLANCE_SECONDS):
            progress("waiting for the images", 0, 0)
        self._reading.release()
        kept = self._fitting(choice, shape)
        return divide(kept.pool if kept else read(choice, shape, progress, download=False), choice)

    def close(self) -> None:
        """End the thread."""
        self._cancelled.set()
        self._work.close()

    def _read(
        self, choice: DataChoice, shape: tuple[int, ...], cancelled: threading.Event, download: bool
    ) -> Dataset | NotHere:
        from workbench.data import NotHere, divide, read, read_alike

        def progress(what: str, done: int, total: int) -> None:
            self._told = (what, done, total)
            self._work.check()
            if cancelled.is_set():
                raise Cancelled

        with self._reading:
            if cancelled.is_set():
                raise Cancelled
            kept = self._fitting(choice, shape)
            if kept is None:
                self._kept = None  # two sets of images would take twice the memory
                stamp = _stamp(choice.source)
                try:
                    pool = read(choice, shape, progress, download)
                except NotHere as away:
                    return away
                kept = self._kept = _Kept(choice, shape, stamp, pool)
        wish = self._wish
        latest = wish[0] if wish and wish[1] == shape and read_alike(wish[0], choice) else choice
        return divide(kept.pool, latest)

    def _fitting(self, choice: DataChoice, shape: tuple[int, ...]) -> _Kept | None:
        """What was read, if it is the same images and their folder has not changed since."""
        from workbench.data import read_alike

        kept = self._kept
        if kept is None or kept.shape != shape or not read_alike(kept.choice, choice):
            return None
        return kept if kept.stamp == _stamp(choice.source) else None

    def _follow(self, before: Project, after: Project) -> None:
        same = before.data == after.data and before.graph.shape == after.graph.shape
        if self._state == "waiting" or same:
            return
        from workbench.data import read_alike

        if self._state == "reading" and before.graph.shape == after.graph.shape and read_alike(before.data, after.data):
            self._wish = after.data, after.graph.shape  # what is being read will do
            return
        self.read_again()

    def _have(self, result: Dataset | NotHere) -> None:
        if isinstance(result, Exception):
            self._set("away", f"{result}.")
            return
        self._set("ready", "")
        self.loaded.emit(result)

    def _set(self, state: State, sentence: str) -> None:
        self._state, self._sentence = state, sentence
        self.state_changed.emit(state)


def _stamp(source: str) -> tuple[object, ...]:
    """Changes when files are put into a folder's classes or taken away, or when a list is written anew."""
    path = Path(source).expanduser()
    try:
        if path.is_file():
            return (path.stat().st_mtime_ns,)
        if not path.is_dir():
            return ()
        found: list[object] = [path.stat().st_mtime_ns]
        waiting = [path]
        while waiting:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    if entry.is_dir():
                        found.append((entry.path, entry.stat().st_mtime_ns))
                        if entry.name.lower() in _PARTS:
                            waiting.append(Path(entry.path))
        return tuple(found)
    except OSError:
        return ()
