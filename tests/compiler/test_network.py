"""A compiled network is a plain torch module that every tool of torch takes."""

from __future__ import annotations

import copy

import pytest
import torch
from torch import Tensor, fx, nn

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


def with_a_head_for_training() -> Graph:
    builder = Builder((1, 8, 8))
    trunk = builder.add("trunk.conv", "Conv2d", out_channels=4, kernel_size=3)
    builder.add("flat", "Flatten")
    main = builder.add("fc", "Linear", out_features=3)
    builder.add("aux.flat", "Flatten", trunk)
    builder.add("aux.fc", "Linear", out_features=3)
    builder.output("output", main)
    builder.output("aux", "aux.fc", 0.3, training_only=True)
    return builder.build()


def outputs(found: Tensor | dict[str, Tensor]) -> list[str]:
    return sorted(found) if isinstance(found, dict) else ["a tensor"]


TRAINING, EVALUATION = ["aux", "output"], ["a tensor"]


def test_evaluation_does_not_run_what_only_training_sees() -> None:
    network = compile_graph(with_a_head_for_training())
    names = list(network.state_dict())
    ran: list[str] = []
    for name in ("trunk.conv", "aux.fc"):
        network.get_submodule(name).register_forward_hook(lambda *_, name=name: ran.append(name))
    picture = torch.randn(2, 1, 8, 8)
    in_training = network(picture)
    assert outputs(in_training) == TRAINING
    network.eval()
    assert torch.equal(network(picture), in_training["output"])
    assert outputs(network.train()(picture)) == TRAINING
    assert ran == ["trunk.conv", "aux.fc", "trunk.conv", "trunk.conv", "aux.fc"]
    assert list(network.state_dict()) == names
    assert "aux.fc.weight" in names


def test_a_copy_made_in_evaluation_can_train() -> None:
    network = compile_graph(with_a_head_for_training()).eval()
    other = copy.deepcopy(network)
    picture = torch.randn(2, 1, 8, 8)
    assert torch.equal(other(picture), network(picture))
    assert outputs(other.train()(picture)) == TRAINING
    assert outputs(network(picture)) == EVALUATION


def test_compiled_code_follows_the_mode() -> None:
    """Through Dynamo, which guards what it has traced; the code generator behind it does not matter here."""
    network = compile_graph(with_a_head_for_training())
    fast = torch.compile(network, backend="eager")
    picture = torch.randn(2, 1, 8, 8)
    for mode, expected in ((True, TRAINING), (False, EVALUATION), (True, TRAINING)):
        network.train(mode)
        assert outputs(fast(picture)) == expected
    fast.eval()
    assert torch.equal(fast(picture), network(picture))


def test_the_forward_path_is_plain_code() -> None:
    """One call a node, in order: nothing looks anything up while it runs."""
    network = compile_graph(with_a_head_for_training()).eval()
    assert isinstance(network, fx.GraphModule)
    lines = [line.split(";")[0].strip() for line in network.code.strip().splitlines()]
    assert lines == [
        "def forward(self, input):",
        "input_1 = input",
        "trunk_conv = self.trunk.conv(input_1)",
        "flat = self.flat(trunk_conv)",
        "fc = self.fc(flat)",
        "return fc",
    ]


def test_export_takes_several_inputs_and_any_batch() -> None:
    network = compile_graph(two_ends())
    left, right = torch.randn(2, 1, 4, 4), torch.randn(2, 1, 4, 4)
    batch = torch.export.Dim("batch")
    exported = torch.export.export(network, (left, right), dynamic_shapes=({0: batch}, {0: batch})).module()
    left, right = torch.randn(5, 1, 4, 4), torch.randn(5, 1, 4, 4)
    expected, found = network(left, right), exported(left, right)
    assert set(found) == {"flat", "map"}
    assert all(torch.equal(found[name], expected[name]) for name in expected)


def test_inputs_bear_their_names() -> None:
    network = compile_graph(two_ends())
    left, right = torch.randn(1, 1, 4, 4), torch.randn(1, 1, 4, 4)
    assert torch.equal(network(right=right, left=left)["flat"], network(left, right)["flat"])


def test_a_shared_module_runs_its_hooks_for_each_node() -> None:
    builder = Builder((2, 4, 4))
    builder.add("conv", "Conv2d", out_channels=2, kernel_size=3, padding=1)
    builder.add("again", "Conv2d", shares="conv")
    network = compile_graph(builder.build())
    calls: list[nn.Module] = []
    conv = network.get_submodule("conv")
    conv.register_forward_hook(lambda module, *_: calls.append(module))
    network(torch.zeros(1, 2, 4, 4)).sum().backward()
    assert calls == [conv, conv]
    assert len(list(network.parameters())) == 2


@pytest.mark.parametrize("name", ["lenet5-paper", "googlenet-transform", "resnet18"])
def test_without_random_weights_all_else_is_there(name: str) -> None:
    """Norms, zeros and fixed numbers are made; the rest is for a file of weights. No random number is drawn."""
    graph = presets.build(name, classes=10)
    network = compile_graph(graph).eval()
    before = torch.get_rng_state()
    other = compile_graph(graph, init=False).eval()
    assert torch.equal(torch.get_rng_state(), before)
    other.load_state_dict(network.state_dict())
    picture = torch.randn(1, *graph.shape)
    assert torch.equal(other(picture), network(picture))


def test_a_compiled_network_can_be_thousands_of_layers_deep() -> None:
    builder = Builder((1, 4, 4))
    for index in range(3000):
        builder.add(f"block{index // 100}.{index}", "ReLU")
    network = compile_graph(builder.build())
    picture = torch.randn(1, 1, 4, 4)
    assert torch.equal(network(picture), picture.relu())
