"""The weights of a layer as filters: one for each map or unit that comes out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from workbench.layers.modules import SparseConv2d

LARGEST_FILTERS = 2**21
"""Weights of one layer that are copied at most (8 MB); of a larger one the first filters are taken."""


@dataclass(frozen=True, slots=True)
class FilterRows:
    """Some filters of a layer: from ``first`` on, ``count`` of them or all."""

    layer: str
    first: int = 0
    count: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Filters:
    """A copy of some of a layer's filters, NumPy float32.

    ``weight`` is ``(filters, channels, height, width)``, or ``(filters, features)`` of a dense layer; ``bias`` is
    ``(filters,)`` or None. They are those from number ``first`` on, of ``count`` in all. Where only the first channels
    of each are there, ``channels`` is how many it has.
    """

    weight: Any
    bias: Any
    first: int
    count: int
    channels: int = 0


def filters_of(module: nn.Module, rows: FilterRows) -> Filters | None:
    """Filters of a convolution or dense layer; None of any other, and where there are none of these numbers.

    Filters that see only some of the maps are zero where they see nothing.
    """
    weight = _by_output(module)
    if weight is None or not 0 <= rows.first < len(weight):
        return None
    fitting = max(1, LARGEST_FILTERS // max(1, weight[0].numel()))
    wanted = len(weight) - rows.first if rows.count is None else rows.count
    chosen = slice(rows.first, rows.first + min(fitting, wanted))
    bias = module.bias
    return Filters(
        _copied(weight[chosen]),
        _copied(bias.detach()[chosen]) if isinstance(bias, Tensor) else None,
        rows.first,
        len(weight),
    )


def _by_output(module: nn.Module) -> Tensor | None:
    if isinstance(module, (nn.Conv2d, nn.Linear)):
        return module.weight.detach()
    if isinstance(module, nn.ConvTranspose2d):
        # torch stores (in, out / groups, height, width), the groups of inputs one behind the other.
        weight = module.weight.detach().unflatten(0, (module.groups, -1))
        return weight.transpose(1, 2).flatten(0, 1)
    if isinstance(module, SparseConv2d):
        return _spread(module)
    return None


def _spread(module: SparseConv2d) -> Tensor:
    channels = [module.get_buffer(f"channels{place}") for place in range(len(module.weight))]
    seen = 1 + max(int(numbers.max()) for numbers in channels)
    filters = []
    for weight, numbers in zip(module.weight, channels, strict=True):
        kernel = weight.detach()
        full = kernel.new_zeros((len(kernel), seen, *kernel.shape[2:]))
        index = numbers.view(len(kernel), -1, 1, 1).expand_as(kernel)
        filters.append(full.scatter_(1, index, kernel))
    return torch.cat(filters)[module.places]


def _copied(values: Tensor) -> Any:
    return torch.empty(values.shape, dtype=torch.float32).copy_(values).numpy()
