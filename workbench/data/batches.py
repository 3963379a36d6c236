"""Batches as the network takes them: gathered, augmented and normalised as a whole, on the device."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import torch
from torch import Tensor

from workbench.data.augment import Augmentation
from workbench.data.chance import Stream, bits
from workbench.data.dataset import Batch, Dataset, Part
from workbench.data.resident import Resident
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
) -> Iterator[Batch]:
    """The batches of one epoch from the one numbered ``start`` on.

    Order and augmentation are pure functions of ``(recipe.seed, epoch, image index)``: a resumed epoch gives the
    same batches, bit for bit.
    """
    part = dataset.train
    order = bits(part.indices, Stream.ORDER, recipe.seed, epoch).argsort(stable=True)
    size = recipe.batch_size
    groups = [order[at * size : (at + 1) * size] for at in range(start, batch_count(len(part), size))]
    device = torch.device(device)
    augmentation = Augmentation(recipe, epoch, part.indices, device)
    return _batches(dataset, part, groups, device, channels_last, augmentation)


def augmented(dataset: Dataset, recipe: Recipe, epoch: int, positions: Tensor) -> Tensor:
    """What the training images at these positions look like in an epoch, uint8 ``(n, C, H, W)``, for people to see.

    It is what `training_batches` gives in that epoch, back in the range of pictures; what mixes images of a batch
    is done later and does not show.
    """
    part = dataset.train
    images = part.take(positions)
    augmentation = Augmentation(recipe, epoch, part.indices[positions], torch.device("cpu"))
    places = torch.arange(len(positions))
    normalise = Normalise(dataset.mean, dataset.std, torch.device("cpu"))
    seen = augmentation.finish(normalise(augmentation.shape(images, places)), places)
    return normalise.inverse(seen).round_().clamp_(0, 255).to(torch.uint8)


def evaluation_batches(
    dataset: Dataset,
    part: Literal["train", "validation", "test"] | Part,
    batch_size: int,
    device: str | torch.device = "cpu",
    channels_last: bool = False,
) -> Iterator[Batch]:
    """Every image of a part once, in its order, without augmentation."""
    chosen: Part | None = getattr(dataset, part) if isinstance(part, str) else part
    if chosen is None:
        return iter(())
    groups = list(torch.arange(len(chosen)).split(batch_size)) if len(chosen) else []
    return _batches(dataset, chosen, groups, torch.device(device), channels_last)


def _batches(
    dataset: Dataset,
    part: Part,
    groups: list[Tensor],
    device: torch.device,
    channels_last: bool,
    augmentation: Augmentation | None = None,
) -> Iterator[Batch]:
    normalise = Normalise(dataset.mean, dataset.std, device, channels_last)
    if isinstance(part, Resident) and not (augmentation and augmentation.shapes) and part.store.can_normalise():
        ready: Iterator[Tensor] = (part.normalised(positions.to(device), normalise) for positions in groups)
    else:
        ready = _normalised(part, groups, device, normalise, augmentation)
    for positions, images in zip(groups, ready, strict=True):
        if augmentation:
            images = augmentation.finish(images, positions)
        yield Batch(images, part.labels[positions].to(device), part.indices[positions])


def _normalised(
    part: Part, groups: list[Tensor], device: torch.device, normalise: Normalise, augmentation: Augmentation | None
) -> Iterator[Tensor]:
    """Each group's images fetched, augmented in shape and colour, and only then normalised."""
    streamed = part.stream(positions.to(device) for positions in groups)
    for positions, images in zip(groups, streamed, strict=True):
        images = images.to(device)
        yield normalise(augmentation.shape(images, positions) if augmentation else images)


class Normalise:
    """uint8 ``(N, C, H, W)`` to float32 with zero mean and unit deviation per channel, over the training part.

    Two with the same ``key`` do the same.
    """

    def __init__(
        self, mean: tuple[float, ...], std: tuple[float, ...], device: torch.device, channels_last: bool = False
    ):
        self._scale = torch.tensor([1 / (255 * s) for s in std], device=device).view(1, -1, 1, 1)
        self._shift = torch.tensor([-m / s for m, s in zip(mean, std, strict=True)], device=device).view(1, -1, 1, 1)
        self.format = torch.channels_last if channels_last else torch.contiguous_format
        self.device = device
        self.key = (mean, std, device, channels_last)

    def __call__(self, images: Tensor) -> Tensor:
        return images.to(torch.float32, memory_format=self.format).mul_(self._scale).add_(self._shift)

    def inverse(self, images: Tensor) -> Tensor:
        """float32 of 0..255 again."""
        return images.sub(self._shift).div_(self._scale)
