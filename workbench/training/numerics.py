"""Where a number that is not finite first appeared."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn


def first_bad_layer(network: nn.Module, images: Tensor) -> str:
    """The name of the first layer whose output on these images is not finite: a sentence's subject.

    Runs the network once more, in its present mode; buffers move, so this is for a training that ends here.
    """
    if not torch.isfinite(images).all():
        return "the batch's images"
    found: list[str] = []

    def look(name: str) -> Any:
        def hook(module: nn.Module, inputs: Any, output: Any) -> None:
            values = output if isinstance(output, tuple | list) else (output,)
            if not found and not all(torch.isfinite(value).all() for value in values):
                found.append(name)

        return hook

    handles = [
        module.register_forward_hook(look(name))
        for name, module in network.named_modules()
        if name and next(module.children(), None) is None
    ]
    try:
        with torch.no_grad():
            network(images)
    finally:
        for handle in handles:
            handle.remove()
    if found:
        return f"layer {found[0]}"
    for name, parameter in network.named_parameters():
        if parameter.grad is not None and not torch.isfinite(parameter.grad).all():
            return f"the gradient of {name}"
    return "the loss itself"
