"""Weights for a network that is only looked at: slices of one fixed noise, in no time."""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import torch
from torch import Tensor
from torch.nn import init
from torch.overrides import TorchFunctionMode

from workbench.compiler.random_weights import DRAWING

# A prime: the rows of a weight larger than the noise then begin at different places of it.
_LENGTH = 1_048_583


@contextmanager
def weights_from_noise(name: str) -> Iterator[None]:
    """Inside, a layer's random weights are cut from one noise buffer instead of being drawn.

    Filters have the variance of He et al. 2015 (2 / fan in), and biases are zero. Where they begin in the noise hangs
    on the layer's ``name`` alone: the same layer looks the same after an edit elsewhere. VGG-16's 138 million weights
    take a tenth of the time of drawing them.
    """
    with _FromNoise(zlib.crc32(name.encode())):
        yield


class _FromNoise(TorchFunctionMode):
    def __init__(self, place: int) -> None:
        super().__init__()
        self._place = place

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        if func not in DRAWING:
            return func(*args, **kwargs)
        tensor = args[0] if args else kwargs["tensor"]
        with torch.no_grad():
            if tensor.ndim >= 2:
                self._place = _fill(tensor, self._place)
            elif func is init.uniform_:
                low, high = (*args[1:], kwargs.get("a", 0.0), kwargs.get("b", 1.0))[:2]
                tensor.fill_((low + high) / 2)
            else:
                tensor.zero_()
        return tensor


def _fill(weight: Tensor, place: int) -> int:
    """Fill with scaled noise from this place on; where the noise is over it begins again. The place after it."""
    noise, flat = _noise(), weight.view(-1)
    deviation = math.sqrt(2 / max(1, weight[0].numel()))
    done, count = 0, flat.numel()
    while done < count:
        begin = (place + done) % _LENGTH
        length = min(_LENGTH - begin, count - done)
        torch.mul(noise[begin : begin + length], deviation, out=flat[done : done + length])
        done += length
    return place + count


@cache
def _noise() -> Tensor:
    return torch.randn(_LENGTH, generator=torch.Generator().manual_seed(0))
