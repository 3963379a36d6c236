"""What must be the same for a resumed training to be the same to the last bit, and what to say where it is not."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import torch

from workbench import machine
from workbench.data import Dataset
from workbench.graph import Graph
from workbench.project import Recipe
from workbench.training.precision import Arithmetic, DeviceError, available_device, choose


def conditions(dataset: Dataset) -> dict[str, Any]:
    """Stored in every checkpoint: results to the last bit depend on them."""
    return {
        "threads": torch.get_num_threads(),
        "torch": str(torch.__version__),
        "processor": _processor(),
        "images": _images(dataset),
    }


def arithmetic_of(stored: Mapping[str, Any], recipe: Recipe, graph: Graph) -> Arithmetic:
    """The arithmetic a training was begun with, or what the recipe means here where that device is gone."""
    arithmetic = Arithmetic(**stored["arithmetic"])
    try:
        available_device(arithmetic.device)
    except DeviceError:
        return choose(recipe, graph)
    return arithmetic


@contextmanager
def threads_of(stored: Mapping[str, Any]) -> Iterator[None]:
    """Inside, torch computes with as many threads as before, if this machine has the cores."""
    here = torch.get_num_threads()
    before = stored.get("threads", here)
    if before != here and before <= max(here, machine.cores()):
        torch.set_num_threads(before)
    try:
        yield
    finally:
        torch.set_num_threads(here)


def differences(stored: Mapping[str, Any], arithmetic: Arithmetic, dataset: Dataset) -> list[str]:
    """A sentence for each condition that cannot be kept."""
    before = {**stored, "device": stored["arithmetic"]["device"]}
    now = {**conditions(dataset), "device": arithmetic.device}
    return [
        f"This run was begun with {said(before[name])} and goes on with {said(now[name])}: "
        "it will not be the same to the last bit."
        for name, said in _SAID.items()
        if name in before and before[name] != now[name]
    ]


_SAID: dict[str, Callable[[Any], str]] = {
    "threads": lambda count: f"{count} thread{'' if count == 1 else 's'}",
    "torch": "torch {}".format,
    "processor": "{} arithmetic".format,
    "images": str,
    "device": "device {}".format,
}


def _images(dataset: Dataset) -> str:
    """Which images a training learns from: ``96 images (3f0a91c2)``. One pixel that changes moves their mean."""
    part = dataset.train
    digest = hashlib.sha256(repr((dataset.mean, dataset.std)).encode())
    for tensor in (part.indices, part.labels):
        digest.update(tensor.numpy().tobytes())
    return f"{len(part):,} images ({digest.hexdigest()[:8]})"


def _processor() -> str:
    """The instructions that torch's kernels are chosen by: ``x86_64 AVX512``."""
    return f"{platform.machine()} {torch.backends.cpu.get_cpu_capability()}"
