"""Layers that only disturb training."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class StochasticDepth(nn.Module):
    """Huang et al. 2016: a branch is left out for some examples, the rest scaled up."""

    def __init__(self, p: float = 0.2) -> None:
        super().__init__()
        self.p = p

    def forward(self, input: Tensor) -> Tensor:
        if not self.training or self.p == 0.0:
            return input
        mask = (
            torch.rand([input.shape[0]] + [1] * (input.dim() - 1), device=input.device)
            >= self.p
        )
        return input * mask.to(input.dtype) / (1.0 - self.p)


class GaussianNoise(nn.Module):
    def __init__(self, std: float = 0.1) -> None:
        super().__init__()
        self.std = std

    def forward(self, input: Tensor) -> Tensor:
        if not self.training:
            return input
        return input + self.std * torch.randn_like(input)
