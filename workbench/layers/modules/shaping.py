"""Layers that reshape, cut and choose."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class Reshape(nn.Module):
    def __init__(self, shape: tuple[int, ...]) -> None:
        super().__init__()
        self.shape = list(shape)

    def forward(self, input: Tensor) -> Tensor:
        return input.reshape([input.shape[0], *self.shape])


class Permute(nn.Module):
    def __init__(self, dims: tuple[int, ...]) -> None:
        super().__init__()
        self.dims = [0, *dims]

    def forward(self, input: Tensor) -> Tensor:
        return input.permute(self.dims)


class SliceChannels(nn.Module):
    def __init__(self, start: int = 0, stop: int | None = None) -> None:
        super().__init__()
        self.start = start
        self.stop = stop

    def forward(self, input: Tensor) -> Tensor:
        return input[:, self.start : self.stop]


class Split(nn.Module):
    def __init__(self, sizes: tuple[int, ...]) -> None:
        super().__init__()
        self.sizes = list(sizes)

    def forward(self, input: Tensor) -> tuple[Tensor, ...]:
        return torch.split(input, self.sizes, 1)


class Select(nn.Module):
    def __init__(self, index: int = 0) -> None:
        super().__init__()
        self.index = index

    def forward(self, input: tuple[Tensor, ...]) -> Tensor:
        return input[self.index]


class Subsample(nn.Module):
    """He et al. 2015, option A: every n-th row and column, and zero maps at the end."""

    def __init__(self, stride: int = 2, extra_channels: int = 0) -> None:
        super().__init__()
        self.stride = stride
        self.extra_channels = extra_channels

    def forward(self, input: Tensor) -> Tensor:
        # As input[:, :, ::stride, ::stride], whose gradient would be in another memory
        # layout than the other maps' where those are channels last.
        kept = F.avg_pool2d(input, 1, self.stride)
        return F.pad(kept, [0, 0, 0, 0, 0, self.extra_channels])


class Crop(nn.Module):
    def __init__(self, top: int, left: int, height: int, width: int) -> None:
        super().__init__()
        self.top, self.left, self.height, self.width = top, left, height, width

    def forward(self, input: Tensor) -> Tensor:
        return input[
            :, :, self.top : self.top + self.height, self.left : self.left + self.width
        ]


class Flip(nn.Module):
    def __init__(self, dim: int = 1) -> None:
        super().__init__()
        self.dim = dim

    def forward(self, input: Tensor) -> Tensor:
        return input.flip(self.dim)


class Unsqueeze(nn.Module):
    def __init__(self, dim: int = 1) -> None:
        super().__init__()
        self.dim = dim

    def forward(self, input: Tensor) -> Tensor:
        return input.unsqueeze(self.dim)


class Squeeze(nn.Module):
    def __init__(self, dim: int = 1) -> None:
        super().__init__()
        self.dim = dim

    def forward(self, input: Tensor) -> Tensor:
        return input.squeeze(self.dim)
