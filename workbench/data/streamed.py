"""Images that do not fit into memory and are decoded anew each epoch."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

import torch
from torch import Tensor

from workbench.data.dataset import DataError, go_on
from workbench.data.decoders import Decoders
from workbench.data.decoding import JOB, Decoded, decode
from workbench.data.fit import Shape


class Reader:
    """How the parts of a data set read their files: the network's shape, the fit, and the workers they share."""

    def __init__(self, shape: Shape, fit: str, workers: int):
        self._shape = shape
        self._fit = fit
        self.decoders = Decoders(shape, fit, workers) if workers else None

    def read(self, groups: Iterable[Sequence[str]], check: Callable[[], None] = go_on) -> Iterator[Tensor]:
        """uint8 ``(n, C, H, W)`` for each list of files. Raises `DataError` for one that cannot be read any more."""
        groups = list(groups)
        pieces = [group[at : at + JOB] for group in groups for at in range(0, len(group), JOB)]
        decoded_here = partial(self.read_here, check=check)
        results = self.decoders.decode(pieces, check) if self.decoders else map(decoded_here, pieces)
        images = map(_whole, pieces, results)
        for group in groups:
            yield torch.cat([next(images) for _ in range(0, len(group), JOB)])

    def read_here(self, paths: Sequence[str], check: Callable[[], None] = go_on) -> Decoded:
        return decode(paths, self._shape, self._fit, check)


class Streamed:
    """A `Part` whose images are files."""

    def __init__(
        self,
        reader: Reader,
        paths: Sequence[str],
        labels: Tensor,
        indices: Tensor,
        clean_labels: Tensor | None = None,
    ):
        self.reader = reader
        self.paths = paths
        self.labels = labels
        self.indices = indices
        self.clean_labels = labels if clean_labels is None else clean_labels

    def __len__(self) -> int:
        return len(self.labels)

    def take(self, positions: Tensor) -> Tensor:
        """The images at these positions, uint8 ``(n, C, H, W)``, decoded now, on the device of ``positions``."""
        paths = self._paths(positions)
        return _whole(paths, self.reader.read_here(paths)).to(positions.device)

    def stream(self, groups: Iterable[Tensor], check: Callable[[], None] = go_on) -> Iterator[Tensor]:
        """The images of one group of positions after the other, decoded ahead by the workers, on the CPU."""
        return self.reader.read([self._paths(group) for group in groups], check)

    def select(self, positions: Tensor) -> Streamed:
        """The part of these positions only."""
        return Streamed(
            self.reader, self._paths(positions), self.labels[positions], self.indices[positions],
            self.clean_labels[positions],
        )  # fmt: skip

    def relabelled(self, labels: Tensor) -> Streamed:
        """The same images under other labels; ``clean_labels`` keeps what they were."""
        return Streamed(self.reader, self.paths, labels, self.indices, self.clean_labels)

    def _paths(self, positions: Tensor) -> list[str]:
        return [self.paths[position] for position in positions.tolist()]


def _whole(paths: Sequence[str], decoded: Decoded) -> Tensor:
    for path, reason in zip(paths, decoded.reasons, strict=True):
        if reason is not None:
            raise DataError(f"{path}: this image cannot be read any more ({reason}); put it back or start anew")
    return decoded.images
