"""Networks in float64 that have run a picture, for comparing what is told with what torch gave."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import torch
from torch import Tensor, nn

from workbench.compiler import analyse
from workbench.graph import Graph
from workbench.inspection.arithmetic import Moment
from workbench.layers import layer


def up_to(graph: Graph, name: str) -> Graph:
    """The network as far as a node, without the dense layers that take most of the memory."""
    return replace(graph, nodes=graph.nodes[: graph.position[name] + 1], outputs=(), blocks=())


def moment_of(graph: Graph, seed: int = 0, network: nn.Module | None = None, picture: Tensor | None = None) -> Moment:
    """The graph run in evaluation, with random weights and buffers and a random picture unless they are given."""
    torch.manual_seed(seed)
    modules = (
        made(graph) if network is None else {n.name: network.get_submodule(n.shares or n.name) for n in graph.nodes}
    )
    outputs: dict[str, Any] = {entry.name: torch.randn(1, *entry.shape, dtype=torch.float64) for entry in graph.inputs}
    if picture is not None:
        outputs[graph.inputs[0].name] = picture
    with torch.inference_mode():
        for node in graph.nodes:
            outputs[node.name] = modules[node.name](*[outputs[source] for source in graph.sources(node)])
    return Moment(graph, modules, outputs, analyse(graph).by_name)


def made(graph: Graph) -> dict[str, nn.Module]:
    """The layers alone, in evaluation; a program to run them takes longer to make than a small network to run."""
    modules: dict[str, nn.Module] = {}
    for node, report in zip(graph.nodes, analyse(graph).layers, strict=True):
        if node.shares:
            modules[node.name] = modules[node.shares]
            continue
        module = layer(node.kind).module(node.arguments, report.inputs)
        shake(module)
        modules[node.name] = module.double().eval()
    return modules


def shake(network: nn.Module) -> None:
    """Biases, scales and kept statistics that are no longer 0 and 1, so that a mistake in them shows."""
    with torch.no_grad():
        for name, value in network.state_dict().items():
            if not value.is_floating_point():
                continue
            if name.endswith("running_var"):
                value.uniform_(0.5, 2.0)
            elif value.ndim <= 1:
                value.add_(0.3 * torch.randn_like(value))
