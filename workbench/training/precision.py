"""Device, arithmetic and memory layout of a training."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

import torch

from workbench.compiler import analyse
from workbench.graph import Graph, inference_graph
from workbench.project import Recipe


class DeviceError(Exception):
    """A device, precision or memory that this machine does not have; the message says what it has."""


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """Where and how a training computes; stored in checkpoints, so that a resumed run computes alike."""

    device: str
    precision: str
    channels_last: bool

    @property
    def layout(self) -> torch.memory_format:
        return torch.channels_last if self.channels_last else torch.contiguous_format

    def autocast(self) -> AbstractContextManager[object]:
        """The context of forward passes."""
        if self.precision == "fp32":
            return nullcontext()
        kind = torch.device(self.device).type
        dtype = {"bf16": torch.bfloat16, "fp16": torch.float16}[self.precision]
        # The cache of cast weights pays only where a weight is used twice in one pass, and costs their memory.
        return torch.autocast(kind, dtype=dtype, cache_enabled=False)


# Below this a bf16 pass on a CPU loses in casts what it gains in products (LeNet-5: 0.4 M multiply-adds, no gain;
# ResNet-20: 41 M, twice as fast).
_WORTH_MACS = 5_000_000


def choose(recipe: Recipe, graph: Graph) -> Arithmetic:
    """What the recipe means on this machine. Raises `DeviceError` for a device that is not there."""
    device = available_device(recipe.device)
    kind = torch.device(device).type
    large = analyse(inference_graph(graph)).macs >= _WORTH_MACS
    precision = recipe.precision
    if precision == "auto":
        precision = "bf16" if has_bf16(device) and (large or kind == "cuda") else "fp32"
    if precision == "fp16" and kind == "cpu":
        raise DeviceError("fp16 training needs a GPU; use precision bf16 or fp32 on the CPU")
    channels_last = {"on": True, "off": False}.get(recipe.channels_last, large and kind in ("cpu", "cuda"))
    if any(len(entry.shape) != 3 for entry in graph.inputs):
        channels_last = False
    return Arithmetic(device, precision, channels_last)


def available_device(wanted: str) -> str:
    """The device by torch's name for it. Raises `DeviceError` naming those that are there."""
    available = ["cpu"]
    if torch.cuda.is_available():
        available = [f"cuda:{index}" for index in range(torch.cuda.device_count())] + available
    if torch.backends.mps.is_available():
        available = ["mps", *available]
    if wanted == "auto":
        return available[0]
    name = "cuda:0" if wanted == "cuda" else wanted
    if name not in available:
        raise DeviceError(f"there is no device '{wanted}' here; use auto or one of {', '.join(available)}")
    return name


def has_bf16(device: str) -> bool:
    """Whether the device computes bf16 in hardware; all can, but the others slower than fp32."""
    kind = torch.device(device).type
    if kind == "cuda":
        return torch.cuda.is_bf16_supported(including_emulation=False)
    known = getattr(torch.cpu, "_is_avx512_bf16_supported", None)
    return kind == "cpu" and known is not None and bool(known())
