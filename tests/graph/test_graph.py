"""A graph is a graph, or an error that says why not."""

from __future__ import annotations

import subprocess
import sys

import pytest
import torch

from workbench.graph import Arguments, Builder, Graph, GraphError, Input, Node, Output, inference_graph
from workbench.graph.graph import RESERVED_NAMES, Block

SHAPE = (Input("input", (3, 8, 8)),)


@pytest.mark.parametrize(
    ("nodes", "message"),
    [
        ((Node("a", "ReLU"), Node("a", "ReLU")), "names must differ"),
        ((Node("a", "ReLU", inputs=("a",)),), "cycle"),
        ((Node("a", "ReLU", inputs=("b",)), Node("b", "ReLU")), "cycle"),
        ((Node("a", "ReLU", inputs=("gone",)),), "does not exist"),
        ((Node("a", "ReLU"), Node("a.b", "ReLU")), "cannot also hold"),
        ((Node("class", "ReLU"),), "a word of Python"),
        ((Node("train", "ReLU"),), "taken by PyTorch"),
        ((Node("__import__('os')", "ReLU"),), "no word"),
        ((Node("", "ReLU"),), "no word"),
        ((Node("a." * 20 + "b", "ReLU"),), "no node name"),
        ((Node("a", "ReLU", shares="b"),), "not above"),
        ((Node("a", "ReLU"), Node("b", "Tanh", shares="a")), "must be a ReLU"),
    ],
)
def test_what_is_no_graph_is_refused(nodes: tuple[Node, ...], message: str) -> None:
    with pytest.raises(GraphError, match=message):
        Graph(SHAPE, nodes)


def test_outputs_and_blocks_must_name_what_is_there() -> None:
    node = (Node("a", "ReLU"),)
    with pytest.raises(GraphError, match="does not exist"):
        Graph(SHAPE, node, (Output("out", "b"),))
    with pytest.raises(GraphError, match="outside training"):
        Graph(SHAPE, node, (Output("out", "a", training_only=True),))
    with pytest.raises(GraphError, match="holds no node"):
        Graph(SHAPE, node, blocks=(Block("b"),))


def test_reserved_names_are_all_that_modules_own() -> None:
    module = torch.fx.GraphModule(torch.nn.Module(), torch.fx.Graph())
    owned = {name for name in {*dir(torch.nn.Module()), *dir(module)} if not name.startswith("_")}
    assert owned <= RESERVED_NAMES


def test_arguments_are_values() -> None:
    assert Arguments(a=1, b=[2, 3]) == Arguments(b=(2, 3), a=1)
    assert hash(Arguments(a=1, b=[2, 3])) == hash(Arguments(b=(2, 3), a=1))
    assert Arguments(a=1) != Arguments(a=True)
    assert Arguments(a=1).with_(a=2)["a"] == 2
    assert "a" not in Arguments(a=1).without("a")


def test_inference_leaves_out_what_only_training_needs() -> None:
    builder = Builder((3, 8, 8))
    shared = builder.add("shared", "ReLU")
    builder.add("head", "Tanh", shared)
    main = builder.add("main", "Sigmoid", shared)
    builder.output("output", main)
    builder.output("aux", "head", 0.3, training_only=True)
    kept = inference_graph(builder.build())
    assert [node.name for node in kept.nodes] == ["shared", "main"]
    assert kept.sources(kept.node("main")) == ("shared",)


@pytest.mark.parametrize("floor", ["graph", "project", "layers", "presets", "machine"])
def test_values_need_neither_torch_nor_qt(floor: str) -> None:
    heavy = {"torch", "torchvision", "PySide6", "sklearn"}
    code = f"import sys, workbench.{floor}; found = {heavy!r} & set(sys.modules); assert not found, found"
    subprocess.run([sys.executable, "-c", code], check=True)
