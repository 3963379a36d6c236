"""A layer's small map laid over the picture that it was made of."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from workbench.compiler.receptive_field import Axis, ReceptiveField


def placed(coarse: Tensor, size: tuple[int, ...], field: ReceptiveField | None = None) -> Tensor:
    """A map ``(h, w)`` as large as the picture, ``(H, W)``, values between places being mixed linearly.

    With a receptive field each value stands at the centre of what it has seen: a map made without padding does not
    reach the borders, and strides shift it by up to half a step. Without one, or where every value has seen
    everything, the map is stretched over the picture, as captum's `LayerAttribution.interpolate` does.
    """
    height, width = size
    if field is None or field.whole or not field.height.jump or not field.width.jump:
        return F.interpolate(coarse[None, None], (height, width), mode="bilinear", align_corners=False)[0, 0]
    return _mixing(field.height, len(coarse), height) @ coarse @ _mixing(field.width, coarse.shape[1], width).T


def _mixing(axis: Axis, count: int, length: int) -> Tensor:
    """How much each of ``count`` values has of each of ``length`` pixels, ``(length, count)``; rows add up to one."""
    pixels = torch.arange(length, dtype=torch.float64) + 0.5
    places = ((pixels - float(axis.start)) / float(axis.jump)).clamp(0, count - 1)
    distances = (places[:, None] - torch.arange(count, dtype=torch.float64)).abs()
    return (1 - distances).clamp_min(0).float()
