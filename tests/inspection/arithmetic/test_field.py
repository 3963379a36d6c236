"""The pixels that a value has seen, against what gradients really reach: the very pixels, not only their frame."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from tests.compiler.test_receptive_field import convolutional, enlarging, positive
from tests.inspection.arithmetic.moments import moment_of, up_to
from workbench.compiler import analyse, compile_graph
from workbench.graph import Builder, Graph
from workbench.inspection.arithmetic import Place, explain
from workbench.presets import build


def pixels_reached(network: nn.Module, graph: Graph, place: Place) -> Tensor:
    """Which pixels of a picture have a gradient at one value of a node."""
    found: list[Tensor] = []
    module = network.get_submodule(place.node)
    handle = module.register_forward_hook(lambda module, inputs, output: found.append(output))
    picture = 1 + torch.rand(1, *graph.shape, dtype=torch.float64)
    picture.requires_grad_()
    network(picture)
    handle.remove()
    found[0][(0, *place.index)].backward()
    assert picture.grad is not None
    return (picture.grad[0] != 0).any(0)


@settings(max_examples=30, deadline=None)
@given(convolutional() | enlarging(), st.data())
def test_the_very_pixels_that_gradients_reach(graph: Graph, data: Any) -> None:
    assume(analyse(graph).runs)
    output = analyse(graph).layers[-1].output
    assert output is not None
    place = Place(graph.nodes[-1].name, tuple(data.draw(st.integers(0, size - 1)) for size in output))
    network = positive(graph)
    told = explain(moment_of(graph, network=network), place)
    assert told.field is not None
    assert torch.equal(torch.from_numpy(told.field.seen.copy()), pixels_reached(network, graph, place))


def surrogate(graph: Graph) -> nn.Module:
    """The network with positive weights and means in place of maxima: nothing is dead and no path cancels another."""
    network = compile_graph(graph)
    for name, module in list(network.named_modules()):
        if isinstance(module, nn.MaxPool2d):
            mean = nn.AvgPool2d(module.kernel_size, module.stride, module.padding, module.ceil_mode, False)
            parent = network.get_submodule(name.rpartition(".")[0])
            setattr(parent, name.rpartition(".")[2], mean)
    with torch.no_grad():
        for parameter in network.parameters():
            if parameter.ndim > 1:
                parameter.fill_(1.0 / parameter[0].numel())
    return network.double().eval()


@pytest.mark.parametrize(
    ("preset", "shape", "node"),
    [
        ("lenet5", (1, 28, 28), "conv2"),
        ("lenet5-paper", (1, 32, 32), "c3"),
        ("alexnet", (3, 96, 96), "features.6"),
        ("vgg11", (3, 64, 64), "features.11"),
        ("googlenet", (3, 96, 96), "inception3b.concat"),
        ("resnet18", (3, 96, 96), "layer2.1.bn2"),
        ("resnet50", (3, 96, 96), "layer2.1.conv3"),
        ("cifar-resnet20", (3, 32, 32), "layer2.1.conv2"),
        ("se-resnext50", (3, 64, 64), "layer1.1.conv2"),
        ("nin-cifar10", (3, 32, 32), None),
    ],
)
def test_the_fields_of_the_presets(preset: str, shape: tuple[int, int, int], node: str | None) -> None:
    graph = build(preset, 10, shape)
    name = node or [entry.name for entry in graph.nodes if entry.kind == "Conv2d"][3]
    graph = up_to(graph, name)
    network = surrogate(graph)
    moment = moment_of(graph, network=network)
    generator = torch.Generator().manual_seed(7)
    sizes = moment.outputs[name].shape[1:]
    corners = [(sizes[0] - 1, 0, sizes[2] - 1), (0, sizes[1] // 2, sizes[2] // 2)]
    random = [tuple(int(torch.randint(size, (), generator=generator)) for size in sizes) for _ in range(3)]
    for index in [*corners, *random]:
        told = explain(moment, Place(name, index))
        assert told.field is not None
        assert torch.equal(torch.from_numpy(told.field.seen.copy()), pixels_reached(network, graph, told.place))


def test_a_dilated_filter_leaves_pixels_out_and_the_border_cuts_it_off() -> None:
    builder = Builder((1, 9, 9))
    builder.add("conv", "Conv2d", out_channels=1, kernel_size=3, dilation=2, padding=2)
    moment = moment_of(builder.build())
    field = explain(moment, Place("conv", (0, 0, 4))).field
    assert field is not None
    assert field.frame == (0, 2, 3, 7)
    assert field.seen.nonzero()[0].tolist() == [0, 0, 0, 2, 2, 2]
    assert field.seen.nonzero()[1].tolist() == [2, 4, 6, 2, 4, 6]


def test_branches_that_look_elsewhere_are_both_seen() -> None:
    builder = Builder((1, 8, 8))
    turned = builder.add("turned", "Flip", "input", dim=3)
    builder.add("sum", "Add", "input", turned)
    field = explain(moment_of(builder.build()), Place("sum", (0, 3, 1))).field
    assert field is not None
    assert list(zip(*field.seen.nonzero(), strict=True)) == [(3, 1), (3, 6)]


def test_of_a_concatenation_only_the_branch_that_gave_the_value_has_been_looked_at() -> None:
    builder = Builder((1, 8, 8))
    near = builder.add("near", "Conv2d", "input", out_channels=2, kernel_size=1)
    far = builder.add("far", "Conv2d", "input", out_channels=2, kernel_size=5, padding=2)
    builder.add("both", "Concatenate", near, far)
    moment = moment_of(builder.build())
    frames = [explain(moment, Place("both", (channel, 4, 4))).field.frame for channel in (1, 2)]  # type: ignore[union-attr]
    assert frames == [(4, 4, 5, 5), (2, 2, 7, 7)]
