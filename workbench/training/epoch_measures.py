"""What an epoch's final weights are worth: on a sample of training images, and on all validation images."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from workbench.data import Dataset, Part, evaluation_batches
from workbench.project import Recipe
from workbench.training.control import Control
from workbench.training.evaluation import Evaluation, evaluate
from workbench.training.precision import Arithmetic
from workbench.training.sample_losses import SampleLosses

_SAMPLE = 2_000
"""Training images that are measured, or as many as there are to validate."""


def measure_epoch(
    network: nn.Module,
    dataset: Dataset,
    recipe: Recipe,
    arithmetic: Arithmetic,
    control: Control,
    samples: SampleLosses,
    last: bool,
) -> tuple[Evaluation, Evaluation]:
    """Training and validation, in inference. Raises `Stopped`.

    After the ``last`` epoch of a training that mixed images each of them is measured once as it is, for ``samples``:
    losses of mixed images say little about any of the two.
    """

    def evaluated(part: Part) -> Evaluation:
        # Without gradients four times as many images fit as in training.
        size = max(recipe.batch_size, min(256, 4 * recipe.batch_size))
        batches = evaluation_batches(dataset, part, size, arithmetic.device, arithmetic.channels_last, control.check)
        return evaluate(network, batches, len(dataset.classes), arithmetic, control, recipe.loss)

    training = evaluated(dataset.train.select(_sample_positions(dataset)))
    validation = evaluated(dataset.validation)
    if (recipe.mixup or recipe.cutmix) and last:
        every = evaluated(dataset.train)
        samples.remember(every.indices, every.losses)
    return training, validation


def _sample_positions(dataset: Dataset) -> Tensor:
    """The same training images in every epoch, spread over the part."""
    count = len(dataset.train)
    wanted = min(count, _SAMPLE, max(len(dataset.validation), 100))
    return torch.linspace(0, count - 1, wanted).round().long()
