"""An exponential moving average of the weights (Polyak and Juditsky 1992), evaluated instead of the last ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import torch
from torch import Tensor, nn


class Average:
    """Follows a network's floating-point parameters and buffers: average ← d·average + (1 − d)·value.

    After ``step`` steps d is min(decay, (1 + step) / (10 + step)), as in TensorFlow's ExponentialMovingAverage: the
    first weights, which are chance, are then soon forgotten even where a training has few steps.
    """

    def __init__(self, network: nn.Module, decay: float) -> None:
        self._decay = decay
        self._followed = {name: value for name, value in network.state_dict().items() if value.is_floating_point()}
        self.tensors = {name: value.clone() for name, value in self._followed.items()}

    def update(self, step: int) -> None:
        """Take in the weights that ``step`` steps before this one have led to."""
        decay = min(self._decay, (1 + step) / (10 + step))
        torch._foreach_lerp_(list(self.tensors.values()), list(self._followed.values()), 1 - decay)

    def load(self, tensors: Mapping[str, Tensor], prefix: str) -> None:
        for name, value in self.tensors.items():
            value.copy_(tensors[prefix + name])

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """While open the network computes with the averages."""
        self._swap()
        try:
            yield
        finally:
            self._swap()

    def _swap(self) -> None:
        with torch.no_grad():
            for name, value in self._followed.items():
                kept = value.clone()
                value.copy_(self.tensors[name])
                self.tensors[name].copy_(kept)
