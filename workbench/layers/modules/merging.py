"""How several inputs become one."""

from __future__ import annotations

import torch
from torch import Tensor, nn


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
