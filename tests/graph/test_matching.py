"""Two graphs matched: every name is accounted for, and what a person would call the same layer is paired."""

from __future__ import annotations

from workbench import presets
from workbench.graph import Builder, Graph, Input, Node, edits, match


def stack(*kinds: str) -> Graph:
    builder = Builder((3, 16, 16))
    for index, kind in enumerate(kinds):
        builder.add(f"layers.{index}", kind)
    return builder.build()


def test_a_graph_matches_itself_and_nothing_else_is_said() -> None:
    for name in presets.PRESETS:
        graph = presets.build(name)
        found = match(graph, graph)
        assert all(before == after for before, after in found.pairs)
        assert len(found.pairs) == len(graph.inputs) + len(graph.nodes)
        assert not (found.moved)
        assert not (found.rewired)
        assert not (found.removed)
        assert not (found.added)


def test_numbers_that_shift_do_not_deceive() -> None:
    found = match(presets.build("vgg11"), presets.build("vgg11-bn"))
    after = presets.build("vgg11-bn")
    assert found.removed == ()
    assert {after.node(name).kind for name in found.added} == {"BatchNorm2d"}
    assert found.after["features.8"] == "features.11"
    assert not found.rewired, "what is taken through an added layer is taken as before"


def test_names_pair_the_blocks_of_one_family() -> None:
    found = match(presets.build("resnet18"), presets.build("se-resnet18"))
    assert found.removed == ()
    assert found.after["layer2.0.conv1"] == "layer2.0.conv1"
    assert found.after["maxpool"] == "pool0"
    assert {name.split(".")[2] for name in found.added} == {"relu2", "se_module"}
    assert not found.rewired
    assert not found.moved


def test_a_layer_of_another_kind_in_the_same_place_is_that_layer_made_into_another() -> None:
    found = match(stack("Flatten", "ReLU", "Flatten"), stack("Flatten", "Tanh", "Flatten"))
    assert found.after["layers.1"] == "layers.1"
    assert match(stack("ReLU", "ReLU"), stack("ReLU", "Tanh", "Sigmoid")).after == {
        "input": "input", "layers.0": "layers.0",
    }  # fmt: skip


def test_a_layer_that_was_moved_is_no_other_layer() -> None:
    graph = presets.build("lenet5")
    found = match(graph, edits.move(graph, "relu1", below="pool1"))
    assert not found.removed
    assert not found.added
    assert len(found.moved) == 1
    assert found.moved <= {("relu1", "relu1"), ("pool1", "pool1")}
    assert not found.rewired, "the others take what they took, past the one that moved"


def test_only_what_takes_something_else_is_rewired() -> None:
    builder = Builder((3, 16, 16))
    first, second = builder.add("first", "ReLU"), builder.add("second", "Tanh")
    builder.add("third", "Sigmoid", second)
    builder.add("sum", "Add", "third", first)
    graph = builder.build()
    assert match(graph, edits.set_inputs(graph, "sum", ["third", "second"])).rewired == {("sum", "sum")}
    assert not match(graph, edits.insert(graph, Node("new", "ReLU"), below="first")).rewired
    assert not match(graph, edits.remove(graph, "second")).rewired
    assert not match(graph, edits.rename(graph, "first", "other")).rewired


def test_inputs_are_matched_by_name_and_then_by_order() -> None:
    graph = stack("ReLU")
    assert match(graph, edits.set_shape(graph, (1, 8, 8))).after["input"] == "input"
    other = Graph((Input("picture", (1, 8, 8)),), graph.nodes)
    assert match(graph, other).after == {"input": "picture", "layers.0": "layers.0"}


def test_graphs_too_large_to_weigh_are_matched_by_their_names(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    from workbench.graph import matching

    monkeypatch.setattr(matching, "_MOST_CELLS", 0)
    graph = presets.build("resnet18")
    found = match(graph, presets.build("se-resnet18"))
    assert found.removed == ("conv1", "bn1", "relu", "maxpool", "avgpool", "fc")
    assert all(before == after for before, after in found.pairs)
    moved = match(graph, edits.move(graph, "relu", below="maxpool"))
    assert len(moved.moved) == 1
    assert not moved.removed
