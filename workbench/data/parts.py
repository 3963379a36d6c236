"""A source's own parts made into parts of the data set: in memory where they fit, streamed where not."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import closing
from typing import Self

import torch
from torch import Tensor

from workbench.data.collection import Files, Images, Progress
from workbench.data.decoding import JOB, Decoded, decode
from workbench.data.fit import Shape, fit_images
from workbench.data.manifest import differs
from workbench.data.resident import Resident, Store
from workbench.data.streamed import Reader, Streamed
from workbench.project import DataChoice

AnyPart = Resident | Streamed

_FEW = 500  # files that are decoded here in less time than workers need to start
_CHUNK = 128  # images: at 224×224 somebody who cancels waits a tenth of a second


class Maker:
    """Makes the parts of one data choice, giving out what every part shares: memory, workers, numbers of images.

    ``moments[index]`` are the sums of each channel's values and of their squares, int64 ``(C, 2)``, from which the
    mean and deviation of any part follow exactly.
    """

    def __init__(self, choice: DataChoice, shape: Shape, progress: Progress):
        self._choice = choice
        self._shape = shape
        self._progress = progress
        self._reader = Reader(shape, choice.fit, choice.workers)
        self._left = choice.memory_budget * 1_000_000
        self._first = 0
        self._moments: list[Tensor] = []
        self._done = 0
        self.skipped: list[tuple[str, str]] = []

    @property
    def moments(self) -> Tensor:
        return torch.cat(self._moments)

    def part(self, pool: Images | Files) -> AnyPart:
        indices = torch.arange(self._first, self._first + len(pool.labels))
        self._first += len(pool.labels)
        return self._of_images(pool, indices) if isinstance(pool, Images) else self._of_files(pool, indices)

    def _of_images(self, pool: Images, indices: Tensor) -> Resident:
        size = len(indices) * _pixels(self._shape)
        stays = size <= self._left
        as_they_are = tuple(pool.images.shape[1:]) == self._shape
        fitted = torch.empty((len(indices) if stays and not as_they_are else 0, *self._shape), dtype=torch.uint8)
        done = 0
        for chunk in pool.images.split(_CHUNK):
            images = fit_images(chunk, self._shape, self._choice.fit)
            here = slice(done, done + len(chunk))
            if len(fitted):
                fitted[here] = images
            self._moments.append(moments(images))
            done = here.stop
            self._progress("fitting images", done, len(indices))
        rows = torch.arange(len(indices))
        if not stays:
            return Resident(Store(pool.images, self._shape, self._choice.fit), rows, pool.labels, indices)
        self._left -= size
        return Resident(Store(pool.images if as_they_are else fitted), rows, pool.labels, indices)

    def _of_files(self, pool: Files, indices: Tensor) -> AnyPart:
        """Every file is decoded once, in full, so that a damaged one is known before the training begins.

        Where hashes are known those that were changed and still decode are known too.
        """
        size = len(indices) * _pixels(self._shape)
        stays = size <= self._left
        images = torch.empty((len(indices) if stays else 0, *self._shape), dtype=torch.uint8)
        kept = torch.ones(len(indices), dtype=torch.bool)
        self._done = done = 0
        with closing(self._decoded(pool.paths)) as results:
            for decoded in results:
                here = slice(done, done + len(decoded.reasons))
                for place, reason in enumerate(decoded.reasons, done):
                    reason = reason or (differs(pool.paths[place], pool.hashes) if pool.hashes else None)
                    if reason is not None:
                        kept[place] = False
                        self.skipped.append((pool.paths[place], reason))
                if stays:
                    images[here] = decoded.images
                self._moments.append(moments(decoded.images))
                self._done = done = here.stop
                self._progress("checking images", done, len(indices))
        rows = kept.nonzero().flatten()
        labels = torch.tensor(pool.labels, dtype=torch.int64)[rows]
        if stays:
            self._left -= size
            return Resident(Store(images), rows, labels, indices[rows])
        return Streamed(self._reader, [pool.paths[row] for row in rows.tolist()], labels, indices[rows])

    def _decoded(self, paths: Sequence[str]) -> Generator[Decoded]:
        if len(paths) <= _FEW or self._reader.decoders is None:
            # One by one: whoever cancels does not wait for a job of large photographs.
            yield from (decode([path], self._shape, self._choice.fit) for path in paths)
            return
        jobs = [paths[at : at + JOB] for at in range(0, len(paths), JOB)]
        yield from self._reader.decoders.decode(jobs, lambda: self._progress("checking images", self._done, len(paths)))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """End the workers: parts that stream begin new ones when they are read."""
        if self._reader.decoders:
            self._reader.decoders.close()


def moments(images: Tensor) -> Tensor:
    """int64 ``(N, C, 2)``: sums of the values and of their squares, per image and channel."""
    values = images.flatten(2).to(torch.int32)
    return torch.stack((values.sum(2), (values * values).sum(2)), 2)


def statistics(moments: Tensor, pixels: int) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Mean and standard deviation per channel, of values scaled to 0..1, of images of so many pixels each."""
    sums = moments.sum(0).double() / (pixels * len(moments))
    mean = sums[:, 0]
    deviation = (sums[:, 1] - mean * mean).clamp(min=0).sqrt()
    return tuple((mean / 255).tolist()), tuple(value or 1.0 for value in (deviation / 255).tolist())


def _pixels(shape: Shape) -> int:
    return shape[0] * shape[1] * shape[2]
