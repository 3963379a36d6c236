"""What a network says of a class, asked again and again: it counts what has been asked and can be stopped inside."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn

Progress = Callable[[int, int], object]
"""Takes how many pictures have been asked about and of how many; stops the work by raising."""


class AttributionError(Exception):
    """A question that this network cannot answer; the message says why and what to do, in one sentence."""


def silent(done: int, total: int) -> None:
    """The progress that nobody looks at."""


class Scores:
    """A network's first output as ``(N, classes)``; of one that gives maps, each map's mean.

    It tells ``progress`` of the ``total`` pictures that will be asked about. ``told`` is what was said of the last
    picture that came alone. Raises `AttributionError` where there is no class of the number ``target``.
    """

    def __init__(self, network: nn.Module, target: int, progress: Progress = silent, total: int = 1) -> None:
        self.network, self.target = network, target
        self.told = torch.zeros(0)
        self._progress, self._total, self._done = progress, total, 0

    def check(self, *_: object) -> None:
        """Raise where the work is no longer wanted."""
        self._progress(self._done, self._total)

    def __call__(self, images: Tensor) -> Tensor:
        # A copy, because a layer that works in place would overwrite what is asked about.
        output = self.network(images.clone())
        scores: Tensor = next(iter(output.values())) if isinstance(output, dict) else output
        scores = scores.flatten(2).mean(2) if scores.ndim > 2 else scores
        if scores.ndim != 2 or not 0 <= self.target < scores.shape[1]:
            count = scores.shape[1] if scores.ndim == 2 else 0
            raise AttributionError(f"there is no class {self.target}: the network tells {count}, counted from 0")
        if len(images) == 1:
            self.told = scores[0].detach().float()
        self._done += len(images)
        self.check()
        # A network that does not look at the picture has a gradient all the same: zero.
        return scores + 0 * images.flatten(1).sum(1, keepdim=True) if images.requires_grad else scores


@contextmanager
def asking(network: nn.Module, check: Callable[[], object]) -> Iterator[None]:
    """While open the network is in evaluation mode and computes no gradients of its weights, and ``check`` is called
    before every layer on the way down and back up."""
    leaves = [module for module in network.modules() if next(module.children(), None) is None]

    def look(*_: Any) -> None:
        check()

    def look_on_the_way_back(module: nn.Module, inputs: Any, output: Any) -> None:
        if isinstance(output, Tensor) and output.requires_grad:
            output.register_hook(look)

    handles = [module.register_forward_pre_hook(look) for module in leaves]
    handles += [module.register_forward_hook(look_on_the_way_back) for module in leaves]
    learning = [parameter for parameter in network.parameters() if parameter.requires_grad]
    was_training = network.training
    network.eval().requires_grad_(False)
    try:
        with torch.inference_mode(False), torch.enable_grad():
            yield
    finally:
        for handle in handles:
            handle.remove()
        for parameter in learning:
            parameter.requires_grad_(True)
        network.train(was_training)
