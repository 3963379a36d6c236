"""A data choice made real: first its images are read, which may take long, then they are divided."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from workbench.data import split
from workbench.data.collection import Collection, Progress, silent
from workbench.data.dataset import DataError, Dataset
from workbench.data.fit import Shape, check_channels
from workbench.data.folder import read_folder
from workbench.data.idx import idx_files, read_idx_folder
from workbench.data.normalization import fixed
from workbench.data.parts import AnyPart, Maker, statistics
from workbench.data.sources import SOURCES, class_names
from workbench.data.table import read_table
from workbench.project import DataChoice

_READ_ANEW = ("source", "fit", "memory_budget", "workers")


@dataclass(frozen=True)
class Pool:
    """The images of a source, fitted and not yet divided: the parts that the source itself has.

    ``moments`` are what means and deviations are made of, ``pixels`` those of one image.
    """

    source: str
    classes: tuple[str, ...]
    train: AnyPart
    validation: AnyPart | None
    test: AnyPart | None
    moments: Tensor
    pixels: int
    skipped: tuple[tuple[str, str], ...]


def load(choice: DataChoice, input_shape: tuple[int, ...], progress: Progress = silent) -> Dataset:
    """The images of a choice, divided and fitted to a network's input ``(C, H, W)``.

    A source that is not there is downloaded; ``progress`` is told, and cancels by raising. Raises `DataError`.
    """
    return divide(read(choice, input_shape, progress), choice)


def read(choice: DataChoice, input_shape: tuple[int, ...], progress: Progress = silent, download: bool = True) -> Pool:
    """The images of a choice, fitted to a network's input: what `divide` makes a data set of in a moment.

    Raises `DataError`; unless it may ``download``, `NotHere` for a source whose files are not there.
    """
    shape = _of_images(input_shape)
    check_channels(shape[0])
    collection = find(choice.source, progress, download)
    with Maker(choice, shape, progress) as maker:
        train = maker.part(collection.train)
        validation = None if collection.validation is None else maker.part(collection.validation)
        test = None if collection.test is None else maker.part(collection.test)
        _check_classes(choice.source, collection.classes, train)
        return Pool(
            choice.source, collection.classes, train, validation, test, maker.moments, shape[1] * shape[2],
            (*collection.skipped, *maker.skipped),
        )  # fmt: skip


def divide(pool: Pool, choice: DataChoice) -> Dataset:
    """The data set that a choice makes of the images of its source; they are not copied. Raises `DataError`."""
    train, validation, test = pool.train, pool.validation, pool.test
    _check_excluded(pool, choice.excluded)
    if test is None and choice.test:
        train, test = _divided(train, choice.test, choice.split_seed + 1)
    if validation is None:
        train, validation = _divided(train, choice.validation, choice.split_seed)
    train = _training_part(train, choice, len(pool.classes))
    known = fixed(choice.normalization, pool.moments.shape[1])
    mean, std = known or statistics(pool.moments[train.indices], pool.pixels)
    return Dataset(pool.source, pool.classes, train, validation, test, mean, std, pool.skipped)


def read_alike(one: DataChoice, other: DataChoice) -> bool:
    """Whether two choices differ only in how the same images are divided."""
    return all(getattr(one, name) == getattr(other, name) for name in _READ_ANEW)


def _of_images(shape: tuple[int, ...]) -> Shape:
    if len(shape) != 3:
        raise DataError(f"the network takes {'×'.join(map(str, shape))}, but images are channels×height×width")
    channels, height, width = shape
    return channels, height, width


def find(source: str, progress: Progress = silent, download: bool = True) -> Collection:
    """The source of this name, or the folder or CSV file at this path. Raises `DataError`."""
    if source in SOURCES:
        return SOURCES[source].fetch(progress, download)
    check_source(source)
    path = Path(source).expanduser()
    if path.is_dir():
        found = idx_files(path)
        return read_idx_folder(found, class_names(found)) if found else read_folder(path, progress)
    return read_table(path, progress)


def check_source(source: str) -> None:
    """Raise `DataError` where there is nothing of this name, and reading need not even begin."""
    if source not in SOURCES and not Path(source).expanduser().exists():
        raise DataError(f"{source}: there is no such folder, file or data set; the data sets are {', '.join(SOURCES)}")


def _check_classes(source: str, classes: tuple[str, ...], train: AnyPart) -> None:
    counts = torch.bincount(train.labels, minlength=len(classes))
    empty = [name for name, count in zip(classes, counts.tolist(), strict=True) if not count]
    if len(empty) == len(classes):
        raise DataError(f"{source}: not one of its files is an image that can be used")
    if empty:
        raise DataError(
            f"{source}: there is no usable training image of {', '.join(empty[:5])}"
            f"{' and others' if len(empty) > 5 else ''}; add some or take the class away"
        )


def _check_excluded(pool: Pool, excluded: tuple[int, ...]) -> None:
    """An image that cannot be read now may be left out all the same; one that never was there is a mistake."""
    count = int(pool.train.indices.max()) + 1 + len(pool.skipped) if len(pool.train.indices) else 0
    beyond = [index for index in excluded if index >= count]
    if beyond:
        raise DataError(
            f"{pool.source}: image {beyond[0]:,} cannot be excluded: its images for training are 0 to {count - 1:,}"
        )


def _divided(part: AnyPart, share: float, seed: int) -> tuple[AnyPart, AnyPart]:
    kept, held = split.stratified(part.labels, part.indices, share, seed)
    return part.select(kept), part.select(held)


def _training_part(part: AnyPart, choice: DataChoice, classes: int) -> AnyPart:
    """Subset, then noise, then exclusions, so that leaving an image out changes nothing for the others."""
    if choice.subset:
        part = part.select(split.evenly(part.labels, part.indices, choice.subset, choice.split_seed))
    if choice.label_noise:
        part = part.relabelled(
            split.noisy(part.labels, part.indices, choice.label_noise, classes, choice.split_seed)
        )  # fmt: skip
    if choice.excluded:
        part = part.select((~torch.isin(part.indices, torch.tensor(choice.excluded))).nonzero().flatten())
    if not len(part):
        raise DataError(f"{choice.source}: no training images are left; hold out or exclude fewer")
    return part
