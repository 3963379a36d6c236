"""Which filter made a map: by setting that filter to zero and seeing which maps change."""

from __future__ import annotations

import pytest
import torch

from workbench.compiler import compile_graph
from workbench.graph import Builder, Graph, GraphError
from workbench.inspection import in_words, origin
from workbench.presets import build


def maps_that_change(graph: Graph, layer: str, number: int, watched: str, shape: tuple[int, int, int]) -> set[int]:
    """The maps of a layer that change when one filter of another becomes zero."""
    torch.manual_seed(0)
    network = compile_graph(graph).eval()
    seen: list[torch.Tensor] = []
    network.get_submodule(watched).register_forward_hook(lambda module, inputs, output: seen.append(output[0].clone()))
    picture = torch.rand(1, *shape)
    with torch.no_grad():
        network(picture)
        module = network.get_submodule(layer)
        module.weight[number] = 0
        if module.bias is not None:
            module.bias[number] = -5.0
        network(picture)
    changed = (seen[0] != seen[1]).flatten(1).any(1)
    return set(changed.nonzero().flatten().tolist())


@pytest.mark.parametrize("number", [0, 5])
def test_a_map_comes_from_the_filter_whose_change_changes_it_alone(number: int) -> None:
    graph = build("lenet5")
    for watched in ("relu1", "pool1"):
        found = origin(graph, watched, number)
        assert (found.layer, found.filter) == ("conv1", number)
        assert maps_that_change(graph, found.layer, found.filter, watched, graph.shape) == {number}


def test_a_branch_of_a_concatenation_is_followed() -> None:
    builder = Builder((3, 8, 8))
    first = builder.add("first", "Conv2d", out_channels=3, kernel_size=1)
    second = builder.add("second", "Conv2d", "input", out_channels=4, kernel_size=1)
    builder.add("both", "Concatenate", first, second)
    graph = builder.build()
    found = origin(graph, "both", 5)
    assert (found.layer, found.filter) == ("second", 2)
    assert maps_that_change(graph, "second", 2, "both", (3, 8, 8)) == {5}


def test_a_dense_unit_looks_at_the_maps_before_they_were_flattened() -> None:
    found = origin(build("lenet5"), "fc1", 3)
    assert (found.layer, found.filter, found.looks_at) == ("fc1", 3, (16, 5, 5))
    assert "over maps of" in in_words(found)


def test_where_maps_are_mixed_no_filter_made_them_and_it_says_why() -> None:
    graph = build("resnet18")
    join = next(node.name for node in graph.nodes if node.kind == "Add")
    found = origin(graph, join, 0)
    assert found.layer == ""
    assert "no single filter" in in_words(found)
    assert "picture itself" in in_words(origin(graph, graph.inputs[0].name, 2))


def test_a_layer_that_is_not_there_is_an_error_with_its_name() -> None:
    with pytest.raises(GraphError, match="nowhere"):
        origin(build("lenet5"), "nowhere", 0)
