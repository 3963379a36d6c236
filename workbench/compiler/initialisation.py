"""How weights begin, as the papers give it."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import nn

from workbench.graph import FieldError

_Fill = Callable[[nn.Module, torch.Generator], None]


def initialise(network: nn.Module, scheme: str, seed: int) -> None:
    """Fill the weights of convolutions and dense layers anew; everything else keeps its beginning.

    ``pytorch`` leaves all as made. Deterministic in ``seed``: torch's global generator is not touched.
    """
    if scheme == "pytorch":
        return
    if scheme not in SCHEMES:
        raise FieldError(f"init: there is no scheme '{scheme}'; there are pytorch, {', '.join(SCHEMES)}")
    generator = torch.Generator().manual_seed(seed)
    for module in network.modules():
        if isinstance(module, nn.Conv2d | nn.ConvTranspose2d | nn.Linear):
            SCHEMES[scheme](module, generator)
    if scheme == "alexnet":
        _alexnet_biases(network)


def _zero_bias(module: nn.Module) -> None:
    if getattr(module, "bias", None) is not None:
        nn.init.zeros_(module.bias)  # type: ignore[arg-type]


def _he(module: nn.Module, generator: torch.Generator) -> None:
    """He et al. 2015: normal with variance 2 / fan in (fan out for convolutions, as torchvision's ResNet)."""
    mode = "fan_in" if isinstance(module, nn.Linear) else "fan_out"
    nn.init.kaiming_normal_(module.weight, mode=mode, nonlinearity="relu", generator=generator)  # type: ignore[arg-type]
    _zero_bias(module)


def _xavier(module: nn.Module, generator: torch.Generator) -> None:
    """Glorot and Bengio 2010: uniform with variance 2 / (fan in + fan out)."""
    nn.init.xavier_uniform_(module.weight, generator=generator)  # type: ignore[arg-type]
    _zero_bias(module)


def _lecun(module: nn.Module, generator: torch.Generator) -> None:
    """LeCun et al. 1998: uniform within 2.4 / fan in."""
    fan_in = module.weight[0].numel()  # type: ignore[index]
    nn.init.uniform_(module.weight, -2.4 / fan_in, 2.4 / fan_in, generator=generator)  # type: ignore[arg-type]
    _zero_bias(module)


def _gaussian(deviation: float) -> _Fill:
    def fill(module: nn.Module, generator: torch.Generator) -> None:
        nn.init.normal_(module.weight, 0.0, deviation, generator=generator)  # type: ignore[arg-type]
        _zero_bias(module)

    return fill


def _alexnet_biases(network: nn.Module) -> None:
    """Krizhevsky et al. 2012: biases of 1 in the 2nd, 4th and 5th convolution and the hidden dense layers."""
    convolutions = [m for m in network.modules() if isinstance(m, nn.Conv2d)]
    dense = [m for m in network.modules() if isinstance(m, nn.Linear)]
    for module in [m for i, m in enumerate(convolutions, 1) if i in (2, 4, 5)] + dense[:-1]:
        if module.bias is not None:
            nn.init.ones_(module.bias)


SCHEMES: dict[str, _Fill] = {
    "lecun": _lecun,
    "xavier": _xavier,
    "he": _he,
    "gaussian_0.01": _gaussian(0.01),
    "alexnet": _gaussian(0.01),
    "nin": _gaussian(0.05),
}
