"""Optimizers from a recipe."""

from __future__ import annotations

import torch
from torch import nn

from workbench.project import Recipe
from workbench.training.weights import weights


def make_optimizer(network: nn.Module, recipe: Recipe) -> torch.optim.Optimizer:
    """The recipe's optimizer. Norms and biases may be spared weight decay: they are a group of their own then."""
    parameters = [parameter for parameter in network.parameters() if parameter.requires_grad]
    groups = [{"params": parameters, "weight_decay": recipe.weight_decay}]
    if recipe.weight_decay and not recipe.decay_norms_and_biases:
        decayed = weights(network)
        held = {id(parameter) for parameter in decayed}
        spared = [parameter for parameter in parameters if id(parameter) not in held]
        groups = [
            {"params": decayed, "weight_decay": recipe.weight_decay},
            {"params": spared, "weight_decay": 0.0},
        ]
    rate = recipe.learning_rate
    # One pass over each tensor in place of four. On GPUs torch chooses well itself.
    fused = all(parameter.device.type == "cpu" for parameter in parameters) or None
    match recipe.optimizer:
        case "sgd":
            # Nesterov's form needs a momentum; without one it is plain gradient descent.
            nesterov = recipe.nesterov and recipe.momentum > 0
            return torch.optim.SGD(groups, lr=rate, momentum=recipe.momentum, nesterov=nesterov, fused=fused)
        case "adam":
            return torch.optim.Adam(groups, lr=rate, betas=(0.9, recipe.beta2), fused=fused)
        case "adamw":
            return torch.optim.AdamW(groups, lr=rate, betas=(0.9, recipe.beta2), fused=fused)
        case _:
            return torch.optim.RMSprop(groups, lr=rate, alpha=recipe.beta2, momentum=recipe.momentum)
