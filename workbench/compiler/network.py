"""A graph as a PyTorch module: plain ``nn`` modules under the graph's names, run by a ``torch.fx`` program."""

from __future__ import annotations

from typing import Self

from torch import fx, nn

from workbench.compiler.analysis import analyse
from workbench.graph import Graph, GraphError, inference_graph
from workbench.layers import layer


class Network(fx.GraphModule):
    """The compiled network. In evaluation it leaves out what only training sees.

    With one output its value is a tensor ``(N, classes)``, with several a dictionary by output name. Every node is a
    submodule under its own name, so a forward hook can be put on any.
    """

    def train(self, mode: bool = True) -> Self:
        """Switch layers as `torch.nn.Module.train` does, and the program where training has outputs of its own."""
        programs = self.meta.get("programs")
        if programs is not None and self.graph is not programs[mode]:
            self.graph = programs[mode]
        return super().train(mode)


def compile_graph(graph: Graph) -> Network:
    """The network as a module with fresh weights from torch's global generator.

    Under ``torch.device("meta")`` no weights are made, which is quick where others will be loaded. Raises `GraphError`
    where the graph cannot run; its message names the first problem.
    """
    analysis = analyse(graph)
    if not analysis.runs:
        problem = next((p for p in analysis.problems if p.severity == "error"), None)
        raise GraphError(f"{problem.node}: {problem.message}" if problem else "the network has no layers")
    root = nn.Module()
    for node, report in zip(graph.nodes, analysis.layers, strict=True):
        if not node.shares:
            _place(root, node.name, layer(node.kind).module(node.arguments, report.inputs))
    network = Network(root, _program(graph), "Network")
    without_training = inference_graph(graph)
    if without_training is not graph:
        network.meta["programs"] = {True: network.graph, False: _program(without_training)}
    return network


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
