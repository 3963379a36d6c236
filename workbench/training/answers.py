"""What the network answered in the steps since it was last looked at."""

from __future__ import annotations

import torch
from torch import Tensor

from workbench.data import Batch
from workbench.project import Recipe
from workbench.training.objective import per_image_loss
from workbench.training.sample_losses import SampleLosses

_MOST_NUMBERS = 1 << 18
"""Logits that are kept: 1 MB of them, 200 batches of 128 images in 10 classes."""


class Answers:
    """Logits that wait to be judged: a small network's step would feel each operation that is done with them."""

    def __init__(self, recipe: Recipe, samples: SampleLosses) -> None:
        self._recipe, self._samples = recipe, samples
        self._waiting: list[tuple[Tensor, Tensor, Tensor]] = []
        self._numbers = self._right = 0

    def remember(self, batch: Batch, logits: Tensor) -> None:
        """Take in the logits ``(N, classes)`` of a batch that was trained on; they stay on the device."""
        self._waiting.append((batch.indices, batch.labels, logits))
        self._numbers += logits.numel()
        if self._numbers > _MOST_NUMBERS:
            self._judge()

    def settle(self) -> int:
        """Put each image's loss where it belongs; how many were put into their own class since the last time."""
        self._judge()
        right, self._right = self._right, 0
        return right

    @torch.no_grad()
    def _judge(self) -> None:
        if not self._waiting:
            return
        indices, labels, logits = (torch.cat(column) for column in zip(*self._waiting, strict=True))
        self._waiting.clear()
        self._numbers = 0
        recipe = self._recipe
        self._samples.remember(indices, per_image_loss(recipe.loss, logits.float(), labels, recipe.label_smoothing))
        self._right += int((logits.argmax(1) == labels).sum())
