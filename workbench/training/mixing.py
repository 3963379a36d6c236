"""Mixup (Zhang et al. 2017) and CutMix (Yun et al. 2019): images made of two, labelled by their shares."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from workbench.data import Batch
from workbench.project import Recipe
from workbench.training.objective import Targets


def mixed(batch: Batch, recipe: Recipe, epoch: int, number: int) -> tuple[Tensor, Targets]:
    """The batch's images and targets, mixed where the recipe asks for it.

    The draw is a pure function of (seed, epoch, number of the batch), so a resumed epoch mixes the same images. With
    both on, each batch takes one of them.
    """
    if not (recipe.mixup or recipe.cutmix):
        return batch.images, Targets(batch.labels)
    chance = np.random.default_rng([recipe.seed, epoch, number])
    use_cutmix = recipe.cutmix > 0 and (not recipe.mixup or chance.random() < 0.5)
    partner = torch.from_numpy(chance.permutation(len(batch.labels))).to(batch.labels.device)
    share = float(chance.beta(recipe.cutmix, recipe.cutmix) if use_cutmix else chance.beta(recipe.mixup, recipe.mixup))
    if use_cutmix:
        images, share = _pasted(batch.images, partner, share, chance)
    else:
        images = torch.lerp(batch.images[partner], batch.images, share)
    shares = torch.full((len(batch.labels),), share, device=batch.images.device)
    return images, Targets(batch.labels, batch.labels[partner], shares)


def _pasted(images: Tensor, partner: Tensor, share: float, chance: np.random.Generator) -> tuple[Tensor, float]:
    """A rectangle of each image replaced by its partner's; the share is corrected for what the border cuts off."""
    height, width = images.shape[2:]
    side = (1 - share) ** 0.5
    rows, columns = round(height * side), round(width * side)
    top, left = int(chance.integers(height)) - rows // 2, int(chance.integers(width)) - columns // 2
    down = slice(max(0, top), min(height, top + rows))
    across = slice(max(0, left), min(width, left + columns))
    images = images.clone()
    images[:, :, down, across] = images[partner][:, :, down, across]
    area = max(0, down.stop - down.start) * max(0, across.stop - across.start)
    return images, 1 - area / (height * width)
