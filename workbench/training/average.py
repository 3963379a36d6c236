"""An exponential moving average of the weights (Polyak and Juditsky 1992), evaluated instead of the last ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import torch
from torch import Tensor, nn


class Average:
    """Follows a network's floating-point parameters and buffers: average ← decay·average + (1 − decay)·value."""

    def __init__(self, network: nn.Module, decay: float) -> None:
        self._decay = decay
        self._followed = {name: value for name, value in network.state_dict().items() if value.is_floating_point()}
        self.tensors = {name: value.clone() for name, value in self._followed.items()}

    def update(self) -> None:
        torch._foreach_lerp_(list(self.tensors.values()), list(self._followed.values()), 1 - self._decay)

    def load(self, tensors: Mapping[str, Tensor]) -> None:
        for name, value in self.tensors.items():
            value.copy_(tensors[name])

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
