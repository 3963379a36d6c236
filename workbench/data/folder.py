"""A folder of images by class, with or without train, validation and test folders above the classes."""

from __future__ import annotations

import heapq
import os
from collections.abc import Iterable
from operator import attrgetter
from pathlib import Path

from workbench.data.collection import Collection, Files, Progress, silent
from workbench.data.dataset import DataError
from workbench.data.manifest import NAME, read_manifest

_PARTS = {"train": ("train",), "validation": ("val", "valid", "validation"), "test": ("test",)}
_LAYOUT = "put the images of each class into a folder of their own, named for the class"
_GLANCE = 512  # entries between two words to whoever waits
_SORTED_AT_ONCE = 16_384  # names whose sorting, in one piece, keeps a window waiting for some milliseconds

Skipped = list[tuple[str, str]]


def read_folder(folder: Path, progress: Progress = silent) -> Collection:
    """The files of a folder, by class; which of them are images is seen when they are decoded. Raises `DataError`."""
    return _Reading(progress).collection(folder)


class _Reading:
    """A walk over a folder that may hold a million files."""

    def __init__(self, progress: Progress):
        self._progress = progress
        self._seen = 0
        self._skipped: Skipped = []
        self._hashes: dict[str, str] = {}

    def collection(self, folder: Path) -> Collection:
        parts = {part: found for part, names in _PARTS.items() if (found := self._subfolder(folder, names))}
        if "train" not in parts:
            parts = {"train": folder}
        self._hashes = read_manifest(folder)
        classes = self._class_folders(parts["train"])
        files = {part: self._files(place, classes) for part, place in parts.items()}
        self._miss_what_is_listed(files.values())
        return Collection(
            tuple(classes), files["train"], files.get("validation"), files.get("test"), tuple(self._skipped)
        )  # fmt: skip

    def _subfolder(self, folder: Path, names: tuple[str, ...]) -> Path | None:
        entries = {entry.name.lower(): Path(entry.path) for entry in self._entries(folder) if entry.is_dir()}
        return next((entries[name] for name in names if name in entries), None)

    def _class_folders(self, folder: Path) -> list[str]:
        classes, hidden, files = [], [], 0
        for entry in self._entries(folder):
            if entry.name.startswith("."):
                self._skipped.append((entry.path, "hidden"))
                hidden += [entry.name] if entry.is_dir() else []
            elif entry.is_dir():
                classes.append(entry.name)
            elif entry.name != NAME:
                self._skipped.append((entry.path, "not in a class folder"))
                files += 1
        if not classes:
            raise DataError(_no_classes(folder, hidden, files))
        if len(classes) == 1:
            beside = f" (hidden folders such as {hidden[0]} do not count)" if hidden else ""
            raise DataError(
                f"{folder}: there is one class only ({classes[0]}), but a classifier needs two{beside}; {_LAYOUT}"
            )
        return classes

    def _files(self, folder: Path, classes: list[str]) -> Files:
        paths: list[str] = []
        labels: list[int] = []
        for entry in self._entries(folder):
            if entry.is_dir() and not entry.name.startswith("."):
                if entry.name not in classes:
                    raise DataError(f"{entry.path}: there is no class of this name among the training images")
                found = self._below(entry.path)
                paths += found
                labels += [classes.index(entry.name)] * len(found)
        return Files(tuple(paths), tuple(labels), self._hashes)

    def _miss_what_is_listed(self, parts: Iterable[Files]) -> None:
        """A file whose hash is known was there once."""
        if self._hashes:
            here = {os.path.normpath(path) for files in parts for path in files.paths}
            gone = [path for path in self._hashes if path not in here and not os.path.exists(path)]
            self._skipped += [(path, f"listed in {NAME}, but not there") for path in gone]

    def _below(self, folder: str) -> list[str]:
        """All files below a class folder, in the order of their names; links to folders are not followed."""
        found = []
        waiting = [iter(self._entries(folder))]
        while waiting:
            for entry in waiting[-1]:
                if entry.name.startswith("."):
                    self._skipped.append((entry.path, "hidden"))
                elif entry.is_dir(follow_symlinks=False):
                    waiting.append(iter(self._entries(entry.path)))
                    break
                else:
                    found.append(entry.path)
                    if len(found) % _GLANCE == 0:
                        self._tell()
            else:
                waiting.pop()
        return found

    def _entries(self, folder: str | Path) -> Iterable[os.DirEntry[str]]:
        """In the order of their names."""
        pieces: list[list[os.DirEntry[str]]] = [[]]
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    if len(pieces[-1]) == _SORTED_AT_ONCE:
                        pieces.append([])
                    pieces[-1].append(entry)
                    self._seen += 1
                    if self._seen % _GLANCE == 0:
                        self._tell()
        except OSError as error:
            raise DataError(f"{folder}: this folder cannot be read ({error.strerror})") from None
        by_name = attrgetter("name")
        for piece in pieces:
            piece.sort(key=by_name)
        return pieces[0] if len(pieces) == 1 else heapq.merge(*pieces, key=by_name)

    def _tell(self) -> None:
        self._progress("looking for images", self._seen, 0)


def _no_classes(folder: Path, hidden: list[str], files: int) -> str:
    if files:
        many = "a file lies" if files == 1 else f"{files:,} files lie"
        return (
            f"{folder}: there are no class folders here, {many} in it directly; if it is the folder of one class, "
            "choose the folder above it"
        )
    if hidden:
        return (
            f"{folder}: there are no class folders here but hidden ones such as {hidden[0]}; rename them, or {_LAYOUT}"
        )
    return f"{folder}: there are no class folders here, it is empty; {_LAYOUT}"
