"""Each training image's loss as of its last step: the highest are hard, mislabelled or outliers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor


class SampleLosses:
    """Losses by the images' indices in their source, not a number where an image has not been seen yet."""

    def __init__(self, indices: Tensor, device: torch.device) -> None:
        self._indices = indices
        self._sorted, self._order = indices.sort()
        self._losses = torch.full((len(indices),), math.nan, device=device)
        self._waiting: list[tuple[Tensor, Tensor]] = []

    def remember(self, indices: Tensor, losses: Tensor) -> None:
        """Take in the losses ``(N,)`` of these images; they stay on the device."""
        self._waiting.append((indices, losses))

    def settle(self) -> None:
        """Put the losses where they belong. At the end of an epoch: it names each image once, so no order matters."""
        if not self._waiting:
            return
        indices, losses = (torch.cat(column) for column in zip(*self._waiting, strict=True))
        self._waiting.clear()
        places = self._order[torch.searchsorted(self._sorted, indices)]
        self._losses[places.to(self._losses.device)] = losses.float().to(self._losses.device)

    def tensors(self) -> dict[str, Tensor]:
        self.settle()
        return {"samples.loss": self._losses.to("cpu", copy=True), "samples.index": self._indices.clone()}

    def load(self, tensors: Mapping[str, Tensor]) -> None:
        """Go on from stored losses, if they are of the same images."""
        if torch.equal(tensors["samples.index"], self._indices):
            self._losses.copy_(tensors["samples.loss"])

    def record(self) -> dict[str, Any]:
        """As JSON values: ``indices``, and ``losses`` with None where there is none."""
        self.settle()
        losses = self._losses.tolist()
        return {
            "indices": self._indices.tolist(),
            "losses": [None if math.isnan(loss) else loss for loss in losses],
        }
