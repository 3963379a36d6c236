"""A network run for one picture while it is edited: what an edit did not touch is neither made nor run again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor, nn

from workbench.compiler import Analysis, Network, analyse, compile_graph
from workbench.graph import Arguments, Graph, Node
from workbench.inspection.arithmetic import Moment, needed
from workbench.inspection.noise import weights_from_noise
from workbench.inspection.seeing import Seen, Wishes, gather, glimpse, joined
from workbench.layers import TensorShape, layer

LARGEST = 400_000_000
"""Weights and values of maps, 1.6 GB in all; a larger network is not rehearsed."""

KEPT = 48_000_000
"""Values of maps that are kept until the next run, 192 MB; of a larger network each is dropped after its last use."""


class TooLarge(Exception):
    """A network that would take too much memory only to be looked at."""


@dataclass(frozen=True, slots=True, eq=False)
class _Made:
    kind: str
    arguments: Arguments
    inputs: tuple[TensorShape | None, ...]
    module: nn.Module
    was_given: bool


@dataclass(frozen=True, slots=True, eq=False)
class _Ran:
    module: nn.Module
    inputs: tuple[Any, ...]
    output: Any


class Rehearsal:
    """Modules and outputs by node name, remembered from run to run.

    A module is made anew where its kind, arguments or input shapes have changed, and a layer runs again where its
    module or what it takes is another than before. For one thread at a time.
    """

    def __init__(self) -> None:
        self._modules: dict[str, _Made] = {}
        self._ran: dict[str, _Ran] = {}
        self._weights: Mapping[str, Tensor] = {}
        self._image: Tensor | None = None

    def use_weights(self, weights: Mapping[str, Tensor]) -> None:
        """Take these where name and shape fit, by ``state_dict`` keys; noise elsewhere.

        A layer takes all of its own or none, as where a training starts from them.
        """
        self.forget()
        self._weights = weights

    @property
    def has_weights(self) -> bool:
        """Whether any layer of the last run has taken weights that were given."""
        return any(made.was_given for made in self._modules.values())

    def forget(self) -> None:
        """Give all memory back but that of the weights that were given."""
        self._modules, self._ran, self._image = {}, {}, None

    def run(self, graph: Graph, image: Tensor, wishes: Wishes, check: Callable[[], object] = lambda: None) -> Seen:
        """Run a normalized image ``(1, C, H, W)`` through every layer that can run, in evaluation mode.

        Layers below something broken are left out. ``check`` is called between layers and ends the run by raising.
        Raises `TooLarge`.
        """
        analysis = analyse(graph)
        _refuse_too_large(analysis)
        if self._image is None or not torch.equal(self._image, image):
            self._image = image
        keeps = analysis.activation_bytes // 4 <= KEPT
        with torch.inference_mode():
            seen = self._run(graph, analysis, self._image, wishes, check, keeps)
        if not keeps:
            self._ran = {}
        return seen

    def network(self, graph: Graph) -> Network:
        """The whole network as a module of its own with the weights that are looked at, in evaluation mode.

        Raises `GraphError` where it cannot run, and `TooLarge`.
        """
        analysis = analyse(graph)
        _refuse_too_large(analysis)
        with torch.device("meta"):  # only its program is needed: every module is put in below
            network = compile_graph(graph, init=False)
        for node in graph.nodes:
            if not node.shares:
                network.set_submodule(node.name, self._made(node, analysis.by_name[node.name].inputs).module)
        return network.eval().requires_grad_(False)

    def _run(
        self, graph: Graph, analysis: Analysis, image: Tensor, wishes: Wishes, check: Callable[[], object], keeps: bool
    ) -> Seen:
        values: dict[str, Any] = {graph.inputs[0].name: image}
        made: dict[str, _Made] = {}
        ran: dict[str, _Ran] = {}
        glimpsed, lasting = set(wishes.glimpses), {*wishes.layers, *(output.node for output in graph.results)}
        if wishes.value is not None:
            lasting |= needed(graph, wishes.value)
        uses = {name: len(users) for name, users in graph.consumers.items()}
        glimpses: dict[str, Any] = {}
        for node in graph.nodes:
            sources = graph.sources(node)
            report = analysis.by_name[node.name]
            possible = all(s in values for s in sources) and report.output is not None
            if not possible or (node.shares and node.shares not in made):
                continue
            check()
            entry = made[node.shares] if node.shares else self._made(node, report.inputs)
            made[node.name] = entry
            inputs = tuple([values[source] for source in sources])
            ran[node.name] = step = self._output(node, entry.module, inputs)
            values[node.name] = step.output
            if keeps:
                continue
            if node.name in glimpsed:
                glimpses[node.name] = glimpse(joined(step.output)[0])
            for source in dict.fromkeys(sources):
                uses[source] -= 1
                if not uses[source] and source not in lasting:
                    # What nobody takes any more goes, or a large network would hold all its maps at once.
                    values[source] = None
                    ran.pop(source, None)
        self._modules, self._ran = made, ran
        outputs = {name: value for name, value in values.items() if value is not None}
        told = outputs.get(graph.results[0].node) if graph.results else None
        logits = told if isinstance(told, Tensor) else None
        modules = {name: entry.module for name, entry in made.items()}
        seen = gather(wishes, outputs, modules, logits)
        if wishes.value is not None:
            seen = seen.explained(Moment(graph, modules, outputs, analysis.by_name), wishes.value)
        return seen if keeps else replace(seen, glimpses=glimpses)

    def _made(self, node: Node, inputs: tuple[TensorShape | None, ...]) -> _Made:
        before = self._modules.get(node.name)
        if before and (before.kind, before.arguments, before.inputs) == (node.kind, node.arguments, inputs):
            return before
        with torch.inference_mode(False), weights_from_noise(node.name):
            module = layer(node.kind).module(node.arguments, inputs).eval().requires_grad_(False)
        return _Made(node.kind, node.arguments, inputs, module, self._give_weights(node.name, module))

    def _give_weights(self, name: str, module: nn.Module) -> bool:
        own = module.state_dict()
        given = {key: self._weights.get(f"{name}.{key}") for key in own}
        fitting = {key: value for key, value in given.items() if value is not None and value.shape == own[key].shape}
        # A bias learnt for other filters is worth nothing. Batch normalization does not need its count of batches.
        lacking = {_owner(key) for key in own if key not in fitting and not key.endswith("num_batches_tracked")}
        fitting = {key: value for key, value in fitting.items() if _owner(key) not in lacking}
        if fitting:
            module.load_state_dict(fitting, strict=False)
        return bool(fitting)

    def _output(self, node: Node, module: nn.Module, inputs: tuple[Any, ...]) -> _Ran:
        before = self._ran.get(node.name)
        if before is not None and before.module is module and _same(before.inputs, inputs):
            return before
        return _Ran(module, inputs, module(*inputs))


def _owner(key: str) -> str:
    return key.rpartition(".")[0]


def _refuse_too_large(analysis: Analysis) -> None:
    values = analysis.parameters + analysis.activation_bytes // 4
    if values > LARGEST:
        raise TooLarge(f"{values / 1e6:,.0f} million weights and values are too many to look into while editing.")


def _same(before: tuple[Any, ...], now: tuple[Any, ...]) -> bool:
    return len(before) == len(now) and all(a is b for a, b in zip(before, now, strict=True))
