"""A data choice made real: images and labels, divided, with what was measured of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from torch import Tensor


class DataError(Exception):
    """Data that cannot be used; the message says what is wrong and what to do, in one sentence."""


class NotHere(DataError):
    """A source whose files would have to be downloaded first."""


def go_on() -> None:
    """The check of whom nobody will stop."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Images as the network takes them: float32 ``(N, C, H, W)``, normalized; labels and indices ``(N,)``."""

    images: Tensor
    labels: Tensor
    indices: Tensor


class Part(Protocol):
    """Images of one purpose (training, validation, test), in memory or streamed from files."""

    @property
    def clean_labels(self) -> Tensor:
        """int64 ``(N,)``: the labels before label noise."""

    @property
    def labels(self) -> Tensor:
        """int64 ``(N,)``, on the CPU."""

    @property
    def indices(self) -> Tensor:
        """int64 ``(N,)``: where each image stands in its source; stable across splits and exclusions."""

    def __len__(self) -> int: ...

    def take(self, positions: Tensor) -> Tensor:
        """The images at these positions of the part, uint8 ``(n, C, H, W)``, fitted to the network's size."""

    def select(self, positions: Tensor) -> Part:
        """The part of these positions only."""

    def stream(self, groups: Iterable[Tensor], check: Callable[[], None] = go_on) -> Iterator[Tensor]:
        """What `take` gives for one group of positions after the other, read ahead where images are files.

        ``check`` is called while they are decoded; what it raises ends that.
        """


@dataclass(frozen=True)
class Dataset:
    """The images of a `DataChoice`, fitted to a network's input shape.

    ``mean`` and ``std``, per channel, of values scaled to 0..1, are of the training part alone, or those that the
    choice names.
    ``skipped`` lists files that could not be used, as (path, reason).
    """

    source: str
    classes: tuple[str, ...]
    train: Part
    validation: Part
    test: Part | None
    mean: tuple[float, ...]
    std: tuple[float, ...]
    skipped: tuple[tuple[str, str], ...] = ()
