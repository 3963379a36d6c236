"""Looking into a network while it learns: one picture's way through it, a few times a second."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

import torch
from torch import Tensor, nn

from workbench.compiler import Network, analyse
from workbench.inspection import ChosenPicture, Seen, Wishes, gather
from workbench.inspection.arithmetic import Moment
from workbench.inspection.seeing import names_of
from workbench.training.events import Probe
from workbench.training.precision import Arithmetic

Look = Callable[[Tensor, Wishes], Probe]

_SLOW_SECONDS = 1.0


class Watch:
    """What somebody looks at in a training. ``picture`` and ``wishes`` may be set from any thread at any time.

    ``picture`` is uint8 ``(C, H, W)`` of the network's input size, or None to look at nothing. It is looked at every
    ``seconds`` at most, and so seldom that looking takes no more than ``share`` of the training's time; only new
    wishes are answered before that. What `Wishes` has for every layer is taken once a second. ``health`` is the share
    of the training's time in which how every layer fares may be measured, once a second at most; 0: not at all.
    ``chosen`` is the picture whose way is recorded at the end of each epoch, where that is recorded; None is the first
    validation image.
    """

    def __init__(
        self,
        picture: Tensor | None = None,
        wishes: Wishes | None = None,
        seconds: float = 0.1,
        share: float = 0.01,
        health: float = 0.0,
    ) -> None:
        self.picture = picture
        self.wishes = wishes or Wishes()
        self.seconds = seconds
        self.share = share
        self.health = health
        self.chosen: ChosenPicture | None = None
        self._look: Look | None = None
        self._answered: tuple[Tensor | None, Wishes] = (None, Wishes())
        self._last = self._slowly = -float("inf")
        self._next = self._next_health = -float("inf")

    def ask_again(self) -> None:
        """Have the wishes answered once more, as soon as may be."""
        self._answered = (None, Wishes())

    @contextmanager
    def of(self, look: Look) -> Iterator[None]:
        """While open, `look` asks this training."""
        self._look, self._answered, self._next_health = look, (None, Wishes()), -float("inf")
        try:
            yield
        finally:
            self._look = None

    def look(self, only_if_new: bool = False) -> Probe | None:
        """What is to be seen now; None where nobody looks, or too soon after the last time.

        For the thread that trains. ``only_if_new`` answers only wishes that were not answered yet, as while a training
        is paused.
        """
        now, picture, wishes = time.monotonic(), self.picture, self.wishes
        if self._look is None or picture is None or now - self._last < self.seconds:
            return None
        before = self._answered
        is_new = picture is not before[0] or wishes != before[1]
        if not is_new and (only_if_new or now < self._next):
            return None
        wanted = wishes
        if not is_new and now - self._slowly < _SLOW_SECONDS:
            wanted = wishes.without_slow()
        else:
            self._slowly = now
        probe = self._look(picture, wanted)
        self._answered, self._last = (picture, wishes), now
        self._next = now + (time.monotonic() - now) / self.share
        return probe

    def wants_health(self) -> bool:
        """Whether the next step is to be measured; for the thread that trains."""
        return self.health > 0 and time.monotonic() >= self._next_health

    def had_health(self, seconds: float) -> None:
        """It was measured, which took so long."""
        self._next_health = time.monotonic() + max(_SLOW_SECONDS, seconds / max(self.health, 1e-6))


def look(network: Network, image: Tensor, wishes: Wishes, arithmetic: Arithmetic) -> Seen:
    """Run one normalized image ``(1, C, H, W)`` in evaluation mode, which changes no weight, buffer or chance.

    Where a value is to be explained everything is computed in the weights' own precision, or its sum would not be
    the value in the map.
    """
    modules = _modules(network, wishes)
    outputs: dict[str, Any] = {}

    def keep(name: str) -> Any:
        def hook(module: nn.Module, inputs: Any, output: Any) -> None:
            outputs[name] = output

        return hook

    handles = [modules[name].register_forward_hook(keep(name)) for name in names_of(wishes) if name in modules]
    was_training = network.training
    network.eval()
    try:
        with torch.inference_mode(), nullcontext() if wishes.value else arithmetic.autocast():
            output = network(image)
            moment = moment_of(network, image) if wishes.value else None
        logits = next(iter(output.values())) if isinstance(output, dict) else output
        seen = gather(wishes, outputs, modules, logits)
        # Still in evaluation mode: layers are asked again who reads the value.
        return seen.explained(moment, wishes.value) if moment is not None else seen
    finally:
        network.train(was_training)
        for handle in handles:
            handle.remove()


def moment_of(network: Network, image: Tensor) -> Moment:
    """What every layer makes of an image, by node name, also where layers share one module. Not for training mode."""
    graph = network.source
    outputs: dict[str, Any] = {graph.inputs[0].name: image}
    modules = {node.name: network.get_submodule(node.shares or node.name) for node in graph.nodes}
    for node in graph.nodes:
        outputs[node.name] = modules[node.name](*[outputs[source] for source in graph.sources(node)])
    return Moment(graph, modules, outputs, analyse(graph).by_name)


def _modules(network: nn.Module, wishes: Wishes) -> dict[str, nn.Module]:
    """The modules that are wished for; a large network has hundreds, and one is found faster by its path."""
    if wishes.glimpses or wishes.spreads:
        return dict(network.named_modules())
    found = {}
    for name in {*wishes.layers, *(rows.layer for rows in wishes.filters)}:
        try:
            found[name] = network.get_submodule(name)
        except AttributeError:
            continue
    return found
