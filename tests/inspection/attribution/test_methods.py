"""Attribution is captum's where captum has it, and the paper's formula where it has not."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from captum import attr
from torch import Tensor, nn

from workbench.compiler import compile_graph
from workbench.graph import Builder
from workbench.inspection.attribution import METHODS, Question, attribute


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
