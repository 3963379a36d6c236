"""Two networks compared: what differs, in words, and that the costs of the differences are all of the difference."""

from __future__ import annotations

from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from workbench import presets
from workbench.compiler import Comparison, compare
from workbench.compiler.differences import Cost
from workbench.graph import Graph, GraphError, Node, Output, edits, free_name


def told(found: Comparison) -> list[tuple[str, str, str]]:
    return [(group.what, group.name, group.words) for group in found.groups]


def adds_up(found: Comparison) -> bool:
    total = sum((difference.cost for difference in found.differences), Cost())
    before, after = found.before, found.after
    return total == Cost(
        after.parameters - before.parameters,
        after.macs - before.macs,
        after.activation_bytes - before.activation_bytes,
    )


def test_a_changed_argument_is_told_with_its_cost_and_with_what_it_changes_below() -> None:
    graph = presets.build("lenet5")
    found = compare(graph, edits.set_argument(graph, "conv2", "out_channels", 32))
    first, second = found.groups
    assert (first.what, first.name, first.words) == ("changed", "conv2", "out_channels 16 → 32")
    # 16 more filters of 6×5×5 and a bias, at 10×10 places.
    assert first.cost == Cost(16 * 151, 16 * 150 * 100, 4 * 1600)
    assert second.what == "affected"
    assert [d.name for d in second.differences] == ["relu2", "pool2", "flatten", "fc1"]
    assert second.differences[-1].words == "input shape 400 → 800"
    assert second.differences[-1].cost == Cost(400 * 120, 400 * 120)
    assert [totals.parameters for totals in found.totals] == [61_706, 61_706 + 2_416 + 48_000]
    assert adds_up(found)


def test_the_receptive_field_of_a_difference_is_known_on_both_sides() -> None:
    graph = presets.build("lenet5")
    found = compare(graph, edits.set_argument(graph, "conv1", "kernel_size", 3))
    fields = found.differences[0].fields
    assert [field.height.size for field in fields if field] == [5, 3]
    assert [totals.receptive_field.height.size for totals in found.totals if totals.receptive_field] == [16, 14]


def test_writing_a_default_down_is_no_difference() -> None:
    graph = presets.build("lenet5")
    assert compare(graph, edits.set_argument(graph, "conv2", "stride", 1)).same


def test_every_kind_of_difference_has_its_words() -> None:
    graph = presets.build("lenet5")
    changed = edits.set_shape(graph, (1, 32, 32))
    changed = edits.rename(changed, "fc2", "dense")
    changed = edits.move(changed, "relu1", "pool1")
    changed = edits.remove(changed, "relu4")
    changed = edits.insert(changed, Node("drop", "Dropout"), "relu3")
    found = told(compare(graph, changed))
    assert ("changed", "input", "shape 1×28×28 → 1×32×32") in found
    assert ("added", "drop", "Dropout added") in found
    assert ("removed", "relu4", "ReLU removed") in found
    assert ("renamed", "dense", "was fc2") in found
    assert [words for what, _, words in found if what == "moved"] == ["stands below conv1 instead of relu1"]


def test_another_kind_other_weights_and_other_inputs_are_told() -> None:
    graph = presets.build("cifar-resnet20")
    first = next(node for node in graph.nodes if node.kind == "Add")
    source = graph.sources(first)[0]
    wired = edits.set_inputs(graph, first.name, [source, source])
    assert told(compare(graph, wired))[0][2].startswith(f"takes {source}, {source} instead of")
    activation = next(node for node in graph.nodes if node.kind == "ReLU")
    nodes = tuple(Node(n.name, "GELU", inputs=n.inputs) if n is activation else n for n in graph.nodes)
    other = Graph(graph.inputs, nodes, graph.outputs, graph.blocks, graph.name)
    assert told(compare(graph, other)) == [("changed", activation.name, "ReLU → GELU")]
    shared = [n.name for n in graph.nodes if n.kind == "ReLU"][:2]
    nodes = tuple(Node(n.name, n.kind, inputs=n.inputs, shares=shared[0]) if n.name == shared[1] else n
                  for n in graph.nodes)  # fmt: skip
    other = Graph(graph.inputs, nodes, graph.outputs, graph.blocks, graph.name)
    assert told(compare(graph, other)) == [("changed", shared[1], f"weights of {shared[1]} → {shared[0]}")]


def test_outputs_are_compared_by_what_they_give() -> None:
    graph = presets.build("lenet5")
    one = edits.set_outputs(graph, [Output("out", "fc3")])
    two = edits.set_outputs(graph, [Output("out", "fc2", 0.5), Output("more", "fc3")])
    assert ("changed", "out", "takes fc2 instead of fc3, weight 1 → 0.5") in told(compare(one, two))
    assert ("added", "more", "Output added") in told(compare(one, two))
    renamed = edits.rename(one, "fc3", "last")
    assert told(compare(one, renamed)) == [("renamed", "last", "was fc3")]


@pytest.mark.parametrize(
    ("before", "after"),
    [("vgg11", "vgg11-bn"), ("resnet18", "se-resnet18"), ("googlenet-paper", "googlenet"), ("resnet152", "senet154")],
)
def test_the_differences_of_two_presets_add_up(before: str, after: str) -> None:
    found = compare(presets.build(before), presets.build(after))
    assert adds_up(found)
    assert sorted(d for group in found.groups for d in map(id, group.differences)) == sorted(map(id, found.differences))


def test_a_block_that_was_added_as_a_whole_is_one_line() -> None:
    found = told(compare(presets.build("resnet18"), presets.build("resnet34")))
    assert found[0] == ("added", "layer1.2", "block of 7 layers added")
    assert len(found) == 8


def test_two_names_for_one_preset_differ_only_in_names() -> None:
    found = compare(presets.build("vgg11"), presets.build("vgg11-bn"))
    assert [group.what for group in found.groups] == ["added"] * 8 + ["renamed"]
    assert found.groups[-1].words == "20 layers with another name"


def random_edit(graph: Graph, draw: Any) -> Graph:
    name = draw(st.sampled_from([node.name for node in graph.nodes]))
    other = draw(st.sampled_from([node.name for node in graph.nodes]))
    new = free_name(graph, draw(st.sampled_from(["new", "features.0", "conv1"])))
    choice = draw(st.integers(0, 6))
    if choice == 0:
        return edits.insert(graph, Node(new, "ReLU"), name)
    if choice == 1:
        return edits.remove(graph, name)
    if choice == 2:
        return edits.move(graph, name, other)
    if choice == 3:
        return edits.rename(graph, name, new)
    if choice == 4:
        return edits.insert(graph, Node(free_name(graph, name), graph.node(name).kind), name)
    if choice == 5:
        return edits.set_inputs(graph, name, [other])
    if graph.node(name).kind == "Conv2d":
        return edits.set_argument(graph, name, "out_channels", draw(st.integers(1, 40)))
    return graph


@settings(max_examples=60, deadline=None)
@given(st.data(), st.sampled_from(["lenet5", "plain18", "cifar-resnet20", "vgg11"]))
def test_whatever_was_edited_the_differences_are_the_difference(data: st.DataObject, start: str) -> None:
    graph = before = presets.build(start)
    for _ in range(data.draw(st.integers(1, 8))):
        try:
            graph = random_edit(graph, data.draw)
        except (GraphError, IndexError):
            continue
    found = compare(before, graph)
    assert adds_up(found)
    assert compare(graph, graph).same
    gone = {d.before for d in found.differences if d.what == "removed"}
    come = {d.after for d in found.differences if d.what == "added"}
    pairs = dict(found.matching.pairs)
    assert gone | set(pairs) == {node.name for node in before.nodes} | {"input"}
    assert come | set(pairs.values()) == {node.name for node in graph.nodes} | {"input"}
    assert not gone & set(pairs)
    assert not come & set(pairs.values())
    meant = [[(n.name, n.kind, n.arguments, g.sources(n)) for n in g.nodes] for g in (before, graph)]
    assert found.same == (meant[0] == meant[1] and before.results == graph.results)
