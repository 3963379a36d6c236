"""Everything that decides how a training goes on, taken out and put back bit for bit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn

FORMAT = 1


def module_tensors(network: nn.Module, prefix: str = "model.") -> dict[str, Tensor]:
    """Copies of parameters and buffers on the CPU, by name."""
    return {prefix + name: _copy(value) for name, value in network.state_dict().items()}


def load_module(network: nn.Module, tensors: Mapping[str, Tensor], prefix: str = "model.") -> None:
    """Put parameters and buffers back; raises `KeyError` or `RuntimeError` where they are another network's."""
    network.load_state_dict({name: tensors[prefix + name] for name in network.state_dict()})


def optimizer_tensors(network: nn.Module, optimizer: torch.optim.Optimizer) -> dict[str, Tensor]:
    """The optimizer's memory by parameter: ``optimizer.conv1.weight.momentum_buffer``."""
    found = {}
    for name, parameter in network.named_parameters():
        for key, value in optimizer.state.get(parameter, {}).items():
            if isinstance(value, Tensor):
                found[f"optimizer.{name}.{key}"] = _copy(value)
    return found


def load_optimizer(network: nn.Module, optimizer: torch.optim.Optimizer, tensors: Mapping[str, Tensor]) -> None:
    """Put the optimizer's memory back."""
    by_parameter: dict[str, dict[str, Tensor]] = {}
    for name, value in tensors.items():
        if name.startswith("optimizer."):
            owner, _, key = name.removeprefix("optimizer.").rpartition(".")
            by_parameter.setdefault(owner, {})[key] = value
    for name, parameter in network.named_parameters():
        if name in by_parameter:
            optimizer.state[parameter] = {key: _beside(parameter, value) for key, value in by_parameter[name].items()}


def _beside(parameter: Tensor, value: Tensor) -> Tensor:
    """In the parameter's memory layout, which fused optimizers take for granted without looking at strides.

    Step counters stay on the CPU, as torch keeps them.
    """
    if value.dim() == 0:
        return value.clone()
    return torch.empty_like(parameter, dtype=value.dtype).copy_(value)


def _copy(value: Any) -> Tensor:
    return value.detach().to("cpu", copy=True).contiguous()
