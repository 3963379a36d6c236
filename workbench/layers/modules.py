"""Modules of our own, for what ``torch.nn`` lacks. Each stands alone: exported source copies it as it is."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class Add(nn.Module):
    def forward(self, *inputs: Tensor) -> Tensor:
        total = inputs[0]
        for value in inputs[1:]:
            total = total + value
        return total


class Multiply(nn.Module):
    def forward(self, *inputs: Tensor) -> Tensor:
        product = inputs[0]
        for value in inputs[1:]:
            product = product * value
        return product


class Mean(nn.Module):
    def forward(self, *inputs: Tensor) -> Tensor:
        total = inputs[0]
        for value in inputs[1:]:
            total = total + value
        return total / len(inputs)


class Concatenate(nn.Module):
    def __init__(self, dim: int = 1) -> None:
        super().__init__()
        self.dim = dim

    def forward(self, *inputs: Tensor) -> Tensor:
        return torch.cat(inputs, self.dim)


class ScaledTanh(nn.Module):
    def __init__(self, amplitude: float = 1.7159, slope: float = 2 / 3) -> None:
        super().__init__()
        self.amplitude = amplitude
        self.slope = slope

    def forward(self, input: Tensor) -> Tensor:
        return self.amplitude * torch.tanh(self.slope * input)


class TrainableSubsampling(nn.Module):
    """LeCun et al. 1998, section II-B: the window's sum times a coefficient plus a bias, for each map."""

    def __init__(self, num_features: int, kernel_size: int) -> None:
        super().__init__()
        self.kernel_size = kernel_size
        self.weight = nn.Parameter(torch.empty(num_features))
        self.bias = nn.Parameter(torch.empty(num_features))
        area = kernel_size * kernel_size if isinstance(kernel_size, int) else kernel_size[0] * kernel_size[1]
        self.area = area
        nn.init.uniform_(self.weight, 0.5 / area, 1.5 / area)
        nn.init.zeros_(self.bias)

    def forward(self, input: Tensor) -> Tensor:
        sums = F.avg_pool2d(input, self.kernel_size) * self.area
        return sums * self.weight[:, None, None] + self.bias[:, None, None]


class SparseConv2d(nn.Module):
    """A convolution whose map ``o`` sees only the maps ``connections[o]``: ``'0 1 2; 1 2 3'``.

    Maps that see equally many are computed together, as one grouped convolution; ``weight`` holds one tensor
    ``(maps, seen, height, width)`` for each such number, in rising order.
    """

    def __init__(self, in_channels: int, kernel_size: int, connections: str) -> None:
        super().__init__()
        groups = [[int(number) for number in group.split()] for group in connections.split(";")]
        self.counts = sorted({len(group) for group in groups})
        order = [index for count in self.counts for index, group in enumerate(groups) if len(group) == count]
        gathered = [[c for index in order for c in groups[index] if len(groups[index]) == n] for n in self.counts]
        self.weight = nn.ParameterList()
        for position, (count, channels) in enumerate(zip(self.counts, gathered, strict=True)):
            self.register_buffer(f"channels{position}", torch.tensor(channels), persistent=False)
            self.weight.append(nn.Conv2d(count, len(channels) // count, kernel_size, bias=False).weight)
        self.places: Tensor
        self.register_buffer("places", torch.tensor(order).argsort(), persistent=False)
        self.bias = nn.Parameter(torch.zeros(len(groups)))

    def forward(self, input: Tensor) -> Tensor:
        maps = []
        for position, weight in enumerate(self.weight):
            channels = self.get_buffer(f"channels{position}")
            maps.append(F.conv2d(input.index_select(1, channels), weight, groups=weight.shape[0]))
        return torch.cat(maps, 1).index_select(1, self.places) + self.bias[:, None, None]


class PrototypeDistance(nn.Module):
    """LeCun et al. 1998, section II-B: Euclidean radial basis units with fixed codes, as scores (negated).

    The paper prints its 7×12 bitmaps only as a picture (Fig. 3); these digits are drawn after it.
    """

    BITMAPS = """
        .#####. ..##... .#####. .#####. .....#. ####### ..####. ####### .#####. .#####.
        ##...## .###... ##...## ##...## ....##. #...... .##.... .....## ##...## ##...##
        #.....# ####... #.....# ......# ...###. #...... ##..... ....##. #.....# #.....#
        #.....# ..##... ......# ......# ..####. #...... #...... ....##. #.....# #.....#
        #.....# ..##... .....## .....## .##.##. #.####. #.####. ...##.. ##...## #.....#
        #.....# ..##... ....##. ..####. ##..##. ##...## ##...## ...##.. .#####. ##...##
        #.....# ..##... ...##.. .....## #...##. ......# #.....# ...##.. ##...## .####.#
        #.....# ..##... ..##... ......# ####### ......# #.....# ..##... #.....# ......#
        #.....# ..##... .##.... ......# ....##. ......# #.....# ..##... #.....# ......#
        #.....# ..##... ##..... #.....# ....##. #.....# #.....# ..##... #.....# .....##
        ##...## ..##... #...... ##...## ....##. ##...## ##...## .##.... ##...## ....##.
        .#####. ####### ####### .#####. ....##. .#####. .#####. .##.... .#####. .####..
    """

    def __init__(self, prototypes: str = "lecun1998") -> None:
        super().__init__()
        rows = [line.split() for line in self.BITMAPS.strip().splitlines()]
        drawn = ["".join(row[digit] for row in rows) for digit in range(10)]
        self.codes: Tensor
        self.register_buffer(
            "codes", torch.tensor([[1.0 if c == "#" else -1.0 for c in digit] for digit in drawn]), persistent=False
        )

    def forward(self, input: Tensor) -> Tensor:
        return -(input[:, None, :] - self.codes).square().sum(2)


class ChannelLayerNorm(nn.Module):
    """Normalises over the channels, which stand first (N, C, H, W) or last (N, H, W, C)."""

    def __init__(self, shape: tuple[int, ...], eps: float = 1e-6, channels_first: bool = True, affine: bool = True):
        super().__init__()
        count = shape[0] if channels_first else shape[-1]
        self.normalized_shape = [count]
        self.eps = eps
        self.channels_first = channels_first
        self.weight = nn.Parameter(torch.ones(count)) if affine else None
        self.bias = nn.Parameter(torch.zeros(count)) if affine else None

    def forward(self, input: Tensor) -> Tensor:
        if self.channels_first:
            input = input.movedim(1, -1)
        output = F.layer_norm(input, self.normalized_shape, self.weight, self.bias, self.eps)
        return output.movedim(-1, 1) if self.channels_first else output


class StochasticDepth(nn.Module):
    """Huang et al. 2016: a branch is left out for some examples; the rest is scaled up."""

    def __init__(self, p: float = 0.2) -> None:
        super().__init__()
        self.p = p

    def forward(self, input: Tensor) -> Tensor:
        if not self.training or self.p == 0.0:
            return input
        mask = torch.rand([input.shape[0]] + [1] * (input.dim() - 1), device=input.device) >= self.p
        return input * mask.to(input.dtype) / (1.0 - self.p)


class GaussianNoise(nn.Module):
    def __init__(self, std: float = 0.1) -> None:
        super().__init__()
        self.std = std

    def forward(self, input: Tensor) -> Tensor:
        if not self.training:
            return input
        return input + self.std * torch.randn_like(input)


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
        kept = input[:, :, :: self.stride, :: self.stride]
        return F.pad(kept, [0, 0, 0, 0, 0, self.extra_channels])


class Crop(nn.Module):
    def __init__(self, top: int, left: int, height: int, width: int) -> None:
        super().__init__()
        self.top, self.left, self.height, self.width = top, left, height, width

    def forward(self, input: Tensor) -> Tensor:
        return input[:, :, self.top : self.top + self.height, self.left : self.left + self.width]


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


class LayerScale(nn.Module):
    """Touvron et al. 2021 (CaiT): a learned factor for each channel."""

    def __init__(self, channels: int, rank: int = 3, init: float = 1e-5) -> None:
        super().__init__()
        self.gamma = nn.Parameter(torch.full([channels] + [1] * (rank - 1), init))

    def forward(self, input: Tensor) -> Tensor:
        return input * self.gamma


class InputAffine(nn.Module):
    def __init__(self, scale: tuple[float, ...], shift: tuple[float, ...]) -> None:
        super().__init__()
        self.scale: Tensor
        self.shift: Tensor
        self.register_buffer("scale", torch.tensor(scale)[:, None, None], persistent=False)
        self.register_buffer("shift", torch.tensor(shift)[:, None, None], persistent=False)

    def forward(self, input: Tensor) -> Tensor:
        return input * self.scale + self.shift
