"""A folder of images by class, with or without train, validation and test folders above the classes."""

from __future__ import annotations

import os
from pathlib import Path

from workbench.data.collection import Collection, Files
from workbench.data.dataset import DataError

_PARTS = {"train": ("train",), "validation": ("val", "valid", "validation"), "test": ("test",)}
_LAYOUT = "put the images of each class into a folder of their own, named for the class"

Skipped = list[tuple[str, str]]


def read_folder(folder: Path) -> Collection:
    """The files of a folder, by class; which of them are images is seen when they are decoded. Raises `DataError`."""
    skipped: Skipped = []
    parts = {part: found for part, names in _PARTS.items() if (found := _subfolder(folder, names)) is not None}
    if "train" not in parts:
        parts = {"train": folder}
    classes = _class_folders(parts["train"], skipped)
    if not classes:
        raise DataError(f"{parts['train']}: there are no class folders here; {_LAYOUT}")
    if len(classes) == 1:
        raise DataError(
            f"{parts['train']}: there is one class only ({classes[0]}), but a classifier needs two; {_LAYOUT}"
        )
    files = {part: _files(place, classes, skipped) for part, place in parts.items()}
    return Collection(
        tuple(classes), files["train"], files.get("validation"), files.get("test"), tuple(skipped)
    )  # fmt: skip


def _subfolder(folder: Path, names: tuple[str, ...]) -> Path | None:
    entries = {entry.name.lower(): Path(entry.path) for entry in _entries(folder) if entry.is_dir()}
    return next((entries[name] for name in names if name in entries), None)


def _class_folders(folder: Path, skipped: Skipped) -> list[str]:
    classes = []
    for entry in _entries(folder):
        if entry.is_dir() and not entry.name.startswith("."):
            classes.append(entry.name)
        else:
            skipped.append((entry.path, "hidden" if entry.name.startswith(".") else "not in a class folder"))
    return classes


def _files(folder: Path, classes: list[str], skipped: Skipped) -> Files:
    paths: list[Path] = []
    labels: list[int] = []
    for entry in _entries(folder):
        if entry.is_dir() and not entry.name.startswith("."):
            if entry.name not in classes:
                raise DataError(f"{entry.path}: there is no class of this name among the training images")
            found = _below(Path(entry.path), skipped)
            paths += found
            labels += [classes.index(entry.name)] * len(found)
    return Files(tuple(paths), tuple(labels))


def _below(folder: Path, skipped: Skipped) -> list[Path]:
    """All files below a class folder, in the order of their names; links to folders are not followed."""
    found = []
    waiting = [folder]
    while waiting:
        for entry in _entries(waiting.pop()):
            if entry.name.startswith("."):
                skipped.append((entry.path, "hidden"))
            elif entry.is_dir(follow_symlinks=False):
                waiting.append(Path(entry.path))
            else:
                found.append(Path(entry.path))
    return sorted(found)


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        raise DataError(f"{folder}: this folder cannot be read ({error.strerror})") from None
