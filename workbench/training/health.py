"""Measuring how the layers fare: what one step does to their weights, and what they give for some of its images."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn

from workbench.graph import Graph, inference_graph
from workbench.inspection.health import RECTIFIERS, LayerHealth, can_die
from workbench.training.precision import Arithmetic

MEMORY = 4
"""A unit is dead that fired in none of so many measurements, or of all where there were fewer."""

_SAMPLE = 2**16
"""Weights of a parameter that are followed through a step, evenly spread over it: a ratio needs no more, and a copy of
VGG-16's would take half a gigabyte."""

_VARIES = 1e-4
"""A unit of a smooth activation whose values lie closer together than this gives the same whatever comes."""


class HealthMeter:
    """Measures a network's layers now and then. Changes no weight, buffer or chance.

    ``seconds`` is how long the last measurement took, ``images`` how many the dead units were looked for in.
    """

    def __init__(self, network: nn.Module, graph: Graph) -> None:
        self._network = network
        self._kinds = {node.name: node.kind for node in graph.nodes}
        self._owners = {node.name: network.get_submodule(node.name) for node in graph.nodes if not node.shares}
        self._parameters = {name: list(module.parameters()) for name, module in self._owners.items()}
        # A module that several nodes share runs in their order.
        self._runs: dict[str, list[str]] = {}
        for node in inference_graph(graph).nodes:
            self._runs.setdefault(node.shares or node.name, []).append(node.name)
        self._silent: dict[str, Tensor] = {}
        self._counts: list[int] = []
        self._step: dict[str, tuple[float, float, int]] = {}
        self.seconds = 0.0

    @property
    def images(self) -> int:
        return sum(self._counts[-MEMORY:])

    @contextmanager
    def of_step(self, moving: Sequence[nn.Parameter], norms: Sequence[float]) -> Iterator[None]:
        """While open the optimizer moves the weights; ``norms`` are those of the gradients of the ``moving`` ones."""
        began = time.perf_counter()
        before = [_followed(parameter).clone() for parameter in moving]
        spent = time.perf_counter() - began
        yield
        began = time.perf_counter()
        after = [_followed(parameter) for parameter in moving]
        if not moving:
            self._step, self.seconds = {}, spent
            return
        lengths = torch._foreach_norm(before)
        ways = torch._foreach_norm(torch._foreach_sub(before, after))
        told = torch.stack([*lengths, *ways]).float().tolist()
        rows = zip(norms, told[: len(moving)], told[len(moving) :], strict=True)
        self._step = _by_layer(self._parameters, dict(zip(map(id, moving), rows, strict=True)))
        self.seconds = spent + time.perf_counter() - began

    def look(self, images: Tensor, arithmetic: Arithmetic) -> Mapping[str, LayerHealth]:
        """Every layer after the step, with what it gives for normalized images ``(N, C, H, W)`` in evaluation mode."""
        began = time.perf_counter()
        told: dict[str, Tensor] = {}
        fired: dict[str, Tensor] = {}
        hooks = {name: self._hook(nodes, told, fired) for name, nodes in self._runs.items()}
        handles = [self._owners[name].register_forward_hook(hook) for name, hook in hooks.items()]
        was_training = self._network.training
        self._network.eval()
        try:
            with torch.inference_mode(), arithmetic.autocast():
                self._network(images)
        finally:
            self._network.train(was_training)
            for handle in handles:
                handle.remove()
        values = torch.stack(list(told.values())).tolist() if told else []
        dead = self._count_dead(fired, len(images))
        shown = dict(zip(told, values, strict=True))
        self.seconds += time.perf_counter() - began
        return {name: self._layer(name, dead, shown) for name in self._kinds}

    def _layer(self, name: str, dead: Mapping[str, float], shown: Mapping[str, Sequence[float]]) -> LayerHealth:
        mean, spread = shown.get(name, (math.nan, math.nan))
        gradient, update, weights = self._step.get(name, (math.nan, math.nan, 0))
        return LayerHealth(dead.get(name, math.nan), mean, spread, gradient, update, weights)

    def _hook(self, nodes: Sequence[str], told: dict[str, Tensor], fired: dict[str, Tensor]) -> Any:
        run = iter(nodes)

        def hook(module: nn.Module, inputs: Any, output: Any) -> None:
            name = next(run)
            if not isinstance(output, Tensor) or output.ndim < 2 or not output.numel():
                return
            values = output.float()
            mean = values.mean()
            power = torch.linalg.vector_norm(values).square() / values.numel()
            told[name] = torch.stack((mean, (power - mean.square()).clamp_(min=0).sqrt()))
            if can_die(self._kinds[name]):
                others = [dim for dim in range(values.ndim) if dim != 1]
                most = values.amax(others)
                if self._kinds[name] in RECTIFIERS:
                    fired[name] = most > 0
                else:
                    fired[name] = most - values.amin(others) > _VARIES

        return hook

    def _count_dead(self, fired: Mapping[str, Tensor], images: int) -> dict[str, float]:
        """The share of each layer's units that have been silent long enough."""
        self._counts = [*self._counts, images][-MEMORY:]
        if not fired:
            return {}
        # All of it comes from the device at once.
        flags = torch.cat(list(fired.values())).cpu().split([len(flags) for flags in fired.values()])
        found = {}
        for name, flag in zip(fired, flags, strict=True):
            before = self._silent.get(name)
            silent = torch.where(flag, 0, 1 if before is None else before + 1)
            self._silent[name] = silent
            found[name] = float((silent >= len(self._counts)).float().mean())
        return found


def _followed(parameter: nn.Parameter) -> Tensor:
    """Some of a parameter's numbers, evenly spread over its memory, whatever its layout; all of a small one's."""
    flat = parameter.detach().as_strided((parameter.numel(),), (1,))
    return flat[:: -(-len(flat) // _SAMPLE)] if len(flat) else flat


def _by_layer(
    parameters: Mapping[str, Sequence[nn.Parameter]], rows: Mapping[int, tuple[float, float, float]]
) -> dict[str, tuple[float, float, int]]:
    """Gradient's norm, |Δw| / |w| and how many parameters, of the layers that had a gradient."""
    found = {}
    for name, own in parameters.items():
        moved = [parameter for parameter in own if id(parameter) in rows]
        if not moved:
            continue
        gradient = length = way = 0.0
        for parameter in moved:
            norm, before, went = rows[id(parameter)]
            # Of a large one only a sample was followed.
            whole = parameter.numel() / max(1, len(_followed(parameter)))
            gradient, length, way = gradient + norm**2, length + whole * before**2, way + whole * went**2
        update = math.sqrt(way / length) if length else (math.inf if way else 0.0)
        found[name] = (math.sqrt(gradient), update, sum(parameter.numel() for parameter in moved))
    return found
