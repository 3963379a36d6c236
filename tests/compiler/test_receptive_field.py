"""How far a value sees: the published figures, and what gradients really reach."""

from __future__ import annotations

from fractions import Fraction
from math import floor
from typing import Any

import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from workbench import presets
from workbench.compiler import LayerReport, analyse, compile_graph
from workbench.graph import Builder, Graph, Input
from workbench.layers.modules import SparseConv2d


def sizes(name: str, nodes: list[str]) -> list[int]:
    reports = analyse(presets.build(name)).by_name
    found = [reports[node].receptive_field for node in nodes]
    assert all(field is not None and field.height == field.width for field in found)
    return [int(field.height.size) for field in found if field is not None]


def test_receptive_fields_are_the_published_ones() -> None:
    """Computed by back-propagation through positive surrogates of the networks, and by Araujo et al.'s formula."""
    alexnet = ["features.0", "features.2", "features.3", "features.5", "features.6", "features.8", "features.10"]
    assert sizes("alexnet", [*alexnet, "features.12"]) == [11, 19, 51, 67, 99, 131, 163, 195]
    vgg16 = [0, 2, 4, 5, 7, 9, 10, 12, 14, 16, 17, 19, 21, 23, 24, 26, 28, 30]
    assert sizes("vgg16", [f"features.{index}" for index in vgg16]) == [
        3, 5, 6, 10, 14, 16, 24, 32, 40, 44, 60, 76, 92, 100, 132, 164, 196, 212,
    ]  # fmt: skip
    assert sizes("resnet18", ["layer4.1.conv2"]) == [435]
    assert sizes("resnet34", ["layer4.2.conv2"]) == [899]
    blocks = ["conv1", "maxpool"] + [
        f"layer{s}.{b}.conv3" for s, n in ((1, 3), (2, 4), (3, 6), (4, 3)) for b in range(n)
    ]
    assert sizes("resnet50", blocks) == [
        7, 11, 19, 27, 35, 43, 59, 75, 91, 107, 139, 171, 203, 235, 267, 299, 363, 427,
    ]  # fmt: skip
    assert sizes("resnet50-paper", ["layer4.2.conv3"]) == [483]
    assert sizes("resnet101", ["layer4.2.conv3"]) == [971]
    assert sizes("resnet152", ["layer4.2.conv3"]) == [1451]
    assert sizes("cifar-resnet20", ["layer3.2.conv2"]) == [81]
    assert sizes("cifar-resnet110", ["layer3.17.conv2"]) == [501]
    assert sizes("lenet5-paper", ["c5"]) == [32]


@pytest.mark.parametrize(("name", "jump"), [("alexnet", 16), ("vgg16", 32), ("resnet18", 32), ("cifar-resnet110", 4)])
def test_the_jump_of_the_last_map(name: str, jump: int) -> None:
    """Before global pooling; the last pooling of VGG-16 doubles the 16 of its last convolution."""
    field = analyse(presets.build(name)).by_name[LAST_MAP[name]].receptive_field
    assert field is not None
    assert (field.height.jump, field.whole) == (jump, False)


LAST_MAP = {"alexnet": "features.11", "vgg16": "features.30", "resnet18": "layer4.1.conv2",
            "cifar-resnet110": "layer3.17.conv2"}  # fmt: skip


def test_starts_are_the_published_formula() -> None:
    """start += (d(k−1)/2 − p)·j: AlexNet's first convolution (11×11/4, 2 of padding) looks at pixel 3.5 first."""
    field = analyse(presets.build("alexnet")).by_name["features.0"].receptive_field
    assert field is not None
    assert (field.width.start, field.width.jump, field.width.low) == (Fraction(7, 2), 4, -2)


def test_the_networks_field_is_that_of_the_last_map_with_places() -> None:
    field = analyse(presets.build("resnet18")).receptive_field
    assert field is not None
    assert (field.height.size, field.whole) == (435, False)
    # A squeeze-and-excitation lets every value depend on every pixel; auxiliary heads are not the network's end.
    gated = analyse(presets.build("se-resnet18")).receptive_field
    assert gated is not None
    assert gated.whole
    inception = analyse(presets.build("googlenet"))
    assert inception.receptive_field == inception.by_name["inception5b.concat"].receptive_field


def reports(shape: tuple[int, ...], *layers: tuple[str, dict[str, Any]]) -> list[LayerReport]:
    builder = Builder(shape)
    for index, (kind, arguments) in enumerate(layers):
        builder.add(f"layer{index}", kind, **arguments)
    analysis = analyse(builder.build())
    assert analysis.runs, analysis.problems
    return list(analysis.layers)


@pytest.mark.parametrize("kind", ["Flatten", "AdaptiveAvgPool2d"])
def test_what_mixes_all_places_sees_the_whole(kind: str) -> None:
    conv = ("Conv2d", {"out_channels": 1, "kernel_size": 3, "stride": 2})
    field = reports((1, 9, 17), conv, (kind, {"output_size": 1} if kind != "Flatten" else {}))[-1].receptive_field
    assert field is not None
    assert (field.whole, field.height.size, field.width.size) == (True, 9, 17)


@pytest.mark.parametrize(
    ("kind", "arguments"),
    [("Permute", {"dims": [2, 3, 1]}), ("Unsqueeze", {"dim": 1}), ("Concatenate", {"dim": 2})],
)
def test_nothing_is_claimed_where_places_move(kind: str, arguments: dict[str, Any]) -> None:
    assert reports((2, 4, 4), (kind, arguments))[-1].receptive_field is None


def test_maps_whose_steps_differ_have_no_common_field() -> None:
    builder = Builder((1, 8, 8))
    pooled = builder.add("pool", "AvgPool2d", kernel_size=2)
    small = builder.add("cut", "Crop", "input", height=4, width=4)
    builder.add("add", "Add", pooled, small)
    assert analyse(builder.build()).layers[-1].receptive_field is None


def test_a_stretched_map_is_seen_from_everywhere() -> None:
    builder = Builder((2, 8, 8))
    row = builder.add("row", "Conv2d", out_channels=2, kernel_size=8)
    builder.add("gate", "Multiply", "input", row)
    field = analyse(builder.build()).layers[-1].receptive_field
    assert field is not None
    assert (field.whole, field.height.size) == (True, 8)


def positive(graph: Graph) -> nn.Module:
    """The network with weights of one, so that no path cancels another."""
    network = compile_graph(graph).double().eval()
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.fill_(1.0)
    return network


def reached(graph: Graph, row: int, column: int) -> Tensor:
    """Which pixels move one value of the output, as a table of true and false."""
    size = graph.shape[1:]
    picture = torch.ones(1, 1, *size, dtype=torch.float64, requires_grad=True)
    positive(graph)(picture)[0, :, row, column].sum().backward()
    assert picture.grad is not None
    return picture.grad[0, 0] != 0


def extent(seen: Tensor, axis: int) -> tuple[int, int]:
    places = seen.any(1 - axis).nonzero().flatten()
    return int(places[0]), int(places[-1]) + 1


size = st.integers(1, 3)
sides = st.tuples(st.integers(1, 4), st.integers(1, 4))


@st.composite
def convolutional(draw: Any) -> Graph:
    """A network of one channel, of windows of every kind and of branches that meet again; nothing sees a border."""
    builder = Builder((1, 40, 40))
    for index in range(draw(st.integers(1, 4))):
        kind = draw(st.sampled_from(["Conv2d", "branches", "AvgPool2d", "Subsample", "Crop", "Flip"]))
        if kind == "Conv2d":
            builder.add(
                f"conv{index}", kind, out_channels=1, kernel_size=draw(sides), stride=draw(st.tuples(size, size)),
                dilation=draw(size),
            )  # fmt: skip
        elif kind == "branches":
            add_branches(draw, builder, f"branches{index}")
        elif kind == "AvgPool2d":
            builder.add(f"pool{index}", kind, kernel_size=draw(sides), stride=draw(size))
        elif kind == "Subsample":
            builder.add(f"subsample{index}", kind, stride=draw(size))
        elif kind == "Crop":
            builder.add(f"crop{index}", kind, top=draw(size), left=draw(size), height=6, width=5)
        else:
            builder.add(f"flip{index}", kind, dim=draw(st.integers(2, 3)))
    return builder.build()


def add_branches(draw: Any, builder: Builder, name: str) -> None:
    """Convolutions side by side, each cut to the size of the smallest at a place of its own."""
    above, layers = builder.last, analyse(builder.build()).layers
    height, width = (layers[-1].output or (0, 0, 0))[1:] if layers else (40, 40)
    spans = [draw(st.tuples(size, size)) for _ in range(draw(st.integers(2, 3)))]
    reach = max(dilation * (kernel - 1) for kernel, dilation in spans)
    ends = []
    for number, (kernel, dilation) in enumerate(spans):
        builder.add(f"{name}.{number}.conv", "Conv2d", above, out_channels=1, kernel_size=kernel, dilation=dilation)
        places = st.integers(0, reach - dilation * (kernel - 1))
        rows = max(height - reach, 1)
        columns = max(width - reach, 1)
        ends.append(f"{name}.{number}.crop")
        builder.add(ends[-1], "Crop", top=draw(places), left=draw(places), height=rows, width=columns)
    builder.add(f"{name}.join", "Add", *ends)


@settings(max_examples=80, deadline=None)
@given(convolutional(), st.data())
def test_a_field_is_exactly_what_gradients_reach(graph: Graph, data: Any) -> None:
    analysis = analyse(graph)
    assume(analysis.runs)
    report = analysis.layers[-1]
    assert report.receptive_field is not None
    assert report.output is not None
    _, height, width = report.output
    place = (data.draw(st.integers(0, height - 1)), data.draw(st.integers(0, width - 1)))
    axes = (report.receptive_field.height, report.receptive_field.width)
    fields = [
        (axis.low + at * axis.jump, axis.low + at * axis.jump + axis.size) for axis, at in zip(axes, place, strict=True)
    ]
    seen = reached(graph, *place)
    assert [extent(seen, 0), extent(seen, 1)] == fields


@pytest.mark.parametrize("padding", [0, 1, 2, "same"])
@pytest.mark.parametrize(("stride", "dilation"), [(1, 1), (1, 2), (2, 1), (3, 2)])
@pytest.mark.filterwarnings("ignore:Using padding='same'")
def test_a_border_moves_the_field_outwards(padding: Any, stride: int, dilation: int) -> None:
    for kernel in range(1, 6):
        builder = Builder((1, 60, 60))
        builder.add("pad", "ZeroPad2d", padding=(1, 2, 3, 4))
        step = 1 if padding == "same" else stride
        builder.add(
            "conv", "Conv2d", out_channels=1, kernel_size=kernel, padding=padding, dilation=dilation, stride=step
        )
        graph = builder.build()
        field = analyse(graph).layers[-1].receptive_field
        assert field is not None
        seen = reached(graph, 10, 10)
        assert [extent(seen, 0), extent(seen, 1)] == [
            (axis.low + 10 * axis.jump, axis.low + 10 * axis.jump + axis.size) for axis in (field.height, field.width)
        ]


@st.composite
def enlarging(draw: Any) -> Graph:
    builder = Builder((1, 24, 24))
    if draw(st.booleans()):
        builder.add("before", "Conv2d", out_channels=1, kernel_size=draw(size), stride=draw(st.integers(1, 2)))
    kind = draw(st.sampled_from(["ConvTranspose2d", "Upsample", "PixelShuffle", "AdaptiveAvgPool2d"]))
    factor = draw(st.integers(1, 4))
    if kind == "ConvTranspose2d":
        builder.add("large", kind, out_channels=1, kernel_size=factor + draw(st.integers(0, 3)), stride=factor,
                    padding=draw(st.integers(0, 1)))  # fmt: skip
    elif kind == "Upsample":
        builder.add("large", kind, scale_factor=factor, mode=draw(st.sampled_from(["nearest", "bilinear", "bicubic"])))
    elif kind == "PixelShuffle":
        builder.add("wide", "Conv2d", out_channels=factor**2, kernel_size=1)
        builder.add("large", kind, upscale_factor=factor)
    else:
        builder.add("bins", kind, output_size=draw(st.integers(2, 40)))
    if draw(st.booleans()):
        builder.add("after", "Conv2d", out_channels=1, kernel_size=draw(size), stride=draw(st.integers(1, 2)))
    return builder.build()


@settings(max_examples=40, deadline=None)
@given(enlarging())
def test_fields_behind_an_enlargement_hold_all_that_is_reached_and_little_more(graph: Graph) -> None:
    """Neighbours see differently far there: the field holds what each sees and is at most two pixels larger."""
    analysis = analyse(graph)
    assume(analysis.runs)
    report = analysis.layers[-1]
    assert report.receptive_field is not None
    assert report.output is not None
    axis = report.receptive_field.width
    largest = 0
    for column in range(report.output[2]):
        low, high = extent(reached(graph, report.output[1] // 2, column), 1)
        begin = axis.low + column * axis.jump
        assert max(begin, 0) <= low
        assert high <= min(begin + axis.size, 24)
        largest = max(largest, high - low)
    first = analysis.layers[0].receptive_field
    assert first is not None
    assert floor(axis.size) - largest <= 2 * max(first.width.jump, 1)


def test_sparse_connections_see_as_far_as_full_ones() -> None:
    builder = Builder((2, 9, 9))
    builder.add("sparse", "SparseConv2d", kernel_size=3, connections="0; 0 1")
    graph = builder.build()
    assert isinstance(compile_graph(graph).get_submodule("sparse"), SparseConv2d)
    field = analyse(graph).layers[0].receptive_field
    assert field is not None
    assert (field.height.size, field.height.jump, field.height.low) == (3, 1, 0)


def test_features_have_no_field() -> None:
    builder = Builder((5,))
    builder.add("fc", "Linear", out_features=2)
    assert analyse(builder.build()).receptive_field is None
    mixed = Builder((1, 4, 4))
    mixed.inputs.append(Input("numbers", (16,)))
    flat = mixed.add("flat", "Flatten")
    mixed.add("both", "Concatenate", flat, "numbers")
    assert analyse(mixed.build()).layers[-1].receptive_field is None
