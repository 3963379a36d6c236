"""A data choice made real."""

from __future__ import annotations

import torch
from torch import Tensor

from workbench.data import split
from workbench.data.dataset import DataError, Dataset
from workbench.data.fit import Shape, fit_images
from workbench.data.resident import Resident
from workbench.data.sources import SOURCES, Images
from workbench.project import DataChoice


def load(choice: DataChoice, shape: Shape) -> Dataset:
    """The images of a choice, divided and fitted to a network's input ``(C, H, W)``. Raises `DataError`."""
    if choice.source not in SOURCES:
        raise DataError(f"{choice.source}: there is no such data set or folder; there are {', '.join(SOURCES)}")
    collection = SOURCES[choice.source].fetch()
    train, first = _part(collection.train, 0, shape, choice)
    validation = test = None
    if collection.validation is not None:
        validation, first = _part(collection.validation, first, shape, choice)
    if collection.test is not None:
        test, first = _part(collection.test, first, shape, choice)
    if test is None and choice.test:
        train, test = _divided(train, choice.test, choice.split_seed + 1)
    if validation is None:
        train, validation = _divided(train, choice.validation, choice.split_seed)
    train = _training_part(train, choice, len(collection.classes))
    mean, std = _statistics(train.images)
    return Dataset(choice.source, collection.classes, train, validation, test, mean, std)


def _part(images: Images, first: int, shape: Shape, choice: DataChoice) -> tuple[Resident, int]:
    count = len(images.labels)
    fitted = fit_images(images.images, shape, choice.fit)
    return Resident(fitted, images.labels, torch.arange(first, first + count)), first + count


def _divided(part: Resident, share: float, seed: int) -> tuple[Resident, Resident]:
    kept, held = split.stratified(part.labels, part.indices, share, seed)
    return _chosen(part, kept), _chosen(part, held)


def _training_part(part: Resident, choice: DataChoice, classes: int) -> Resident:
    """Subset, then noise, then exclusions, so that leaving an image out changes nothing for the others."""
    if choice.subset:
        part = _chosen(part, split.evenly(part.labels, part.indices, choice.subset, choice.split_seed))
    if choice.label_noise:
        labels = split.noisy(part.labels, part.indices, choice.label_noise, classes, choice.split_seed)
        part = Resident(part.images, labels, part.indices, part.clean_labels)
    if choice.excluded:
        part = _chosen(part, (~torch.isin(part.indices, torch.tensor(choice.excluded))).nonzero().flatten())
    if not len(part):
        raise DataError(f"{choice.source}: no training images are left; hold out or exclude fewer")
    return part


def _chosen(part: Resident, positions: Tensor) -> Resident:
    return Resident(
        part.images[positions], part.labels[positions], part.indices[positions], part.clean_labels[positions]
    )


def _statistics(images: Tensor) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Mean and standard deviation per channel of values scaled to 0..1, exact: counted, not summed as floats."""
    values = torch.arange(256, dtype=torch.float64) / 255
    means, deviations = [], []
    for channel in range(images.shape[1]):
        counts = torch.bincount(images[:, channel].flatten(), minlength=256).double()
        mean = (counts * values).sum() / counts.sum()
        means.append(float(mean))
        deviations.append(float(((counts * (values - mean) ** 2).sum() / counts.sum()).sqrt()))
    return tuple(means), tuple(deviation or 1.0 for deviation in deviations)
