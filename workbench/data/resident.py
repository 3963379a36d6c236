"""Images that live in memory."""

from __future__ import annotations

import torch
from torch import Tensor


class Resident:
    """A `Part` whose images are one uint8 tensor ``(N, C, H, W)``, copied to a device once when first asked for."""

    def __init__(self, images: Tensor, labels: Tensor, indices: Tensor, clean_labels: Tensor | None = None):
        self.images = images
        self.labels = labels
        self.indices = indices
        self.clean_labels = labels if clean_labels is None else clean_labels
        self._copies: dict[torch.device, Tensor] = {images.device: images}

    def __len__(self) -> int:
        return len(self.labels)

    def take(self, positions: Tensor) -> Tensor:
        """The images at these positions, uint8 ``(n, C, H, W)``, on the device of ``positions``."""
        return self.on(positions.device).index_select(0, positions)

    def on(self, device: torch.device) -> Tensor:
        """All images on a device."""
        if device not in self._copies:
            self._copies[device] = self.images.to(device)
        return self._copies[device]
