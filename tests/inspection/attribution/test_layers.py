"""Which layers have maps to point with, and which of them is the last."""

from __future__ import annotations

import pytest

from workbench.compiler import analyse
from workbench.graph import Builder, inference_graph
from workbench.inspection.attribution import last_convolution, layers_with_maps
from workbench.presets import PRESETS, build

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
