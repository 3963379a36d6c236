"""How weights begin, as the papers give it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from workbench.graph import FieldError
from workbench.layers.modules import SparseConv2d


@dataclass(frozen=True, slots=True)
class Fans:
    """How many inputs one output of a layer sums up, and into how many outputs one input goes."""

    ins: float
    outs: float


def initialise(network: nn.Module, scheme: str, seed: int) -> None:
    """Fill the weights of convolutions and dense layers anew and set their biases; the rest keeps its beginning.

    ``pytorch`` leaves all as made. The same ``seed`` gives the same bits on every device, and torch's global generator
    is not touched. Raises `FieldError` for a scheme that does not exist.
    """
    if scheme == "pytorch":
        return
    if scheme not in SCHEMES:
        raise FieldError(f"init: there is no scheme '{scheme}'; there are pytorch, {', '.join(SCHEMES)}")
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for module in network.modules():
            for weight, fans in _weights(module):
                # Drawn on the CPU: a GPU's generator would give other numbers.
                drawn = torch.empty(weight.shape, dtype=torch.float32, device="cpu")
                weight.copy_(SCHEMES[scheme](drawn, fans, generator))
                if isinstance(module.bias, Tensor):
                    module.bias.zero_()
        if scheme == "alexnet":
            _set_alexnets_biases(network)


def _weights(module: nn.Module) -> Iterator[tuple[Tensor, Fans]]:
    if isinstance(module, nn.Linear):
        yield module.weight, Fans(module.in_features, module.out_features)
    elif isinstance(module, nn.ConvTranspose2d):
        # Of the taps of a transposed convolution one in stride × stride meets a given output.
        area = math.prod(module.kernel_size)
        met = module.in_channels // module.groups * area / math.prod(module.stride)
        yield module.weight, Fans(met, module.out_channels // module.groups * area)
    elif isinstance(module, nn.Conv2d):
        area = math.prod(module.kernel_size)
        ins, outs = module.in_channels // module.groups, module.out_channels // module.groups
        yield module.weight, Fans(ins * area, outs * area)
    elif isinstance(module, SparseConv2d):
        for weight in module.weight:
            yield weight, Fans(weight[0].numel(), weight[:, 0].numel())


def _he(weight: Tensor, fans: Fans, generator: torch.Generator) -> Tensor:
    """He et al. 2015, equation 10: normal with variance 2 / fan in."""
    return weight.normal_(0.0, math.sqrt(2 / fans.ins), generator=generator)


def _xavier(weight: Tensor, fans: Fans, generator: torch.Generator) -> Tensor:
    """Glorot and Bengio 2010, equation 16: uniform with variance 2 / (fan in + fan out)."""
    reach = math.sqrt(6 / (fans.ins + fans.outs))
    return weight.uniform_(-reach, reach, generator=generator)


def _lecun(weight: Tensor, fans: Fans, generator: torch.Generator) -> Tensor:
    """LeCun et al. 1998: uniform within 2.4 / fan in."""
    return weight.uniform_(-2.4 / fans.ins, 2.4 / fans.ins, generator=generator)


_Draw = Callable[[Tensor, Fans, torch.Generator], Tensor]


def _gaussian(deviation: float) -> _Draw:
    return lambda weight, fans, generator: weight.normal_(0.0, deviation, generator=generator)


def _set_alexnets_biases(network: nn.Module) -> None:
    """Krizhevsky et al. 2012: biases of 1 in the 2nd, 4th and 5th convolution and the hidden dense layers."""
    convolutions = [m for m in network.modules() if isinstance(m, nn.Conv2d)]
    dense = [m for m in network.modules() if isinstance(m, nn.Linear)]
    for module in [m for i, m in enumerate(convolutions, 1) if i in (2, 4, 5)] + dense[:-1]:
        if module.bias is not None:
            module.bias.fill_(1.0)


SCHEMES: dict[str, _Draw] = {
    "lecun": _lecun,
    "xavier": _xavier,
    "he": _he,
    "gaussian_0.01": _gaussian(0.01),
    "alexnet": _gaussian(0.01),
    "nin": _gaussian(0.05),
}
"""Krizhevsky et al. 2012 draw with deviation 0.01, Lin et al. 2013 (Network in Network) with 0.05."""
