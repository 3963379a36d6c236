"""What is known of a network without running it."""

from __future__ import annotations

import contextlib
from math import prod
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.utils.flop_counter import FlopCounterMode

from workbench import presets
from workbench.compiler import analyse, compile_graph
from workbench.compiler import analysis as remembering
from workbench.graph import Arguments, Builder, Graph, GraphError, Input, Node, Output, edits
from workbench.layers import CATALOGUE, layer


def one(kind: str, shape: tuple[int, ...], **arguments: Any) -> Any:
    builder = Builder(shape)
    builder.add("layer", kind, **arguments)
    return analyse(builder.build())


@pytest.mark.parametrize(
    ("n", "k", "s", "p", "d", "out"),
    [
        (32, 5, 1, 0, 1, 28), (28, 5, 1, 2, 1, 28), (227, 11, 4, 0, 1, 55), (224, 11, 4, 2, 1, 55),
        (224, 11, 4, 0, 1, 54), (224, 7, 2, 3, 1, 112), (224, 3, 1, 1, 1, 224), (112, 3, 2, 1, 1, 56),
        (7, 3, 1, 0, 1, 5), (7, 3, 2, 0, 1, 3), (7, 3, 3, 0, 1, 2), (56, 1, 2, 0, 1, 28),
        (32, 3, 1, 2, 2, 32), (32, 3, 2, 4, 4, 16), (5, 5, 1, 0, 1, 1), (13, 3, 2, 0, 1, 6),
    ],
)  # fmt: skip
def test_output_sizes(n: int, k: int, s: int, p: int, d: int, out: int) -> None:
    analysis = one("Conv2d", (1, n, n), out_channels=1, kernel_size=k, stride=s, padding=p, dilation=d)
    assert analysis.layers[0].output == (1, out, out)


@pytest.mark.parametrize(("n", "k", "s", "p", "floor", "ceil"), [
    (112, 3, 2, 0, 55, 56), (56, 3, 2, 0, 27, 28), (28, 3, 2, 0, 13, 14), (14, 3, 2, 0, 6, 7), (14, 2, 2, 0, 7, 7),
    (55, 3, 2, 0, 27, 27), (109, 3, 2, 0, 54, 54), (32, 3, 2, 0, 15, 16), (16, 3, 2, 0, 7, 8), (7, 2, 2, 0, 3, 4),
    (5, 2, 3, 1, 2, 2), (4, 2, 3, 1, 2, 2), (6, 2, 3, 1, 3, 3),
])  # fmt: skip
def test_pooling_rounds_down_or_up(n: int, k: int, s: int, p: int, floor: int, ceil: int) -> None:
    for ceil_mode, out in ((False, floor), (True, ceil)):
        analysis = one("MaxPool2d", (1, n, n), kernel_size=k, stride=s, padding=p, ceil_mode=ceil_mode)
        assert analysis.layers[0].output == (1, out, out)


def test_a_dense_layer_in_place_of_a_convolution_needs_a_weight_for_every_pair_of_pixels() -> None:
    convolution = one("Conv2d", (1, 256, 256), out_channels=1, kernel_size=3, padding=1)
    assert convolution.dense_parameters == 65_536 * 65_536 + 65_536


def test_shared_weights_count_once() -> None:
    builder = Builder((4, 8, 8))
    first = builder.add("conv", "Conv2d", out_channels=4, kernel_size=3, padding=1)
    builder.add("again", "Conv2d", first, shares="conv")
    analysis = analyse(builder.build())
    assert analysis.parameters == 4 * 4 * 9 + 4
    assert analysis.layers[0].macs == analysis.layers[1].macs > 0


def test_what_only_training_sees_is_left_out_of_inference() -> None:
    builder = Builder((1, 8, 8))
    trunk = builder.add("conv", "Conv2d", out_channels=2, kernel_size=3)
    builder.add("flat", "Flatten", trunk)
    main = builder.add("fc", "Linear", out_features=5)
    builder.add("aux.flat", "Flatten", trunk)
    builder.add("aux.fc", "Linear", out_features=5)
    builder.output("output", main)
    builder.output("aux", "aux.fc", 0.3, training_only=True)
    training = analyse(builder.build())
    inference = training.inference()
    assert [report.name for report in inference.layers] == ["conv", "flat", "fc"]
    head = training.by_name["aux.fc"]
    assert training.parameters - inference.parameters == head.parameters == 72 * 5 + 5
    assert training.macs - inference.macs == head.macs == 72 * 5
    assert training.activation_bytes - inference.activation_bytes == 4 * (72 + 5)
    assert inference.inference() is inference


def test_activation_memory_is_every_output_in_32_bits() -> None:
    builder = Builder((3, 8, 8))
    builder.add("conv", "Conv2d", out_channels=4, kernel_size=3)
    builder.add("relu", "ReLU")
    analysis = analyse(builder.build())
    assert [report.activation_bytes for report in analysis.layers] == [4 * 4 * 36, 4 * 4 * 36]
    assert analysis.activation_bytes == 2 * 4 * 4 * 36


def test_a_network_of_dense_layers_would_need_more() -> None:
    analysis = analyse(presets.build("lenet5"))
    weighted = [report for report in analysis.layers if report.macs]
    expected = sum(prod(report.inputs[0]) * prod(report.output) + prod(report.output) for report in weighted)
    assert analysis.dense_parameters == expected > 90 * analysis.parameters


@pytest.mark.parametrize(
    "name", ["lenet5-paper", "alexnet-paper", "nin-cifar10", "vgg11-bn", "googlenet", "resnet50", "se-resnext50"]
)
def test_macs_are_half_of_what_torchs_counter_counts(name: str) -> None:
    graph = presets.build(name)
    with torch.device("meta"):
        network = compile_graph(graph)
        counter = FlopCounterMode(display=False)
        with counter:
            network(torch.empty(1, *graph.shape))
    assert 2 * analyse(graph).macs == counter.get_total_flops()


values = st.one_of(st.none(), st.booleans(), st.integers(-3, 9), st.floats(-1, 9), st.sampled_from(["same", "x", ""]))


@st.composite
def unfinished(draw: Any) -> Graph:
    """Any graph at all: unknown kinds, arguments that make no sense, branches, several ends, shared weights."""
    nodes: list[Node] = []
    inputs = [Input("input", draw(st.sampled_from([(3, 8, 8), (1, 1, 1), (5,), (2, 3), (1, 2, 3, 4)])))]
    if draw(st.booleans()):
        inputs.append(Input("other", draw(st.sampled_from([(3, 8, 8), (1, 8, 1), (5,)]))))
    for index in range(draw(st.integers(0, 6))):
        above = [*(entry.name for entry in inputs), *(node.name for node in nodes)]
        sources = tuple(draw(st.lists(st.sampled_from(above), max_size=3)))
        owners = [node for node in nodes if node.shares is None]
        if owners and draw(st.integers(0, 5)) == 0:
            owner = draw(st.sampled_from(owners))
            nodes.append(Node(f"n{index}", owner.kind, Arguments(), sources, owner.name))
            continue
        kind = draw(st.sampled_from([*CATALOGUE, "Nonsense"]))
        fields = [field.name for field in CATALOGUE[kind].fields] if kind in CATALOGUE else []
        names = draw(st.lists(st.sampled_from([*fields, "bogus"]), max_size=4)) if fields else []
        given = {name: draw(st.one_of(values, st.lists(values, max_size=4))) for name in names}
        nodes.append(Node(f"n{index}", kind, Arguments(given), sources))
    ends = draw(st.lists(st.sampled_from([node.name for node in nodes]), max_size=2)) if nodes else []
    outputs = tuple(Output(f"o{index}", name, 1.0, index > 0) for index, name in enumerate(ends))
    return Graph(tuple(inputs), tuple(nodes), outputs)


@settings(max_examples=300, deadline=None)
@given(unfinished())
def test_an_unfinished_graph_is_analysed_without_an_exception(graph: Graph) -> None:
    analysis = analyse(graph)
    assert len(analysis.layers) == len(graph.nodes)
    assert isinstance(analysis.parameters, int)
    assert analysis.dense_parameters >= 0
    assert analysis.receptive_field is None or analysis.receptive_field.height.size >= 1
    assert len(analysis.inference().layers) <= len(graph.nodes)
    for problem in analysis.problems:
        assert problem.message
        assert "\n" not in problem.message
        assert problem.node is None or problem.node in graph


@settings(max_examples=60, deadline=None)
@given(unfinished(), unfinished(), st.data())
def test_what_is_remembered_changes_no_figure(graph: Graph, other: Graph, data: Any) -> None:
    """A graph analysed after any other, of which it may hold some nodes, is what it is on its own."""
    if graph.nodes and other.nodes:
        node = data.draw(st.sampled_from(graph.nodes))
        mixed = [node if node.name == entry.name and not node.inputs else entry for entry in other.nodes]
        with contextlib.suppress(GraphError):
            other = Graph(other.inputs, tuple(mixed), other.outputs)
    analyse(other)
    after = analyse(graph)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(remembering, "_remembered", (None, {}))
        alone = analyse(graph)
    assert (after.layers, after.problems) == (alone.layers, alone.problems)


@pytest.mark.parametrize("kind", [kind for kind, entry in CATALOGUE.items() if entry.category == "Normalization"])
def test_an_elementwise_layer_gives_the_shape_it_takes_whatever_came_before(kind: str) -> None:
    arguments = {"GroupNorm": {"num_groups": 2}, "LocalResponseNorm": {"size": 3}}.get(kind, {})
    shapes = [(4, 6), (8, 2), (6, 6)] if kind == "BatchNorm1d" else [(4, 6, 6), (8, 2, 3), (6, 6, 6)]
    for shape in shapes:
        report = one(kind, shape, **arguments).layers[0]
        module = layer(kind).module(Arguments(arguments), (shape,)).eval()
        assert report.output == tuple(module(torch.zeros(2, *shape)).shape[1:])
        assert report.parameters == sum(parameter.numel() for parameter in module.parameters())


def test_an_edit_changes_what_it_should() -> None:
    graph = presets.build("lenet5")
    assert analyse(edits.set_argument(graph, "conv2", "stride", 2)).by_name["conv2"].output == (16, 5, 5)
