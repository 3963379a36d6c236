"""Any network can be asked: it is left alone, and what cannot be answered is refused in a sentence."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from workbench.compiler import compile_graph, fed_by_one_picture
from workbench.graph import Builder, Graph, Input, Output
from workbench.inspection.attribution import (
    METHODS,
    AttributionError,
    Question,
    attribute,
    last_convolution,
    layers_with_maps,
    likeliest,
)
from workbench.presets import build


def picture(graph: Graph) -> Tensor:
    return torch.randn(1, *graph.shape, generator=torch.Generator().manual_seed(0))


def several() -> Graph:
    """Two inputs, two outputs, and a head that only training sees."""
    builder = Builder((3, 16, 16), "whole")
    builder.inputs.append(Input("small", (1, 8, 8)))
    builder.add("large_conv", "Conv2d", "whole", out_channels=4, kernel_size=3, stride=2, padding=1)
    builder.add("small_conv", "Conv2d", "small", out_channels=4, kernel_size=3, padding=1)
    builder.add("join", "Concatenate", "large_conv", "small_conv")
    builder.add("relu", "ReLU")
    builder.add("flatten", "Flatten")
    builder.add("fc", "Linear", out_features=3)
    builder.add("other", "Linear", "flatten", out_features=2)
    builder.add("aux_conv", "Conv2d", "relu", out_channels=2, kernel_size=3)
    builder.add("aux_flat", "Flatten")
    builder.add("aux", "Linear", out_features=3)
    builder.outputs += [Output("main", "fc"), Output("second", "other"), Output("aux", "aux", 0.3, True)]
    return builder.build()


@pytest.mark.parametrize("method", METHODS)
def test_several_inputs_and_outputs(method: str) -> None:
    graph = fed_by_one_picture(several())
    torch.manual_seed(0)
    network = compile_graph(graph).train()
    assert last_convolution(graph) == "join"
    found = attribute(network, method, Question(picture(graph), 1, "relu"))
    assert found.heat.shape == (16, 16)
    assert found.heat.any()
    assert len(found.probabilities) == 3
    assert network.training


def test_a_layer_that_only_training_sees_is_refused() -> None:
    graph = fed_by_one_picture(several())
    assert "aux_conv" not in layers_with_maps(graph)
    for method in ("grad-cam", "grad-cam++"):
        with pytest.raises(AttributionError, match="aux_conv has no part"):
            attribute(compile_graph(graph), method, Question(picture(graph), 0, "aux_conv"))


def test_a_network_that_gives_maps_is_asked_for_their_means() -> None:
    builder = Builder((1, 8, 8))
    builder.add("conv", "Conv2d", out_channels=3, kernel_size=3)
    graph = builder.build()
    network = compile_graph(graph)
    image = picture(graph)
    with torch.no_grad():
        means = network(image)[0].mean((1, 2))
    assert attribute(network, "saliency", Question(image, 2)).score == pytest.approx(float(means[2]), rel=1e-5)
    assert likeliest(network, image) == int(means.argmax())


def test_shared_layers_are_refused_with_a_sentence() -> None:
    class Twice(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.conv = nn.Conv2d(1, 1, 3, padding=1)

        def forward(self, x: Tensor) -> Tensor:
            return self.conv(self.conv(x)).flatten(1)

    for method in ("grad-cam", "grad-cam++"):
        with pytest.raises(AttributionError, match="runs several times"):
            attribute(Twice(), method, Question(torch.randn(1, 1, 4, 4), 0, "conv"))


@pytest.mark.parametrize(
    ("method", "target", "layer", "says"),
    [
        ("grad-cam", 3, "fc1", "fc1 gives no maps"),
        ("grad-cam", 3, "conv9", "no layer 'conv9'"),
        ("grad-cam++", 3, "", "a layer is needed"),
        ("saliency", 10, "", "no class 10: the network tells 10"),
        ("lime", 3, "", "no method 'lime'"),
    ],
)  # fmt: skip
def test_what_cannot_be_answered_is_refused_in_a_sentence(
    lenet: nn.Module, image: Tensor, method: str, target: int, layer: str, says: str
) -> None:
    with pytest.raises(AttributionError, match=says):
        attribute(lenet, method, Question(image, target, layer))


# no gradient


@pytest.mark.parametrize("method", METHODS)
def test_where_no_gradient_reaches_it_is_said(method: str) -> None:
    class Deaf(nn.Module):
        """Says the same of every picture."""

        def __init__(self) -> None:
            super().__init__()
            self.conv, self.scores = nn.Conv2d(1, 2, 3), torch.tensor([[1.0, 2.0, 3.0]])

        def forward(self, x: Tensor) -> Tensor:
            self.conv(x)
            return self.scores.expand(len(x), 3)

    found = attribute(Deaf(), method, Question(torch.randn(1, 1, 8, 8), 1, "conv"))
    assert not found.heat.any()
    assert found.note
    assert found.score == 2.0


def test_dead_units_let_no_gradient_through(lenet: nn.Module, image: Tensor) -> None:
    network = compile_graph(build("lenet5"))
    with torch.no_grad():
        network.conv2.bias.fill_(-1e6)
    found = attribute(network, "grad-cam", Question(image, 0, "conv1"))
    assert "No map of conv1" in found.note
    assert "No gradient" in attribute(network, "saliency", Question(image, 0)).note


# stopping


class Enough(Exception):
    pass


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("after", [0, 5, 15])
def test_it_can_be_stopped_anywhere_and_leaves_the_network_as_it_was(image: Tensor, method: str, after: int) -> None:
    network = compile_graph(build("lenet5")).train()
    network.fc1.requires_grad_(False)
    before = {name: value.clone() for name, value in network.state_dict().items()}
    calls = 0

    def stop(done: int, total: int) -> None:
        nonlocal calls
        calls += 1
        if calls > after:
            raise Enough

    with pytest.raises(Enough):
        attribute(network, method, Question(image, 0, "conv2", at_once=4), stop)
    assert calls == after + 1
    assert network.training
    assert [name for name, p in network.named_parameters() if not p.requires_grad] == ["fc1.weight", "fc1.bias"]
    assert all(torch.equal(value, before[name]) for name, value in network.state_dict().items())
    assert not any(m._forward_hooks or m._forward_pre_hooks or m._backward_hooks for m in network.modules())
    assert all(p.grad is None for p in network.parameters())
