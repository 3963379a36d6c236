"""Any picture made to meet a network's input: channels and size."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from workbench.data.dataset import DataError

Shape = tuple[int, int, int]
_CHUNK = 512  # images resized at a time, so that only these are ever held twice
_LUMA = (0.299, 0.587, 0.114)  # ITU-R BT.601, as Pillow's conversion to grey


def fit_images(images: Tensor, shape: Shape, fit: str) -> Tensor:
    """uint8 ``(N, 1|3, h, w)`` made ``(N, C, H, W)``.

    ``resize`` squeezes to the size; ``crop`` scales until the size is covered and cuts the middle; ``pad`` scales
    down only what is too large and adds black borders, so that a 28×28 digit stands unchanged in 32×32.
    Bilinear with antialiasing. Raises `DataError` for a network with neither 1 nor 3 channels.
    """
    channels, height, width = shape
    check_channels(channels)
    if tuple(images.shape[1:]) == shape:
        return images
    fitted = images.new_empty((len(images), channels, height, width))
    for start in range(0, len(images), _CHUNK):
        chunk = images[start : start + _CHUNK]
        fitted[start : start + _CHUNK] = _fitted(chunk, channels, (height, width), fit)
    return fitted


def check_channels(channels: int) -> None:
    if channels not in (1, 3):
        raise DataError(
            f"the network takes {channels} channels, but pictures have 1 (grey) or 3 (colour); "
            "change the channels of the network's input"
        )


def scaled_size(have: tuple[int, int], want: tuple[int, int], fit: str) -> tuple[int, int]:
    """The (height, width) to scale to, before borders are cut or added."""
    if fit == "resize":
        return want
    ratios = [wanted / there for wanted, there in zip(want, have, strict=True)]
    scale = max(ratios) if fit == "crop" else min(1.0, *ratios)
    return max(1, round(have[0] * scale)), max(1, round(have[1] * scale))


def placed(images: Tensor, size: tuple[int, int]) -> Tensor:
    """The middle of images that are larger, black borders around those that are smaller."""
    down, right = (wanted - there for wanted, there in zip(size, images.shape[-2:], strict=True))
    if not (down or right):
        return images
    return F.pad(images, (right // 2, right - right // 2, down // 2, down - down // 2))


def _fitted(images: Tensor, channels: int, size: tuple[int, int], fit: str) -> Tensor:
    if images.shape[1] == 3 and channels == 1:
        images = _grey(images)
    images = _scaled(images, scaled_size((images.shape[2], images.shape[3]), size, fit))
    images = placed(images, size)
    return images.expand(-1, channels, -1, -1)


def _grey(images: Tensor) -> Tensor:
    weights = torch.tensor(_LUMA).view(1, 3, 1, 1)
    return (images * weights).sum(1, keepdim=True).round_().to(torch.uint8)


def _scaled(images: Tensor, size: tuple[int, int]) -> Tensor:
    if tuple(images.shape[-2:]) == size:
        return images
    return F.interpolate(images, size=size, mode="bilinear", antialias=True, align_corners=False)
