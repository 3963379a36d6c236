"""A compiled network is a plain torch module that every tool of torch takes."""

from __future__ import annotations

import copy

import pytest
import torch
from torch import nn

from workbench import presets
from workbench.compiler import compile_graph
from workbench.graph import Builder, Graph, GraphError, Input


def test_hooks_reach_every_node_by_name() -> None:
    graph = presets.build("cifar-resnet20")
    network = compile_graph(graph).eval()
    seen: list[str] = []
    for node in graph.nodes:
        network.get_submodule(node.name).register_forward_hook(lambda *_, name=node.name: seen.append(name))
    network(torch.zeros(1, 3, 32, 32))
    assert seen == [node.name for node in graph.nodes]


def test_names_are_nested_modules() -> None:
    network = compile_graph(presets.build("resnet18"))
    assert isinstance(network.get_submodule("layer1.0.conv1"), nn.Conv2d)
    assert type(network.get_submodule("layer1.0")) is nn.Module


def test_torch_export_takes_it() -> None:
    network = compile_graph(presets.build("cifar-resnet20")).eval()
    picture = torch.randn(2, 3, 32, 32)
    exported = torch.export.export(network, (picture,))
    assert torch.allclose(exported.module()(picture), network(picture))


@pytest.mark.slow
def test_torch_compile_takes_it() -> None:
    network = compile_graph(presets.build("lenet5")).eval()
    picture = torch.randn(2, 1, 28, 28)
    assert torch.allclose(torch.compile(network)(picture), network(picture), atol=1e-5)


def test_a_copy_is_a_network_of_its_own() -> None:
    network = compile_graph(presets.build("googlenet", classes=5, input=(3, 64, 64)))
    other = copy.deepcopy(network)
    with torch.no_grad():
        other.get_parameter("fc.bias").add_(1.0)
    assert not torch.equal(other.get_parameter("fc.bias"), network.get_parameter("fc.bias"))
    picture = torch.randn(2, 3, 64, 64)
    assert set(other.train()(picture)) == {"output", "aux1", "aux2"}
    assert other.eval()(picture).shape == (2, 5)
    assert set(network.train()(picture)) == {"output", "aux1", "aux2"}


def two_ends() -> Graph:
    builder = Builder((1, 4, 4), "left")
    builder.inputs.append(Input("right", (1, 4, 4)))
    total = builder.add("add", "Add", "left", "right")
    first = builder.add("flatten", "Flatten", total)
    builder.add("twice", "Add", total, total)
    builder.output("flat", first)
    builder.output("map", "twice", 0.5)
    return builder.build()


def test_several_inputs_and_outputs() -> None:
    network = compile_graph(two_ends())
    left, right = torch.randn(2, 1, 4, 4), torch.randn(2, 1, 4, 4)
    found = network(left, right)
    assert torch.equal(found["flat"], (left + right).flatten(1))
    assert torch.equal(found["map"], 2 * (left + right))


def test_two_nodes_share_one_modules_weights() -> None:
    builder = Builder((2, 4, 4))
    first = builder.add("conv", "Conv2d", out_channels=2, kernel_size=3, padding=1)
    builder.add("again", "Conv2d", first, shares="conv")
    network = compile_graph(builder.build())
    assert list(network.state_dict()) == ["conv.weight", "conv.bias"]
    picture = torch.randn(1, 2, 4, 4)
    conv = network.get_submodule("conv")
    assert torch.equal(network(picture), conv(conv(picture)))


def test_one_output_of_several_is_selected() -> None:
    builder = Builder((4, 3, 3))
    parts = builder.add("split", "Split", sizes=(1, 3))
    builder.add("second", "Select", parts, index=1)
    picture = torch.randn(2, 4, 3, 3)
    assert torch.equal(compile_graph(builder.build())(picture), picture[:, 1:])


def test_what_cannot_run_is_refused_with_the_first_problem() -> None:
    with pytest.raises(GraphError, match=r"features\.5: .*does not fit"):
        compile_graph(presets.build("alexnet", input=(3, 28, 28)))
    with pytest.raises(GraphError, match="no layers"):
        compile_graph(Builder((1, 2, 2)).build())
