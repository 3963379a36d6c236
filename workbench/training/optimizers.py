"""Optimizers from a recipe."""

from __future__ import annotations

import torch
from torch import nn

from workbench.project import Recipe


def make_optimizer(network: nn.Module, recipe: Recipe) -> torch.optim.Optimizer:
    """The recipe's optimizer. Vectors (norms' scales, biases) may be spared weight decay."""
    parameters = [parameter for parameter in network.parameters() if parameter.requires_grad]
    if recipe.decay_norms_and_biases or not recipe.weight_decay:
        groups = [{"params": parameters, "weight_decay": recipe.weight_decay}]
    else:
        groups = [
            {"params": [p for p in parameters if p.dim() > 1], "weight_decay": recipe.weight_decay},
            {"params": [p for p in parameters if p.dim() <= 1], "weight_decay": 0.0},
        ]
    rate = recipe.learning_rate
    match recipe.optimizer:
        case "sgd":
            # Nesterov's form needs a momentum; without one it is plain gradient descent.
            nesterov = recipe.nesterov and recipe.momentum > 0
            return torch.optim.SGD(groups, lr=rate, momentum=recipe.momentum, nesterov=nesterov)
        case "adam":
            return torch.optim.Adam(groups, lr=rate, betas=(0.9, recipe.beta2))
        case "adamw":
            return torch.optim.AdamW(groups, lr=rate, betas=(0.9, recipe.beta2))
        case _:
            return torch.optim.RMSprop(groups, lr=rate, alpha=recipe.beta2, momentum=recipe.momentum)
