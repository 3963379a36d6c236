"""Batches as the network takes them: gathered, augmented and normalized as a whole, on the device."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal

import torch
from torch import Tensor

from workbench.data.augment import Augmentation
from workbench.data.chance import Stream, bits
from workbench.data.dataset import Batch, Dataset, Part, go_on
from workbench.project import Recipe


def batch_count(images: int, batch_size: int) -> int:
    """Batches of a training epoch. The last may be smaller, but a single image over is left to the next epoch's
    order: batch normalization has no variance to divide by there."""
    whole, rest = divmod(images, batch_size)
    return whole + (rest > 1 or (rest == 1 and whole == 0) or (rest == 1 and batch_size == 1))


def training_batches(
    dataset: Dataset,
    recipe: Recipe,
    epoch: int,
    start: int = 0,
    device: str | torch.device = "cpu",
    channels_last: bool = False,
    check: Callable[[], None] = go_on,
) -> Iterator[Batch]:
    """The batches of one epoch from the one numbered ``start`` on.

    Order and augmentation are pure functions of ``(recipe.seed, epoch, image index)``: a resumed epoch gives the
    same batches, bit for bit. ``check`` is called while files are decoded, and ends that by raising.
    """
    part = dataset.train
    order = bits(part.indices, Stream.ORDER, recipe.seed, epoch).argsort(stable=True)
    size = recipe.batch_size
    order = order[start * size : batch_count(len(part), size) * size]
    device = torch.device(device)
    augmentation = Augmentation(recipe, epoch, part.indices[order], device)
    return _batches(dataset, part, order, size, device, channels_last, check, augmentation)


def augmented(dataset: Dataset, recipe: Recipe, epoch: int, positions: Tensor) -> Tensor:
    """What the training images at these positions look like in an epoch, uint8 ``(n, C, H, W)``, for people to see.

    It is what `training_batches` gives in that epoch, back in the range of pictures; what mixes images of a batch
    is done later and does not show.
    """
    part = dataset.train
    images = part.take(positions)
    augmentation = Augmentation(recipe, epoch, part.indices[positions], torch.device("cpu"))
    normalise = Normalise(dataset.mean, dataset.std, torch.device("cpu"))
    everything = slice(len(positions))
    seen = augmentation.finish(normalise(augmentation.shape(images, everything)), everything)
    return normalise.inverse(seen).round_().clamp_(0, 255).to(torch.uint8)


def evaluation_batches(
    dataset: Dataset,
    part: Literal["train", "validation", "test"] | Part,
    batch_size: int,
    device: str | torch.device = "cpu",
    channels_last: bool = False,
    check: Callable[[], None] = go_on,
) -> Iterator[Batch]:
    """Every image of a part once, in its order, without augmentation."""
    chosen: Part | None = getattr(dataset, part) if isinstance(part, str) else part
    if chosen is None:
        return iter(())
    order = torch.arange(len(chosen))
    return _batches(dataset, chosen, order, batch_size, torch.device(device), channels_last, check)


def _batches(
    dataset: Dataset,
    part: Part,
    order: Tensor,
    size: int,
    device: torch.device,
    channels_last: bool,
    check: Callable[[], None],
    augmentation: Augmentation | None = None,
) -> Iterator[Batch]:
    if not len(order):
        return
    normalise = Normalise(dataset.mean, dataset.std, device, channels_last)
    # Looked up for all batches at once: a small network's step feels every operation, a GPU every copy.
    labels, indices = part.labels[order].to(device).split(size), part.indices[order].split(size)
    for number, images in enumerate(part.stream(order.to(device).split(size), check)):
        here = slice(number * size, (number + 1) * size)
        images = images.to(device)
        if augmentation:
            images = augmentation.shape(images, here)
        images = normalise(images)
        if augmentation:
            images = augmentation.finish(images, here)
        yield Batch(images, labels[number], indices[number])


def statistics_in(dataset: Dataset, channels: int) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Mean and deviation of each of so many channels, 0..1.

    The images' own; where they have other channels, as while those of another network are still being read, the average
    of their own for each.
    """
    if len(dataset.mean) == channels:
        return dataset.mean, dataset.std
    mean, std = (sum(values) / len(values) for values in (dataset.mean, dataset.std))
    return (mean,) * channels, (std,) * channels


class Normalise:
    """uint8 ``(N, C, H, W)`` to float32 with zero mean and unit deviation per channel, over the training part."""

    def __init__(
        self, mean: tuple[float, ...], std: tuple[float, ...], device: torch.device, channels_last: bool = False
    ):
        self._scale = torch.tensor([1 / (255 * s) for s in std], device=device).view(1, -1, 1, 1)
        self._shift = torch.tensor([-m / s for m, s in zip(mean, std, strict=True)], device=device).view(1, -1, 1, 1)
        self._format = torch.channels_last if channels_last else torch.contiguous_format

    def __call__(self, images: Tensor) -> Tensor:
        return images.to(torch.float32, memory_format=self._format).mul_(self._scale).add_(self._shift)

    def inverse(self, images: Tensor) -> Tensor:
        """float32 of 0..255 again."""
        return images.sub(self._shift).div_(self._scale)
