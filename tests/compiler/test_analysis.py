"""What is known of a network without running it."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from workbench import presets
from workbench.compiler import analyse, compile_graph, smallest_input
from workbench.graph import Arguments, Builder, Graph, Input, Node, edits
from workbench.layers import CATALOGUE


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


def one(kind: str, shape: tuple[int, ...], **arguments: Any) -> Any:
    builder = Builder(shape)
    builder.add("layer", kind, **arguments)
    return analyse(builder.build())


@pytest.mark.parametrize(
    ("n", "k", "s", "p", "d", "out"),
    [
        (32, 5, 1, 0, 1, 28), (28, 5, 1, 2, 1, 28), (227, 11, 4, 0, 1, 55), (224, 11, 4, 2, 1, 55),
        (224, 11, 4, 0, 1, 54), (224, 7, 2, 3, 1, 112), (112, 3, 2, 1, 1, 56), (7, 3, 3, 0, 1, 2), (56, 1, 2, 0, 1, 28),
        (32, 3, 1, 2, 2, 32), (32, 3, 2, 4, 4, 16), (5, 5, 1, 0, 1, 1), (13, 3, 2, 0, 1, 6),
    ],
)  # fmt: skip
def test_output_sizes(n: int, k: int, s: int, p: int, d: int, out: int) -> None:
    analysis = one("Conv2d", (1, n, n), out_channels=1, kernel_size=k, stride=s, padding=p, dilation=d)
    assert analysis.layers[0].output == (1, out, out)


@pytest.mark.parametrize(("n", "k", "s", "p", "floor", "ceil"), [
    (112, 3, 2, 0, 55, 56), (14, 2, 2, 0, 7, 7), (55, 3, 2, 0, 27, 27), (7, 2, 2, 0, 3, 4), (5, 2, 3, 1, 2, 2),
])  # fmt: skip
def test_pooling_rounds_down_or_up(n: int, k: int, s: int, p: int, floor: int, ceil: int) -> None:
    for ceil_mode, out in ((False, floor), (True, ceil)):
        analysis = one("MaxPool2d", (1, n, n), kernel_size=k, stride=s, padding=p, ceil_mode=ceil_mode)
        assert analysis.layers[0].output == (1, out, out)


def test_a_filter_has_75_weights_and_a_dense_layer_two_thousand_million() -> None:
    assert one("Conv2d", (3, 32, 32), out_channels=1, kernel_size=5).parameters == 75 + 1
    assert one("Conv2d", (3, 32, 32), out_channels=1, kernel_size=5, bias=False).parameters == 75
    assert one("Linear", (65_536,), out_features=32_000, bias=False).parameters == 2_097_152_000
    convolution = one("Conv2d", (1, 256, 256), out_channels=1, kernel_size=3, padding=1)
    assert convolution.dense_parameters == 65_536 * 65_536 + 65_536


def test_what_could_never_be_allocated_is_told_by_its_size() -> None:
    analysis = one("Linear", (1_000_000,), out_features=1_000_000)
    assert not analysis.runs
    assert "1,000,001,000,000 parameters would need 3.6 TiB" in analysis.problems[0].message


def test_bottlenecks_save_what_the_lecture_says() -> None:
    """Inception 3a's 5×5 branch: 153,600 weights directly, 15,872 with a 1×1 before it: 9.68 times fewer."""
    direct = one("Conv2d", (192, 28, 28), out_channels=32, kernel_size=5, padding=2, bias=False)
    builder = Builder((192, 28, 28))
    builder.add("reduce", "Conv2d", out_channels=16, kernel_size=1, bias=False)
    builder.add("conv", "Conv2d", out_channels=32, kernel_size=5, padding=2, bias=False)
    narrow = analyse(builder.build())
    assert (direct.parameters, narrow.parameters) == (153_600, 15_872)
    assert (direct.macs, narrow.macs) == (120_422_400, 12_443_648)


def test_a_network_that_cannot_take_its_input_says_which_can() -> None:
    analysis = analyse(presets.build("alexnet", input=(1, 28, 28)))
    problem = analysis.problems[0]
    assert problem.node == "features.5"
    assert "does not fit" in problem.message
    assert "63×63" in problem.remedy
    assert smallest_input(presets.build("alexnet")) == 63
    assert analyse(presets.build("alexnet", input=(1, 63, 63))).runs
    assert smallest_input(presets.build("vgg11")) == 32


def test_problems_name_the_edge_with_both_shapes() -> None:
    builder = Builder((3, 8, 8))
    first = builder.add("first", "Conv2d", out_channels=4, kernel_size=3)
    second = builder.add("second", "Conv2d", "input", out_channels=4, kernel_size=5)
    builder.add("add", "Add", first, second)
    builder.add("after", "ReLU")
    analysis = analyse(builder.build())
    assert [problem.node for problem in analysis.problems] == ["add"]
    assert analysis.problems[0].source == "second"
    assert "4×6×6" in analysis.problems[0].message
    assert "4×4×4" in analysis.problems[0].message


def test_loose_ends_are_warnings() -> None:
    builder = Builder((3, 8, 8))
    builder.add("dead", "ReLU")
    builder.add("live", "Tanh", "input")
    analysis = analyse(builder.build())
    assert analysis.runs
    assert [(p.node, p.severity) for p in analysis.problems] == [("dead", "warning"), ("live", "warning")]


def test_shared_weights_count_once() -> None:
    builder = Builder((4, 8, 8))
    first = builder.add("conv", "Conv2d", out_channels=4, kernel_size=3, padding=1)
    builder.add("again", "Conv2d", first, shares="conv")
    analysis = analyse(builder.build())
    assert analysis.parameters == 4 * 4 * 9 + 4
    assert analysis.layers[0].macs == analysis.layers[1].macs > 0


values = st.one_of(st.none(), st.booleans(), st.integers(-3, 9), st.floats(-1, 9), st.sampled_from(["same", "x", ""]))


@st.composite
def unfinished(draw: Any) -> Graph:
    nodes: list[Node] = []
    for index in range(draw(st.integers(0, 6))):
        kind = draw(st.sampled_from([*CATALOGUE, "Nonsense"]))
        fields = [field.name for field in CATALOGUE[kind].fields] if kind in CATALOGUE else []
        names = draw(st.lists(st.sampled_from([*fields, "bogus"]), max_size=4)) if fields else []
        arguments = Arguments({name: draw(values) for name in names})
        above = ["input", *(node.name for node in nodes)]
        inputs = draw(st.lists(st.sampled_from(above), max_size=3))
        nodes.append(Node(f"n{index}", kind, arguments, tuple(inputs)))
    shape = draw(st.sampled_from([(3, 8, 8), (1, 1, 1), (5,), (2, 3), (1, 2, 3, 4)]))
    return Graph((Input("input", shape),), tuple(nodes))


@settings(max_examples=300, deadline=None)
@given(unfinished())
def test_an_unfinished_graph_is_analysed_without_an_exception(graph: Graph) -> None:
    analysis = analyse(graph)
    assert len(analysis.layers) == len(graph.nodes)
    assert isinstance(analysis.parameters, int)
    assert analysis.receptive_field is None or analysis.receptive_field.height.size >= 0
    for problem in analysis.problems:
        assert problem.message
        assert "\n" not in problem.message


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_receptive_fields_are_what_gradients_reach(data: Any) -> None:
    """The field of one value is the extent of the gradient that a positive linear network sends to the input."""
    builder = Builder((1, 40, 40))
    ends = ["input"]
    for index in range(data.draw(st.integers(1, 4))):
        k, s, d = data.draw(st.integers(1, 3)), data.draw(st.integers(1, 2)), data.draw(st.integers(1, 2))
        source = ends[-1]
        reach = d * (k - 1)
        if s == 1 and reach % 2 == 0 and data.draw(st.booleans()):
            left = builder.add(
                f"a{index}", "Conv2d", source, out_channels=1, kernel_size=k, dilation=d, padding=reach // 2
            )
            right = builder.add(f"b{index}", "Conv2d", source, out_channels=1, kernel_size=3, padding=1)
            ends.append(builder.add(f"add{index}", "Add", left, right))
        else:
            ends.append(builder.add(f"c{index}", "Conv2d", source, out_channels=1, kernel_size=k, stride=s, dilation=d))
    graph = builder.build()
    analysis = analyse(graph)
    if not analysis.runs:
        return
    field = analysis.layers[-1].receptive_field
    assert field is not None
    network = compile_graph(graph).double()
    for parameter in network.parameters():
        nn.init.constant_(parameter, 1.0)
    picture = torch.zeros(1, 1, 40, 40, dtype=torch.float64, requires_grad=True)
    output = network(picture)
    middle = output.shape[-1] // 2
    output[0, 0, middle, middle].backward()
    assert picture.grad is not None
    reached = picture.grad[0, 0].abs().sum(0).nonzero().flatten()
    centre = float(field.width.start + middle * field.width.jump)
    low, high = centre - float(field.width.size) / 2, centre + float(field.width.size) / 2
    if low >= 0 and high <= 40:
        assert (int(reached[0]), int(reached[-1]) + 1) == (low, high)


def test_an_edit_changes_what_it_should() -> None:
    graph = presets.build("lenet5")
    assert analyse(edits.set_argument(graph, "conv2", "stride", 2)).by_name["conv2"].output == (16, 5, 5)
