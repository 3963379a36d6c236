"""Networks with several inputs are shown one picture through each, and stay the networks they are."""

from __future__ import annotations

import pytest
import torch
from torch.nn import functional as F

from workbench import presets
from workbench.compiler import analyse, compile_graph, fed_by_one_picture
from workbench.graph import Builder, Graph, GraphError, Input, Node


def with_inputs(*shapes: tuple[int, ...]) -> Graph:
    """A branch from each input, 'a', 'b' and so on, put side by side."""
    builder = Builder(shapes[0], "a")
    builder.inputs += [Input("bcdef"[index], shape) for index, shape in enumerate(shapes[1:])]
    ends = []
    for number, entry in enumerate(builder.inputs):
        builder.add(f"branch{number}.conv", "Conv2d", entry.name, out_channels=4, kernel_size=3, padding=1)
        ends.append(builder.add(f"branch{number}.flat", "Flatten"))
    builder.add("join", "Concatenate", *ends)
    builder.add("fc", "Linear", out_features=10)
    return builder.build("several")


def area(picture: torch.Tensor, height: int, width: int) -> torch.Tensor:
    return F.interpolate(picture, size=(height, width), mode="area")


def test_one_input_is_left_as_it_is() -> None:
    graph = presets.build("lenet5")
    assert fed_by_one_picture(graph) is graph


def test_every_input_sees_the_picture_at_its_own_size() -> None:
    graph = with_inputs((1, 8, 8), (1, 4, 4), (1, 12, 5), (3, 8, 8))
    fed = fed_by_one_picture(graph)
    assert fed.inputs == graph.inputs[:1]
    network = compile_graph(graph).double().eval()
    alone = compile_graph(fed).double().eval()
    alone.load_state_dict(network.state_dict())  # the same keys, strictly
    picture = torch.rand(3, 1, 8, 8, dtype=torch.float64)
    views = (picture, area(picture, 4, 4), area(picture, 12, 5), picture.expand(-1, 3, -1, -1))
    assert torch.equal(alone(picture), network(*views))


def test_a_grey_input_sees_the_mean_of_the_colours() -> None:
    graph = with_inputs((3, 8, 8), (1, 4, 6), (3, 2, 2))
    network = compile_graph(graph).double().eval()
    alone = compile_graph(fed_by_one_picture(graph)).double().eval()
    alone.load_state_dict(network.state_dict())
    picture = torch.rand(2, 3, 8, 8, dtype=torch.float64)
    views = (picture, area(picture, 4, 6).mean(1, keepdim=True), area(picture, 2, 2))
    assert (alone(picture) - network(*views)).abs().max() < 1e-12


def test_figures_of_the_networks_own_layers_do_not_change() -> None:
    graph = with_inputs((1, 8, 8), (3, 4, 4))
    own, fed = analyse(graph), analyse(fed_by_one_picture(graph))
    assert (fed.parameters, fed.macs) == (own.parameters, own.macs)
    assert {name: fed.by_name[name].output for name in own.by_name} == {n: r.output for n, r in own.by_name.items()}


def test_a_first_node_without_inputs_still_takes_the_first_input() -> None:
    nodes = (Node("relu", "ReLU"), Node("sum", "Add", inputs=("relu", "b")))
    fed = fed_by_one_picture(Graph((Input("a", (1, 4, 4)), Input("b", (1, 4, 4))), nodes))
    assert fed.sources(fed.node("relu")) == ("a",)


def test_names_that_are_taken_are_not_used_again() -> None:
    inputs = (Input("a", (3, 4, 4)), Input("b", (1, 4, 4)))
    taken = tuple(Node(name, "ReLU", inputs=("a",)) for name in ("b_fit.size", "b_fit2.size"))
    fed = fed_by_one_picture(Graph(inputs, (*taken, Node("sum", "Add", inputs=("b", "b")))))
    assert {node.name for node in taken} < {node.name for node in fed.nodes}


@pytest.mark.parametrize(
    ("shapes", "words"),
    [
        (((1, 8, 8), (5,)), "input 'b' takes 5 values, but a data set gives pictures"),
        (((5,), (1, 8, 8)), "input 'a' takes 5 values, but a data set gives pictures"),
        (((3, 8, 8), (1, 4, 4), (4, 8, 8)), "input 'c' takes 4 channels of a picture that has 3 at the first"),
    ],
)
def test_an_input_that_no_picture_fits_is_named(shapes: tuple[tuple[int, ...], ...], words: str) -> None:
    inputs = tuple(Input("abc"[index], shape) for index, shape in enumerate(shapes))
    with pytest.raises(GraphError, match=words):
        fed_by_one_picture(Graph(inputs, (Node("relu", "ReLU"),)))
