"""Memory that a training uses, and what a batch would need."""

from __future__ import annotations

import sys

import torch

from workbench.compiler import analyse
from workbench.graph import Graph
from workbench.project import Recipe
from workbench.training.precision import Arithmetic

_COPIES = {"sgd": 2, "adam": 4, "adamw": 4, "rmsprop": 4}
"""Tensors of the parameters' size: weights, gradients and the optimizer's memory (one more for SGD's momentum)."""


def memory_in_use(device: torch.device) -> int:
    """Bytes: the peak on a GPU since the start, or this process's resident memory on a CPU."""
    if device.type == "cuda":
        return torch.cuda.max_memory_allocated(device)
    try:
        with open("/proc/self/statm") as pages:
            return int(pages.read().split()[1]) * 4096
    except OSError:
        import resource

        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak if sys.platform == "darwin" else peak * 1024


def estimate(graph: Graph, recipe: Recipe, batch: int, arithmetic: Arithmetic) -> int:
    """Bytes that a step on ``batch`` images needs at most: what backward keeps, weights, gradients, optimizer."""
    analysis = analyse(graph)
    value = 4 if arithmetic.precision == "fp32" else 2
    copies = _COPIES[recipe.optimizer] + (recipe.optimizer == "sgd" and recipe.momentum > 0) + (recipe.ema > 0)
    # Each layer's output is kept for the backward pass and met there by a gradient of its size.
    return analysis.parameters * 4 * copies + 2 * batch * analysis.activation_bytes // 4 * value


def available(arithmetic: Arithmetic) -> int:
    """Bytes free on the device."""
    device = torch.device(arithmetic.device)
    if device.type == "cuda":
        return torch.cuda.mem_get_info(device)[0] + torch.cuda.memory_reserved(device)
    try:
        with open("/proc/meminfo") as lines:
            found = dict(line.split(":", 1) for line in lines)
        return int(found["MemAvailable"].split()[0]) * 1024
    except (OSError, KeyError):
        return 4 << 30


def fitting_batch(graph: Graph, recipe: Recipe, arithmetic: Arithmetic) -> int:
    """The largest batch, a power of two, whose estimate fits into nine tenths of the memory; 0 where none does."""
    room = available(arithmetic) * 0.9
    size = 1
    if estimate(graph, recipe, 1, arithmetic) > room:
        return 0
    while size < 65_536 and estimate(graph, recipe, size * 2, arithmetic) <= room:
        size *= 2
    return size
