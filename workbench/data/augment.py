"""Augmentation by batch: every image its own draw, a pure function of (seed, epoch, index)."""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional as F

from workbench.data import chance
from workbench.data.chance import Stream
from workbench.project import Recipe

_LUMA = (0.299, 0.587, 0.114)


class Augmentation:
    """What one epoch does to its images.

    All draws of the epoch are made at once, for the images at ``indices`` in the order in which they come; a batch is
    a slice of that.
    """

    def __init__(self, recipe: Recipe, epoch: int, indices: Tensor, device: torch.device):
        self._recipe = recipe
        self._epoch = epoch
        self._indices = indices
        self._device = device
        self._drawn = {stream: self._uniform(stream).to(device) for stream in _streams(recipe)}

    def shape(self, images: Tensor, batch: slice) -> Tensor:
        """Crop, mirror, rotate and colour: uint8 or float ``(N, C, H, W)`` of 0..255 to the same range."""
        recipe = self._recipe
        if recipe.crop_padding:
            images = crop(images, recipe.crop_padding, *self._take(batch, Stream.CROP_ROW, Stream.CROP_COLUMN))
        if recipe.flip:
            images = flip(images, *self._take(batch, Stream.FLIP))
        if recipe.rotation:
            images = rotate(images, recipe.rotation, *self._take(batch, Stream.ROTATION))
        if recipe.colour:
            draws = self._take(batch, Stream.BRIGHTNESS, Stream.CONTRAST, Stream.SATURATION)
            images = colour(images, recipe.colour, *draws)
        return images

    def finish(self, images: Tensor, batch: slice) -> Tensor:
        """Blank a square and add noise: normalized float32 ``(N, C, H, W)``, changed in place."""
        recipe = self._recipe
        if recipe.cutout:
            images = cutout(images, recipe.cutout, *self._take(batch, Stream.CUTOUT_ROW, Stream.CUTOUT_COLUMN))
        if recipe.input_noise:
            keys = chance.bits(self._indices[batch], Stream.NOISE, recipe.seed, self._epoch)
            drawn = chance.normal(keys.to(self._device), images[0].numel())
            images = images.add_(drawn.view(images.shape), alpha=recipe.input_noise)
        return images

    def _uniform(self, stream: Stream) -> Tensor:
        return chance.uniform(self._indices, stream, self._recipe.seed, self._epoch)

    def _take(self, batch: slice, *streams: Stream) -> list[Tensor]:
        return [self._drawn[stream][batch] for stream in streams]


def _streams(recipe: Recipe) -> list[Stream]:
    """The draws that a recipe needs; noise is drawn per pixel, batch by batch."""
    needs = (
        (recipe.crop_padding, (Stream.CROP_ROW, Stream.CROP_COLUMN)),
        (recipe.flip, (Stream.FLIP,)),
        (recipe.rotation, (Stream.ROTATION,)),
        (recipe.colour, (Stream.BRIGHTNESS, Stream.CONTRAST, Stream.SATURATION)),
        (recipe.cutout, (Stream.CUTOUT_ROW, Stream.CUTOUT_COLUMN)),
    )
    return [stream for used, streams in needs if used for stream in streams]


def crop(images: Tensor, padding: int, row: Tensor, column: Tensor) -> Tensor:
    """Each image shifted by up to ``padding`` pixels, with black where nothing was; draws in [0, 1) ``(N,)``.

    Copying whole stretches of memory, margins included, and cutting the margins off takes a fifth of the time of
    picking pixels (3 channels of 32×32) to a thirtieth (224×224). The stretch that begins last ends in the row below.
    """
    count, channels, height, width = images.shape
    wide = width + 2 * padding
    padded = F.pad(images, (padding, padding, padding, padding + 1))
    plane, stretch = padded.shape[2] * wide, height * wide
    rows, columns = ((draw * (2 * padding + 1)).long() for draw in (row, column))
    first = torch.arange(count * channels, device=images.device).view(count, channels) * plane
    first += (rows * wide + columns)[:, None]
    stretches = padded.as_strided((padded.numel() - stretch + 1, stretch), (1, 1))
    return stretches.index_select(0, first.flatten()).view(count, channels, height, wide)[..., :width]


def flip(images: Tensor, draw: Tensor) -> Tensor:
    """Each image mirrored left to right where its draw is below one half."""
    count = len(images)
    # One of two whole images is copied four times as fast as pixels are chosen one by one (`torch.where`).
    chosen = torch.arange(count, device=images.device) + count * (draw < 0.5)
    return torch.cat((images, images.flip(3))).index_select(0, chosen)


def rotate(images: Tensor, degrees: float, draw: Tensor) -> Tensor:
    """Each image turned about its middle by up to ``degrees``, bilinear, with black corners.

    Draws above one half turn counter-clockwise, as positive angles do in torchvision.
    """
    angle = (draw * 2 - 1) * math.radians(degrees)
    cosine, sine = angle.cos(), angle.sin()
    height, width = images.shape[-2:]
    zero = torch.zeros_like(angle)
    turn = torch.stack(
        (cosine, -sine * (height / width), zero, sine * (width / height), cosine, zero), 1
    ).view(-1, 2, 3)  # in the coordinates of affine_grid both axes run from -1 to 1  # fmt: skip
    grid = F.affine_grid(turn, list(images.shape), align_corners=False)
    return F.grid_sample(images.float(), grid, mode="bilinear", padding_mode="zeros", align_corners=False)


def colour(images: Tensor, strength: float, brightness: Tensor, contrast: Tensor, saturation: Tensor) -> Tensor:
    """Brightness, contrast and saturation changed by a factor in 1 ± ``strength`` each, in this order.

    As ``torchvision.transforms.v2.functional.adjust_*`` do, without rounding in between.
    """
    factors = [(1 + strength * (2 * draw - 1)).view(-1, 1, 1, 1) for draw in (brightness, contrast, saturation)]
    images = (images * factors[0]).clamp_(0, 255)
    images = torch.lerp(_grey(images).mean((1, 2, 3), keepdim=True), images, factors[1]).clamp_(0, 255)
    if images.shape[1] == 3:
        images = torch.lerp(_grey(images), images, factors[2]).clamp_(0, 255)
    return images


def cutout(images: Tensor, side: int, row: Tensor, column: Tensor) -> Tensor:
    """A square of zeros, the mean colour of normalized images, with its middle anywhere in the image.

    Parts of it may lie outside: DeVries, Taylor, 'Improved Regularization of Convolutional Neural Networks with
    Cutout', 2017.
    """
    spans = []
    for draw, length in ((row, images.shape[2]), (column, images.shape[3])):
        first = (draw * length).long() - side // 2
        place = torch.arange(length, device=images.device)
        spans.append((place >= first[:, None]) & (place < first[:, None] + side))
    return images.masked_fill_((spans[0][:, :, None] & spans[1][:, None, :])[:, None], 0)


def _grey(images: Tensor) -> Tensor:
    if images.shape[1] == 1:
        return images
    red, green, blue = images.unbind(1)
    return (red * _LUMA[0] + green * _LUMA[1] + blue * _LUMA[2])[:, None]
