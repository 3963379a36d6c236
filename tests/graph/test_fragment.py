"""A block taken out is the same block, wherever it is put again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from workbench.graph import Arguments, Block, Builder, Graph, GraphError, Input, Node, Output, edits, fragment


def stack() -> Graph:
    b = Builder((4, 8, 8))
    b.add("first", "Conv2d", out_channels=4, kernel_size=1)
    with b.block("block", "Made", width=4):
        conv = b.add("conv", "Conv2d", out_channels=4, kernel_size=3, padding=1)
        with b.block("gate", "Gate"):
            b.add("0", "Sigmoid")
        b.add("add", "Add", conv, "block.gate.0", "first")
    b.add("pool", "MaxPool2d", kernel_size=2)
    b.add("sum", "Add", "pool", "pool")
    return b.build()


def test_a_block_taken_out_and_put_in_its_own_place_is_the_same_graph() -> None:
    graph = stack()
    part = fragment(graph, ["block"], (4, 8, 8))
    assert part.inputs == (Input("input", (4, 8, 8)),)
    assert [node.name for node in part.nodes] == ["conv", "gate.0", "add"]
    assert part.nodes[-1].inputs == ("conv", "gate.0", "input")
    assert part.blocks == (Block("gate", "Gate"),)
    assert edits.remake_block(graph, "block", part, graph.block_of("block")) == replace(
        graph, blocks=tuple(sorted(graph.blocks, key=lambda b: b.name))
    )


def test_a_block_inside_a_block_can_be_taken_out() -> None:
    part = fragment(stack(), ["block.gate"])
    assert [node.name for node in part.nodes] == ["0"]
    assert part.blocks == ()


def test_an_inner_node_called_input_keeps_its_name() -> None:
    nodes = (Node("a.input", "ReLU"), Node("a.end", "Add", inputs=("a.input", "input")))
    part = fragment(Graph((Input("input", (1, 2, 2)),), nodes), ["a"])
    assert part.inputs[0].name == "input_"
    assert part.nodes[1].inputs == ("input", "input_")


def test_the_output_is_named_where_it_is_not_the_last_layer() -> None:
    nodes = (Node("a.main", "ReLU"), Node("a.loose", "ReLU"), Node("end", "ReLU", inputs=("a.main",)))
    part = fragment(Graph((Input("input", (1, 2, 2)),), nodes), ["a"])
    assert part.outputs == (Output("output", "main"),)
    again = edits.insert_block(Graph(part.inputs, (Node("first", "ReLU"),)), part, "b", "first")
    assert [node.name for node in again.nodes] == ["first", "b.main", "b.loose"]
    assert again.results[0].node == "b.main"
    under = edits.insert_block(Graph(part.inputs, (Node("first", "ReLU"), Node("end", "ReLU"))), part, "b", "first")
    assert (under.outputs, under.sources(under.node("end"))) == ((), ("b.main",))


def test_a_block_made_anew_stays_the_end_of_the_network() -> None:
    nodes = (Node("a.one", "ReLU"), Node("aside", "ReLU", inputs=("input",)), Node("a.two", "ReLU", inputs=("a.one",)))
    graph = Graph((Input("input", (1, 2, 2)),), nodes)
    made = Graph(graph.inputs, (Node("new", "Tanh"),))
    again = edits.remake_block(graph, "a", made)
    assert ([node.name for node in again.nodes], again.results[0].node) == (["a.new", "aside"], "a.new")


def test_weights_shared_inside_stay_shared() -> None:
    nodes = (Node("a.one", "Conv2d", Arguments(out_channels=1, kernel_size=1)), Node("a.two", "Conv2d", shares="a.one"))
    part = fragment(Graph((Input("input", (1, 2, 2)),), nodes), ["a"])
    assert part.nodes[1].shares == "one"


def test_weights_of_a_node_outside_become_the_parts_own() -> None:
    conv = Arguments(out_channels=1, kernel_size=1)
    nodes = (Node("conv", "Conv2d", conv), Node("a.x", "Conv2d", shares="conv"), Node("a.y", "Conv2d", shares="conv"))
    part = fragment(Graph((Input("input", (1, 2, 2)),), nodes), ["a"])
    assert part.nodes == (Node("x", "Conv2d", conv), Node("y", "Conv2d", shares="x"))


def test_some_layers_are_a_part_too() -> None:
    part = fragment(stack(), ["block.conv", "block.gate"])
    assert [node.name for node in part.nodes] == ["conv", "gate.0"]
    assert part.blocks == (Block("gate", "Gate"),)
    assert fragment(stack(), ["first", "block"]).blocks == (*stack().blocks,)
    assert fragment(stack(), ["block.gate.0"]).blocks == (), "a block is more than some of its layers"


def test_what_only_the_inside_takes_is_no_result() -> None:
    nodes = (Node("a.x", "ReLU"), Node("a.y", "ReLU"), Node("sum", "Add", inputs=("a.x", "a.y")))
    assert fragment(Graph((Input("input", (1, 2, 2)),), nodes), ["a"]).results[0].node == "y"


@pytest.mark.parametrize(
    ("nodes", "words"),
    [
        ((Node("other", "ReLU"),), "there is no node or block 'a'"),
        ((Node("x", "ReLU"), Node("a.sum", "Add", inputs=("x", "input"))), "take 2 values, 'x', 'input'; choose"),
        (
            (Node("a.x", "ReLU"), Node("a.y", "ReLU", inputs=("input",)), Node("sum", "Add", inputs=("a.x", "a.y"))),
            "give 2 values, 'a.x', 'a.y'; choose",
        ),
    ],
)
def test_what_takes_or_gives_several_values_is_refused(nodes: tuple[Node, ...], words: str) -> None:
    with pytest.raises(GraphError, match=words):
        fragment(Graph((Input("input", (1, 2, 2)),), nodes), ["a"])


def test_nothing_is_no_part() -> None:
    with pytest.raises(GraphError, match="choose layers first"):
        fragment(stack(), [])
