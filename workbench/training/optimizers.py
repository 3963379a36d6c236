"""Optimizers from a recipe."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from workbench.project import Recipe
from workbench.project.fine_tuning import factor_of
from workbench.training.weights import weights


def make_optimizer(network: nn.Module, recipe: Recipe) -> torch.optim.Optimizer:
    """The recipe's optimizer. Norms and biases may be spared weight decay: they are a group of their own then.

    A group's ``factor``, where it has one, is what its learning rate is multiplied by.
    """
    parameters = [parameter for parameter in network.parameters() if parameter.requires_grad]
    groups: list[dict[str, Any]] = [{"params": parameters, "weight_decay": recipe.weight_decay}]
    if recipe.weight_decay and not recipe.decay_norms_and_biases:
        decayed = weights(network)
        held = {id(parameter) for parameter in decayed}
        spared = [parameter for parameter in parameters if id(parameter) not in held]
        groups = [
            {"params": decayed, "weight_decay": recipe.weight_decay},
            {"params": spared, "weight_decay": 0.0},
        ]
    if recipe.rate_factors:
        groups = [part for group in groups for part in _by_factor(network, recipe, group)]
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


def _by_factor(network: nn.Module, recipe: Recipe, group: dict[str, Any]) -> list[dict[str, Any]]:
    names = {id(parameter): name for name, parameter in network.named_parameters()}
    parts: dict[float, list[nn.Parameter]] = {}
    for parameter in group["params"]:
        parts.setdefault(factor_of(recipe, names[id(parameter)]), []).append(parameter)
    return [group | {"params": parameters, "factor": factor} for factor, parameters in parts.items()]
