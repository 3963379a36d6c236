"""Attribution is captum's where captum has it, the paper's formula where it has not, and leaves the network alone."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from captum import attr
from torch import Tensor, nn

from workbench.compiler import analyse, compile_graph, fed_by_one_picture
from workbench.graph import Builder, Graph, Input, Output, inference_graph
from workbench.inspection.attribution import (
    METHODS,
    AttributionError,
    Question,
    attribute,
    last_convolution,
    layers_with_maps,
    likeliest,
)
from workbench.presets import PRESETS, build


def picture(graph: Graph, seed: int = 0) -> Tensor:
    return torch.randn(1, *graph.shape, generator=torch.Generator().manual_seed(seed))


@pytest.fixture(scope="module")
def lenet() -> nn.Module:
    torch.manual_seed(1)
    return compile_graph(build("lenet5")).eval()


@pytest.fixture(scope="module")
def image() -> Tensor:
    return picture(build("lenet5"))


class InPlace(nn.Module):
    """Every activation overwrites what it is given, the picture first of all."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.ReLU(inplace=True)
        self.conv = nn.Conv2d(3, 5, 3)
        self.relu = nn.ReLU(inplace=True)
        self.head = nn.Sequential(nn.Flatten(), nn.Linear(5 * 6 * 6, 4))

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.relu(self.conv(self.first(x))))


# captum


def test_grad_cam_is_captums(lenet: nn.Module, image: Tensor) -> None:
    found = attribute(lenet, "grad-cam", Question(image, 3, "conv2"))
    theirs = attr.LayerGradCam(lenet, lenet.conv2).attribute(image, target=3, relu_attributions=True)
    assert theirs.max() > 0
    torch.testing.assert_close(torch.from_numpy(found.coarse), theirs[0, 0].detach())
    stretched = attr.LayerAttribution.interpolate(theirs, (28, 28), "bilinear")
    torch.testing.assert_close(torch.from_numpy(found.heat), stretched[0, 0].detach())


def test_saliency_is_captums_largest_channel() -> None:
    torch.manual_seed(0)
    network, image = InPlace().eval(), torch.randn(1, 3, 8, 8)
    theirs = attr.Saliency(lambda x: network(x.clone())).attribute(image.clone().requires_grad_(), target=2)
    found = attribute(network, "saliency", Question(image, 2))
    torch.testing.assert_close(torch.from_numpy(found.heat), theirs[0].amax(0))


def test_integrated_gradients_are_captums_and_add_up(lenet: nn.Module, image: Tensor) -> None:
    found = attribute(lenet, "integrated-gradients", Question(image, 7, steps=64, at_once=10))
    theirs = attr.IntegratedGradients(lenet).attribute(image, baselines=0, target=7, n_steps=64)
    torch.testing.assert_close(torch.from_numpy(found.heat), theirs[0].sum(0).detach().float(), atol=1e-5, rtol=1e-4)
    with torch.no_grad():
        difference = float(lenet(image)[0, 7] - lenet(torch.zeros_like(image))[0, 7])
    assert float(found.heat.sum()) == pytest.approx(difference, rel=0.02)


@pytest.mark.parametrize(("patch", "side"), [(5, 5), (0, 4)])
def test_occlusion_is_captums(lenet: nn.Module, image: Tensor, patch: int, side: int) -> None:
    theirs = attr.Occlusion(lenet).attribute(
        image, sliding_window_shapes=(1, side, side), strides=(1, side // 2, side // 2), baselines=0, target=1
    )
    told: list[tuple[int, int]] = []
    question = Question(image, 1, patch=patch, at_once=7)
    found = attribute(lenet, "occlusion", question, lambda *progress: told.append(progress))
    torch.testing.assert_close(torch.from_numpy(found.heat), theirs[0, 0].float(), atol=1e-5, rtol=1e-4)
    assert told[-1] == (question.places_covered + 1,) * 2


@pytest.mark.parametrize("method", METHODS)
def test_layers_that_work_in_place_change_nothing(method: str) -> None:
    torch.manual_seed(0)
    network, image = InPlace().eval(), torch.randn(1, 3, 8, 8)
    before = image.clone()
    found = attribute(network, method, Question(image, 0, "conv"))
    network.first, network.relu = nn.ReLU(), nn.ReLU()
    expected = attribute(network, method, Question(image, 0, "conv"))
    assert found.heat.any()
    np.testing.assert_allclose(found.heat, expected.heat, rtol=1e-5, atol=1e-6)
    assert torch.equal(image, before)


# Grad-CAM++


class Weighted(nn.Module):
    """Two maps that pass as they come, and a class that weighs their places: its gradient is the weights."""

    def __init__(self, weights: Tensor) -> None:
        super().__init__()
        self.maps, self.weights = nn.Identity(), weights

    def forward(self, x: Tensor) -> Tensor:
        return (self.maps(x) * self.weights).sum((1, 2, 3))[:, None]


def test_grad_cam_plus_plus_by_hand() -> None:
    """Map 0 sums to 10: at g = 1, α = 1 / (2 + 10) = 1/12; at g = 2, α = 4 / (8 + 80) = 1/22; so w = 1/12 + 2/22.
    Map 1 sums to 2: at g = 3, α = 9 / (18 + 54) = 1/8; at g = −1 the ReLU is zero; so w = 3/8."""
    maps = torch.tensor([[[[1.0, 2.0], [3.0, 4.0]], [[0.0, 1.0], [1.0, 0.0]]]])
    weights = torch.tensor([[[1.0, 0.0], [0.0, 2.0]], [[3.0, -1.0], [0.0, 0.0]]])
    found = attribute(Weighted(weights), "grad-cam++", Question(maps, 0, "maps"))
    first, second = 1 / 12 + 2 / 22, 3 / 8
    expected = [[first, 2 * first + second], [3 * first + second, 4 * first]]
    np.testing.assert_allclose(found.coarse, expected, rtol=1e-6)


def test_where_all_gradients_of_a_map_are_equal_both_grad_cams_point_at_the_same_places(image: Tensor) -> None:
    """A network that ends in global average pooling: α is then the same at every place of a map."""
    builder = Builder((1, 28, 28))
    builder.add("conv", "Conv2d", out_channels=1, kernel_size=5)
    builder.add("relu", "ReLU")
    builder.add("pool", "AdaptiveAvgPool2d", output_size=1)
    builder.add("flatten", "Flatten")
    builder.add("fc", "Linear", out_features=2)
    torch.manual_seed(0)
    network = compile_graph(builder.build())
    with torch.no_grad():
        network.fc.weight.copy_(torch.tensor([[1.0], [-1.0]]))
    one, other = (attribute(network, method, Question(image, 0, "relu")) for method in ("grad-cam", "grad-cam++"))
    assert one.coarse.max() > 0
    np.testing.assert_allclose(one.coarse / one.coarse.max(), other.coarse / other.coarse.max(), rtol=1e-5)


# any network


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


# layers

LAST = {
    "lenet5": "conv2", "alexnet": "features.10", "vgg16": "features.28", "vgg11-bn": "features.25",
    "googlenet": "inception5b.concat", "resnet18": "layer4.1.conv2", "resnet50": "layer4.2.conv3",
    "cifar-resnet20": "layer3.2.conv2",
}  # fmt: skip


@pytest.mark.parametrize("name", LAST)
def test_the_last_convolution_of_the_famous_networks(name: str) -> None:
    assert last_convolution(build(name)) == LAST[name]


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_has_a_last_convolution_with_places(name: str) -> None:
    graph = build(name)
    found = last_convolution(graph)
    report = analyse(inference_graph(graph)).by_name[found]
    assert found in layers_with_maps(graph)
    assert report.kind in ("Conv2d", "SparseConv2d", "Concatenate")
    assert report.output is not None
    assert report.output[1:] != (1, 1)


def test_a_network_without_maps_has_none() -> None:
    builder = Builder((1, 4, 4))
    builder.add("flatten", "Flatten")
    builder.add("fc", "Linear", out_features=2)
    assert last_convolution(builder.build()) == ""
    assert layers_with_maps(builder.build()) == ()
