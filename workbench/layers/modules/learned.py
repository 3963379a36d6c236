"""Layers with weights or fixed numbers of their own."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class TrainableSubsampling(nn.Module):
    """LeCun et al. 1998, II-B: for each map the window's sum, scaled and shifted."""

    def __init__(self, num_features: int, kernel_size: int) -> None:
        super().__init__()
        self.kernel_size = kernel_size
        self.weight = nn.Parameter(torch.empty(num_features))
        self.bias = nn.Parameter(torch.empty(num_features))
        area = (
            kernel_size * kernel_size
            if isinstance(kernel_size, int)
            else kernel_size[0] * kernel_size[1]
        )
        self.area = area
        nn.init.uniform_(self.weight, 0.5 / area, 1.5 / area)
        nn.init.zeros_(self.bias)

    def forward(self, input: Tensor) -> Tensor:
        sums = F.avg_pool2d(input, self.kernel_size) * self.area
        return sums * self.weight[:, None, None] + self.bias[:, None, None]


class SparseConv2d(nn.Module):
    """A convolution whose map o sees only the maps ``connections[o]``: '0 1; 1 2'.

    Maps that see equally many are computed together, as one grouped convolution;
    ``weight`` holds a tensor ``(maps, seen, height, width)`` for each such number.
    """

    def __init__(self, in_channels: int, kernel_size: int, connections: str) -> None:
        super().__init__()
        groups = [
            [int(number) for number in group.split()]
            for group in connections.split(";")
        ]
        self.counts = sorted({len(group) for group in groups})
        order = [
            index
            for count in self.counts
            for index, group in enumerate(groups)
            if len(group) == count
        ]
        gathered = [
            [c for index in order for c in groups[index] if len(groups[index]) == n]
            for n in self.counts
        ]
        self.weight = nn.ParameterList()
        for position, (count, channels) in enumerate(
            zip(self.counts, gathered, strict=True)
        ):
            self.register_buffer(
                f"channels{position}", torch.tensor(channels), persistent=False
            )
            self.weight.append(
                nn.Conv2d(count, len(channels) // count, kernel_size, bias=False).weight
            )
        self.places: Tensor
        self.register_buffer("places", torch.tensor(order).argsort(), persistent=False)
        self.bias = nn.Parameter(torch.zeros(len(groups)))

    def forward(self, input: Tensor) -> Tensor:
        maps = []
        for position, weight in enumerate(self.weight):
            channels = self.get_buffer(f"channels{position}")
            maps.append(
                F.conv2d(
                    input.index_select(1, channels), weight, groups=weight.shape[0]
                )
            )
        return (
            torch.cat(maps, 1).index_select(1, self.places) + self.bias[:, None, None]
        )


class PrototypeDistance(nn.Module):
    """LeCun et al. 1998, section II-B: distances to fixed codes, negated as scores.

    The paper prints its 7×12 bitmaps as a picture (Fig. 3); these are drawn after it.
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
            "codes",
            torch.tensor(
                [[1.0 if c == "#" else -1.0 for c in digit] for digit in drawn]
            ),
            persistent=False,
        )

    def forward(self, input: Tensor) -> Tensor:
        return -(input[:, None, :] - self.codes).square().sum(2)


class ChannelLayerNorm(nn.Module):
    """Normalizes over the channels, first (N, C, H, W) or last (N, H, W, C)."""

    def __init__(
        self,
        shape: tuple[int, ...],
        eps: float = 1e-6,
        channels_first: bool = True,
        affine: bool = True,
    ):
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
        output = F.layer_norm(
            input, self.normalized_shape, self.weight, self.bias, self.eps
        )
        return output.movedim(-1, 1) if self.channels_first else output


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
        self.register_buffer(
            "scale", torch.tensor(scale)[:, None, None], persistent=False
        )
        self.register_buffer(
            "shift", torch.tensor(shift)[:, None, None], persistent=False
        )

    def forward(self, input: Tensor) -> Tensor:
        return input * self.scale + self.shift


class ScaledTanh(nn.Module):
    def __init__(self, amplitude: float = 1.7159, slope: float = 2 / 3) -> None:
        super().__init__()
        self.amplitude = amplitude
        self.slope = slope

    def forward(self, input: Tensor) -> Tensor:
        return self.amplitude * torch.tanh(self.slope * input)
