"""What a source gives: images in memory or files, in the division that the source itself has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from torch import Tensor

Progress = Callable[[str, int, int], None]
"""Called with (what is done, so far, in all or 0 if unknown); an exception raised in it cancels, cleanly."""


def silent(what: str, done: int, total: int) -> None:
    """The progress of whom nobody watches."""


@dataclass(frozen=True, slots=True)
class Images:
    """Images of one size in memory: uint8 ``(N, C, H, W)`` and int64 labels ``(N,)``."""

    images: Tensor
    labels: Tensor


@dataclass(frozen=True, slots=True)
class Files:
    """Image files of any size, and the number of each one's class; ``hashes`` are those that are known, by path.

    Paths are plain text: of a million objects Python's collector would stop the whole program for half a second.
    """

    paths: tuple[str, ...]
    labels: tuple[int, ...]
    hashes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Collection:
    """The parts of a source. ``skipped`` are files that were left out on sight, as (path, reason)."""

    classes: tuple[str, ...]
    train: Images | Files
    validation: Images | Files | None = None
    test: Images | Files | None = None
    skipped: tuple[tuple[str, str], ...] = ()
