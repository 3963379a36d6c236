"""Numbers that are not finite: a training ends on them, names where they began, and never keeps them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from workbench.training.precision import Arithmetic


class NotFinite(Exception):
    """A loss, gradient or weight that is not finite: ``what`` names batch and layer, ``remedy`` says what to do."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what)
        self.what, self.remedy = what, remedy

    def sentence(self, has_checkpoint: bool) -> str:
        left = "the last good checkpoint is kept" if has_checkpoint else "there was no checkpoint yet"
        return f"{self.what}; {left}. {self.remedy}"


def read(scalars: Sequence[Tensor]) -> list[float]:
    """The values of scalars on one device: all at once from a GPU, which has to wait each time that it is asked."""
    if scalars and scalars[0].device.type == "cpu":
        return [scalar.item() for scalar in scalars]
    return list(torch.stack([scalar.float() for scalar in scalars]).tolist())


def first_bad_layer(network: nn.Module, images: Tensor, arithmetic: Arithmetic) -> str | None:
    """Where a number that is not finite first appears on these images: a sentence's subject, or None if nowhere.

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
        with torch.no_grad(), arithmetic.autocast():
            network(images)
    finally:
        for handle in handles:
            handle.remove()
    return f"layer {found[0]}" if found else None


def first_bad_gradient(network: nn.Module) -> str | None:
    """The parameter whose gradient was the first to be not finite: backward comes from the last layer to the first."""
    for name, parameter in reversed(list(network.named_parameters())):
        if parameter.grad is not None and not torch.isfinite(parameter.grad).all():
            return name
    return None


def check_finite(tensors: Mapping[str, Tensor]) -> None:
    """Raise `NotFinite` for a weight, a running mean or an optimizer's memory that must not be kept."""
    for name, value in tensors.items():
        if value.is_floating_point() and not torch.isfinite(value).all():
            kind, _, rest = name.partition(".")
            owner = f"{'the optimizer' if kind == 'optimizer' else 'the network'}'s {rest}"
            raise NotFinite(
                f"{owner} is no longer finite, though the loss is", "Lower the learning rate, or clip the gradient."
            )
