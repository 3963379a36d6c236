"""A data choice made real."""

from __future__ import annotations

from pathlib import Path

import torch

from workbench.data import split
from workbench.data.collection import Collection, Progress, silent
from workbench.data.dataset import DataError, Dataset
from workbench.data.fit import Shape, check_channels
from workbench.data.folder import read_folder
from workbench.data.idx import idx_files, read_idx_folder
from workbench.data.parts import AnyPart, Maker, statistics
from workbench.data.sources import SOURCES, class_names
from workbench.data.table import read_table
from workbench.project import DataChoice


def load(choice: DataChoice, input_shape: tuple[int, ...], progress: Progress = silent) -> Dataset:
    """The images of a choice, divided and fitted to a network's input ``(C, H, W)``.

    A source that is not there is downloaded; ``progress`` is told, and cancels by raising. Raises `DataError`.
    """
    shape = _of_images(input_shape)
    check_channels(shape[0])
    collection = find(choice.source, progress)
    maker = Maker(choice, shape, progress)
    train = maker.part(collection.train)
    validation = None if collection.validation is None else maker.part(collection.validation)
    test = None if collection.test is None else maker.part(collection.test)
    _check_classes(choice.source, collection.classes, train)
    if test is None and choice.test:
        train, test = _divided(train, choice.test, choice.split_seed + 1)
    if validation is None:
        train, validation = _divided(train, choice.validation, choice.split_seed)
    train = _training_part(train, choice, len(collection.classes))
    mean, std = statistics(maker.moments[train.indices], shape[1] * shape[2])
    skipped = (*collection.skipped, *maker.skipped)
    maker.finish()
    return Dataset(choice.source, collection.classes, train, validation, test, mean, std, skipped)


def _of_images(shape: tuple[int, ...]) -> Shape:
    if len(shape) != 3:
        raise DataError(f"the network takes {'×'.join(map(str, shape))}, but images are channels×height×width")
    channels, height, width = shape
    return channels, height, width


def find(source: str, progress: Progress = silent) -> Collection:
    """The source of this name, or the folder or CSV file at this path. Raises `DataError`."""
    if source in SOURCES:
        return SOURCES[source].fetch(progress)
    path = Path(source).expanduser()
    if path.is_dir():
        found = idx_files(path)
        return read_idx_folder(found, class_names(found)) if found else read_folder(path)
    if path.is_file():
        return read_table(path)
    raise DataError(
        f"{source}: there is no such folder, file or data set; the data sets are {', '.join(SOURCES)}"
    )  # fmt: skip


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
