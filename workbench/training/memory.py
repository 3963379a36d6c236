"""Memory that a training uses, and what a batch would need."""

from __future__ import annotations

import os
import sys

import torch

from workbench.compiler import analyse
from workbench.graph import Graph
from workbench.project import Recipe
from workbench.training.precision import Arithmetic, DeviceError

_COPIES = {"sgd": 2, "adam": 4, "adamw": 4, "rmsprop": 3}
"""Tensors of the parameters' size: weights, gradients and the optimizer's memory (one more for a momentum)."""


def memory_in_use(device: torch.device) -> int:
    """Bytes: the peak on a GPU since the start, or this process's resident memory on a CPU."""
    if device.type == "cuda":
        return torch.cuda.max_memory_allocated(device)
    try:
        with open("/proc/self/statm") as pages:
            return int(pages.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        import resource

        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak if sys.platform == "darwin" else peak * 1024


def estimate(graph: Graph, recipe: Recipe, batch: int, arithmetic: Arithmetic) -> int:
    """Bytes that a step on ``batch`` images needs: what backward keeps, weights, gradients, optimizer.

    Every layer's output is kept for the backward pass, where the largest meets its gradient and that of its input.
    Measured peaks were 0.7 to 1.05 of this (LeNet-5, ResNet-18 and -20, VGG-11, GoogLeNet, AlexNet; fp32 and bf16).
    """
    analysis = analyse(graph)
    size = 4 if arithmetic.precision == "fp32" else 2
    momentum = recipe.optimizer in ("sgd", "rmsprop") and recipe.momentum > 0
    copies = _COPIES[recipe.optimizer] + momentum + (recipe.ema > 0)
    largest = max((layer.activation_bytes for layer in analysis.layers), default=0)
    values = (analysis.activation_bytes + 2 * largest) // 4
    return analysis.parameters * 4 * copies + batch * values * size


def available(arithmetic: Arithmetic) -> int:
    """Bytes that can still be had on the device."""
    device = torch.device(arithmetic.device)
    if device.type == "cuda":
        kept_back = torch.cuda.memory_reserved(device) - torch.cuda.memory_allocated(device)
        return torch.cuda.mem_get_info(device)[0] + kept_back
    return min(_machine_memory(), _group_memory())


def fitting_batch(graph: Graph, recipe: Recipe, arithmetic: Arithmetic, below: int = 65_537) -> int:
    """The largest batch, a power of two ``below`` a limit, that fits into nine tenths of the memory; 0 if none does."""
    room = available(arithmetic) * 0.9
    sizes = [2**power for power in range(17) if 2**power < below]
    return max((size for size in sizes if estimate(graph, recipe, size, arithmetic) <= room), default=0)


def refuse_what_cannot_fit(graph: Graph, recipe: Recipe, arithmetic: Arithmetic) -> None:
    """Raise `DeviceError` where a step needs more memory than there is: on a CPU the system would kill the program."""
    needed, free = estimate(graph, recipe, recipe.batch_size, arithmetic), available(arithmetic)
    if needed <= free:
        return
    raise DeviceError(
        f"a batch of {recipe.batch_size} needs about {_gigabytes(needed)}, and {arithmetic.device} has "
        f"{_gigabytes(free)} free: {_remedy(fitting_batch(graph, recipe, arithmetic))}"
    )


def out_of_memory(graph: Graph, recipe: Recipe, arithmetic: Arithmetic) -> str:
    """What to say after the device ran out of memory, once its memory has been given back."""
    size = fitting_batch(graph, recipe, arithmetic, below=recipe.batch_size)
    return f"{arithmetic.device} ran out of memory at a batch of {recipe.batch_size}: {_remedy(size)}."


def is_out_of_memory(error: BaseException) -> bool:
    """Whether torch failed to get memory. On a CPU it has no exception of its own for that."""
    if isinstance(error, torch.OutOfMemoryError | MemoryError):
        return True
    return isinstance(error, RuntimeError) and "can't allocate memory" in str(error)


def give_back(device: torch.device) -> None:
    """Hand unused memory back to the device; call when nothing refers to it any more.

    Python is not asked to collect: in the window's process that may happen in the window's thread alone.
    """
    if device.type == "cuda":
        torch.cuda.empty_cache()


def _remedy(size: int) -> str:
    if not size:
        return "not even one image fits; use smaller images or a smaller network"
    return f"a batch of {size} would fit; set recipe.batch_size={size}, and recipe.accumulate to keep the step's size"


def _machine_memory() -> int:
    try:
        with open("/proc/meminfo") as lines:
            found = dict(line.split(":", 1) for line in lines)
        return int(found["MemAvailable"].split()[0]) * 1024
    except (OSError, KeyError):
        return sys.maxsize


def _group_memory() -> int:
    """What the control group may still take; files in its cache can be dropped."""
    try:
        with open("/sys/fs/cgroup/memory.max") as limit, open("/sys/fs/cgroup/memory.current") as used:
            room = int(limit.read()) - int(used.read())
        with open("/sys/fs/cgroup/memory.stat") as lines:
            found = dict(line.split() for line in lines)
        return room + int(found["inactive_file"])
    except (OSError, ValueError, KeyError):
        return sys.maxsize


def _gigabytes(count: int) -> str:
    return f"{count / 1e9:,.1f} GB"
