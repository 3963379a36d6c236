"""A graph as a PyTorch module: plain ``nn`` modules under the graph's names, run by a ``torch.fx`` program."""

from __future__ import annotations

import linecache
import weakref
from collections.abc import Iterable
from contextlib import nullcontext
from typing import Self

from torch import fx, nn

from workbench.compiler.analysis import analyse
from workbench.compiler.random_weights import without_random_weights
from workbench.graph import Graph, GraphError, inference_graph
from workbench.layers import layer


class Network(fx.GraphModule):
    """The compiled network. In evaluation it leaves out what only training sees.

    With one output its value is a tensor ``(N, classes)``, with several a dictionary by output name. Every node is a
    submodule under its own name, so a forward hook can be put on any.
    """

    @property
    def source(self) -> Graph:
        """The graph of what it computes in evaluation. Raises `KeyError` of a network that was not compiled here."""
        return self.meta["source"]

    def train(self, mode: bool = True) -> Self:
        """Switch layers as `torch.nn.Module.train` does, and the program where training has outputs of its own."""
        programs = self.meta.get("programs")
        if programs is not None:
            # Not through `self.graph`, which would write and compile the program anew: 40 ms for GoogLeNet.
            self._graph, type(self).forward = programs[mode]
        super().train(mode)
        for name in self.meta.get("frozen", ()):
            self.get_submodule(name).eval()
        return self

    def freeze(self, names: Iterable[str]) -> None:
        """Have these modules learn nothing: their parameters take no gradient, and they stay in evaluation mode.

        So batch normalization uses its running statistics and does not move them, and dropout drops nothing.
        """
        self.meta["frozen"] = tuple(names)
        for name in self.meta["frozen"]:
            self.get_submodule(name).requires_grad_(False)
        self.train(self.training)


def compile_graph(graph: Graph, *, init: bool = True) -> Network:
    """The network as a module, on torch's default device, with fresh weights from torch's global generator.

    Nodes that share weights run one module, which bears the name of the first. Without ``init`` no random weights are
    drawn, for where others are loaded next: a ResNet-152 is made in 80 ms instead of 350, with no sense in its weights.
    Under ``torch.device("meta")`` no memory is taken either. Raises `GraphError` where the graph cannot run; its
    message names the first problem.
    """
    analysis = analyse(graph)
    problem = next((problem for problem in analysis.problems if problem.severity == "error"), None)
    if problem is not None:
        where = f"{problem.node}: " if problem.node else ""
        remedy = f"; {problem.remedy}" if problem.remedy else ""
        raise GraphError(f"{where}{problem.message}{remedy}", problem.node)
    root = nn.Module()
    with nullcontext() if init else without_random_weights():
        for node, report in zip(graph.nodes, analysis.layers, strict=True):
            if not node.shares:
                _place(root, node.name, layer(node.kind).module(node.arguments, report.inputs))
    network = Network(root, _program(graph), "Network")
    training = network.graph, type(network).forward
    sources = [_source(network)]
    without_training = inference_graph(graph)
    network.meta["source"] = without_training
    if without_training is not graph:
        network.graph = _program(without_training)
        network.meta["programs"] = {True: training, False: (network.graph, type(network).forward)}
        sources.append(_source(network))
        network.train(network.training)
    weakref.finalize(network, _forget, sources)
    return network


def _source(network: Network) -> str:
    """The name under which torch.fx keeps the text of a network's program, for tracebacks."""
    return type(network).forward.__code__.co_filename


def _forget(sources: list[str]) -> None:
    """torch.fx keeps them for ever: an editor that shows previews makes a network with every edit."""
    kept = getattr(getattr(fx.graph_module, "_loader", None), "eval_cache", {})
    for name in sources:
        linecache.cache.pop(name, None)
        kept.pop(name, None)


def _program(graph: Graph) -> fx.Graph:
    program = fx.Graph()
    # torch.fx reaches a module "0" by getattr(...): no parameter of the program may have that name.
    values = {entry.name: program.placeholder(entry.name.replace("getattr", "getattr_")) for entry in graph.inputs}
    for node in graph.nodes:
        sources = tuple(values[source] for source in graph.sources(node))
        values[node.name] = program.call_module(node.shares or node.name, sources)
    results = {output.name: values[output.node] for output in graph.results}
    program.output(next(iter(results.values())) if len(results) == 1 else results)
    return program


def _place(root: nn.Module, path: str, module: nn.Module) -> None:
    *parents, name = path.split(".")
    for parent in parents:
        if not hasattr(root, parent):
            root.add_module(parent, nn.Module())
        root = root.get_submodule(parent)
    root.add_module(name, module)
