"""The learning rate at a step, as a pure function of the recipe and of how often a plateau has made it drop."""

from __future__ import annotations

import math

from workbench.project import Recipe

ONE_CYCLE_WARMUP = 0.3
ONE_CYCLE_START = 1 / 25
ONE_CYCLE_END = 1e-4 / 25


def learning_rate(recipe: Recipe, step: int, steps_per_epoch: int, drops: int = 0) -> float:
    """The rate of step ``step`` (counted from 0). ``drops`` counts a plateau schedule's reductions so far.

    One-cycle is Smith and Topin 2017 as in `torch.optim.lr_scheduler.OneCycleLR`: cosine up over the first 30 %, then
    cosine down. Warm-up is linear (Goyal et al. 2017) and multiplies whatever the schedule gives.
    """
    total = max(1, recipe.epochs * steps_per_epoch)
    epoch = step // steps_per_epoch
    rate = recipe.learning_rate
    match recipe.schedule:
        case "step":
            rate *= recipe.factor ** (epoch // recipe.step_epochs)
        case "multistep":
            rate *= recipe.factor ** sum(epoch >= milestone for milestone in recipe.milestones)
        case "cosine":
            rate *= (1 + math.cos(math.pi * min(step, total) / total)) / 2
        case "plateau":
            rate *= recipe.factor**drops
        case "onecycle":
            rate = _one_cycle(rate, step, total)
    warmup = recipe.warmup_epochs * steps_per_epoch
    return rate * min(1.0, (step + 1) / warmup) if warmup else rate


def _one_cycle(highest: float, step: int, total: int) -> float:
    peak = max(ONE_CYCLE_WARMUP * total - 1, 1e-9)
    last = max(total - 1, peak + 1e-9)
    if step <= peak:
        return _cosine(highest * ONE_CYCLE_START, highest, step / peak)
    return _cosine(highest, highest * ONE_CYCLE_END, min(1.0, (step - peak) / (last - peak)))


def _cosine(start: float, end: float, share: float) -> float:
    return end + (start - end) * (1 + math.cos(math.pi * share)) / 2
