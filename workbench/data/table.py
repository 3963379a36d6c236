"""A CSV file of path and label."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

from workbench.data.collection import Collection, Files, Progress, silent
from workbench.data.dataset import DataError

_FORM = "expected a row 'path,label' for each image"
_GLANCE = 512  # rows between two words to whoever waits
_CELL = 10_000  # characters; the longest path of any system is shorter


def read_table(file: Path, progress: Progress = silent) -> Collection:
    """Images by rows of ``path,label``, after a first row of these two names or without one.

    Paths are relative to the file's folder. Classes are in the order of their names, or of their numbers if all
    are whole numbers. Raises `DataError` with the line.
    """
    paths, labels = _rows(file, progress)
    names = sorted(set(labels), key=_order(labels))
    if len(names) == 1:
        raise DataError(f"{file}: there is one class only ({names[0]}), but a classifier needs two")
    numbers = {name: number for number, name in enumerate(names)}
    return Collection(tuple(names), Files(tuple(paths), tuple(numbers[label] for label in labels)))


def _rows(file: Path, progress: Progress) -> tuple[list[str], list[str]]:
    paths: list[str] = []
    labels: list[str] = []
    try:
        with file.open(encoding="utf-8-sig", newline="") as text:
            reader = csv.reader(text, strict=True)
            for row in reader:
                if not row or (reader.line_num == 1 and [cell.strip().lower() for cell in row] == ["path", "label"]):
                    continue
                if len(row) != 2 or not row[0] or not row[1].strip() or "\0" in row[0] or len(row[0]) > _CELL:
                    raise DataError(f"{file}, line {reader.line_num}: {_FORM}, received {','.join(row)[:80]!r}")
                paths.append(str(file.parent / row[0]))
                labels.append(row[1].strip())
                if len(paths) % _GLANCE == 0:
                    progress("reading the list", len(paths), 0)
    except csv.Error as error:
        raise DataError(f"{file}, line {reader.line_num}: {_FORM} ({error})") from None
    except UnicodeDecodeError:
        raise DataError(f"{file}: this is not a text file in UTF-8; {_FORM}") from None
    except OSError as error:
        raise DataError(f"{file}: this file cannot be read ({error.strerror})") from None
    if not paths:
        raise DataError(f"{file}: there are no images in this file; {_FORM}")
    return paths, labels


def _order(labels: list[str]) -> Callable[[str], Any]:
    return int if all(label.isascii() and label.isdecimal() for label in labels) else str
