"""What is wrong with a network is said where it is wrong, with what mends it."""

from __future__ import annotations

import pytest

from workbench import presets
from workbench.compiler import Problem, analyse, compile_graph, smallest_input
from workbench.graph import Arguments, Builder, Graph, GraphError, Input, Node


def only_problem(builder: Builder) -> Problem:
    problems = [problem for problem in analyse(builder.build()).problems if problem.severity == "error"]
    assert len(problems) == 1, problems
    return problems[0]


@pytest.mark.parametrize(
    ("name", "node", "size"),
    [("alexnet", "features.5", 63), ("vgg11", "features.20", 32), ("vgg16", "features.30", 32),
     ("googlenet-paper", "pool4", 79), ("lenet5-paper", "c5", 32)],
)  # fmt: skip
def test_a_network_that_cannot_take_its_input_says_which_can(name: str, node: str, size: int) -> None:
    channels = presets.build(name).shape[0]
    problem = analyse(presets.build(name, input=(channels, 28, 28))).problems[0]
    assert (problem.node, problem.severity) == (node, "error")
    assert "does not fit" in problem.message
    assert problem.remedy == f"the smallest input that this network takes is {size}×{size}"
    assert smallest_input(presets.build(name)) == size
    assert analyse(presets.build(name, input=(channels, size, size))).runs
    assert not analyse(presets.build(name, input=(channels, size - 1, size - 1))).runs


def test_the_smallest_input_also_lets_branches_meet() -> None:
    """Halved and doubled again, a map meets the one it came from only where its size is even."""
    builder = Builder((1, 2, 2))
    builder.add("conv", "Conv2d", out_channels=1, kernel_size=3)
    builder.add("down", "MaxPool2d", kernel_size=2)
    builder.add("up", "Upsample", scale_factor=2)
    builder.add("join", "Add", "conv", "up")
    assert smallest_input(builder.build()) == 4
    builder.add("flat", "Flatten")
    builder.add("seven", "Unflatten", shape=[7])
    assert smallest_input(builder.build()) == 4


def test_a_size_is_promised_only_where_one_helps() -> None:
    builder = Builder((3, 8, 8))
    builder.add("conv", "Conv2d", out_channels=4, kernel_size=3, groups=2)
    assert only_problem(builder).remedy == ""
    assert smallest_input(builder.build(), "conv") is None
    features = Builder((8,))
    features.add("fc", "Linear", out_features=2)
    assert smallest_input(features.build()) is None


def test_an_edge_comes_with_both_shapes() -> None:
    builder = Builder((3, 8, 8))
    first = builder.add("first", "Conv2d", out_channels=4, kernel_size=3)
    same = builder.add("same", "Identity", first)
    odd = builder.add("odd", "Conv2d", "input", out_channels=4, kernel_size=5)
    builder.add("add", "Add", first, same, odd)
    builder.add("below", "ReLU")
    problem = only_problem(builder)
    assert (problem.node, problem.source, problem.given, problem.beside) == ("add", "odd", (4, 4, 4), (4, 6, 6))
    assert "4×6×6 and 4×4×4" in problem.message


def test_maps_side_by_side_may_differ_in_channels_only() -> None:
    builder = Builder((3, 8, 8))
    wide = builder.add("wide", "Conv2d", out_channels=9, kernel_size=1)
    odd = builder.add("odd", "Conv2d", "input", out_channels=3, kernel_size=3)
    builder.add("join", "Concatenate", "input", wide, odd)
    assert only_problem(builder).source == "odd"


def test_a_dense_layer_on_maps_asks_for_flatten() -> None:
    builder = Builder((3, 8, 8))
    builder.add("fc", "Linear", out_features=10)
    problem = only_problem(builder)
    assert (problem.source, problem.given, problem.remedy) == ("input", (3, 8, 8), "insert Flatten")


@pytest.mark.parametrize(
    ("kind", "arguments", "words"),
    [
        ("Conv2D", {}, "did you mean 'Conv2d'"),
        ("Conv2d", {"out_channels": 4}, "kernel_size"),
        ("Conv2d", {"out_channels": 0, "kernel_size": 3}, "out_channels: expected a whole number"),
        ("Conv2d", {"out_channels": 4, "kernel_size": 3, "strides": 2}, "strides: Conv2d has no such argument"),
        ("Conv2d", {"out_channels": {"a": 1}, "kernel_size": 3}, "numbers, words and lists"),
        ("BatchNorm1d", {}, "BatchNorm1d"),
        ("Add", {}, "Add takes at least 2 inputs, not 1"),
        ("Upsample", {"scale_factor": 256}, ""),
    ],
)
def test_a_bad_node_says_what_it_expects(kind: str, arguments: dict[str, object], words: str) -> None:
    graph = Graph((Input("input", (3, 8, 8)),), (Node("bad", kind, Arguments(arguments)), Node("below", "ReLU")))
    errors = [problem for problem in analyse(graph).problems if problem.severity == "error"]
    if words:
        assert [problem.node for problem in errors] == ["bad"]
        assert words in errors[0].message
    else:
        assert errors == []


def test_what_could_never_be_allocated_is_told_by_its_size() -> None:
    builder = Builder((1_000_000,))
    builder.add("dense", "Linear", out_features=1_000_000)
    assert "1,000,001,000,000 parameters would need 3.6 TiB" in only_problem(builder).message
    builder = Builder((64, 256, 256))
    builder.add("large", "Upsample", scale_factor=256)
    assert "1.0 TiB" in only_problem(builder).message


def test_loose_ends_are_warnings() -> None:
    builder = Builder((3, 8, 8))
    builder.inputs.append(Input("spare", (1,)))
    builder.add("dead", "ReLU")
    builder.add("live", "Tanh", "input")
    analysis = analyse(builder.build())
    assert analysis.runs
    assert [(problem.node, problem.severity) for problem in analysis.problems] == [
        ("dead", "warning"), (None, "warning"), ("live", "warning"),
    ]  # fmt: skip
    assert "'spare'" in analysis.problems[1].message
    assert "3×8×8" in analysis.problems[2].message


def test_several_tensors_are_no_output() -> None:
    builder = Builder((4, 2, 2))
    builder.add("split", "Split", sizes=[1, 3])
    problem = only_problem(builder)
    assert (problem.node, problem.remedy) == ("split", "put a Select below it")


def test_an_empty_network_has_one_problem() -> None:
    analysis = analyse(Builder((1, 4, 4)).build())
    assert not analysis.runs
    assert [problem.message for problem in analysis.problems] == ["the network has no layers"]


def test_shared_weights_must_fit_what_comes() -> None:
    builder = Builder((3, 8, 8))
    builder.add("conv", "Conv2d", out_channels=4, kernel_size=3)
    builder.add("again", "Conv2d", shares="conv")
    problem = only_problem(builder)
    assert problem.node == "again"
    assert "made for in_channels = 3, but 4 come" in problem.message
    with pytest.raises(GraphError, match="again: it shares the weights of 'conv'"):
        compile_graph(builder.build())


def test_below_a_broken_node_there_is_silence() -> None:
    builder = Builder((3, 8, 8))
    builder.add("bad", "Conv2d", out_channels=4, kernel_size=9)
    for index in range(3):
        builder.add(f"conv{index}", "Conv2d", out_channels=4, kernel_size=3)
    assert only_problem(builder).node == "bad"
    assert [report.output for report in analyse(builder.build()).layers] == [None] * 4
