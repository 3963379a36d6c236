"""What a person does to the network."""

from __future__ import annotations

import pytest

from workbench import presets
from workbench.compiler import analyse
from workbench.graph import GraphError, fragment
from workbench.gui.document import Document
from workbench.gui.editor import commands
from workbench.layers import CATALOGUE, TEMPLATES
from workbench.project import Project, dumps, dumps_template, loads, loads_template


@pytest.mark.parametrize("kind", CATALOGUE)
def test_every_layer_can_be_inserted_and_undone(document: Document, kind: str) -> None:
    before = document.graph
    commands.insert(document, f"layer:{kind}", "relu1")
    (name,) = document.selection
    assert document.graph.node(name).kind == kind
    assert loads(dumps(document.project)) == document.project
    document.undo()
    assert document.graph is before


def test_what_takes_maps_goes_before_the_classifier_where_nothing_is_selected(document: Document) -> None:
    graph = document.graph
    maps = next(node.name for node in graph.nodes if node.kind == "Flatten")
    (last,) = graph.sources(graph.node(maps))
    assert commands.place_for(document, "layer:Conv2d") == last
    assert commands.place_for(document, "template:BasicBlock") == last
    assert commands.place_for(document, "layer:Linear") == graph.nodes[-1].name
    commands.insert(document, "layer:Conv2d", commands.place_for(document, "layer:Conv2d"))
    assert document.graph.sources(document.graph.node(maps)) == document.selection
    assert document.analysis is not None
    assert document.analysis.runs
    document.open(Project(presets.build("googlenet")))
    assert commands.place_for(document, "layer:Linear") == "fc", "not below an auxiliary head"


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_template_can_be_inserted(document: Document, name: str) -> None:
    commands.insert(document, f"template:{name}", "relu1")
    (block,) = document.selection
    recorded = document.graph.block_of(block)
    assert recorded is not None
    assert recorded.template == name


def test_a_residual_block_fits_where_it_is_put(document: Document) -> None:
    commands.insert(document, "template:BasicBlock", "relu1")
    analysis = document.analysis
    assert analysis is not None
    assert analysis.runs


def test_cut_layers_can_be_pasted_into_another_project(document: Document) -> None:
    text = dumps_template(fragment(document.graph, ["conv1", "relu1", "pool1"]))
    other = Document(Project(presets.build("lenet5")))
    commands.paste(other, loads_template(text), "pool1")
    kinds = [node.kind for node in other.graph.nodes]
    assert kinds[:6] == ["Conv2d", "ReLU", "MaxPool2d", "Conv2d", "ReLU", "MaxPool2d"]


@pytest.mark.parametrize(
    ("names", "copies"),
    [
        (["layer1.0"], ("layer1.2",)),
        (["layer1.0", "layer1.1"], ("layer1.2", "layer1.3")),
        (["layer1"], ("layer5",)),
        (["layer1.0.conv1"], ("layer1.0.conv3",)),
        (["relu"], ("relu2",)),
    ],
)
def test_a_copy_is_a_block_again_beside_what_it_is_of_and_numbered_on(
    names: list[str], copies: tuple[str, ...]
) -> None:
    before = presets.build("resnet18")
    document = Document(Project(before))
    commands.duplicate(document, names)
    assert analyse(document.graph).runs
    assert document.selection == copies
    for name, copy in zip(names, copies, strict=True):
        members = [node.kind for node in before.members(name)] or [before.node(name).kind]
        made = [node.kind for node in document.graph.members(copy)] or [document.graph.node(copy).kind]
        assert made == members
        assert {b.name for b in document.graph.blocks if b.name.startswith(copy)} == {
            copy + b.name[len(name) :] for b in before.blocks if b.name.startswith(name)
        }


def test_a_block_from_another_project_stays_one() -> None:
    part = loads_template(dumps_template(fragment(presets.build("resnet18"), ["layer1.0"], whole=True)))
    document = Document(Project(presets.build("lenet5")))
    commands.paste(document, part, "relu1")
    assert (document.selection, document.undo_title) == (("layer0",), "Paste layer0")
    assert len(document.graph.members("layer0")) == len(part.nodes)


def test_what_takes_two_values_is_no_fragment() -> None:
    graph = presets.build("resnet18")
    with pytest.raises(GraphError, match="take 2 values"):
        fragment(graph, ["layer1.0.add"] if "layer1.0.add" in graph else [_first(graph, "Add")])


def _first(graph, kind: str) -> str:  # type: ignore[no-untyped-def]
    return next(node.name for node in graph.nodes if node.kind == kind)


def test_an_argument_is_set_in_several_layers_at_once(document: Document) -> None:
    commands.set_argument(document, ["conv1", "conv2"], "bias", False)
    assert document.graph.node("conv1").arguments["bias"] is False
    assert document.graph.node("conv2").arguments["bias"] is False
    commands.set_argument(document, ["conv1", "conv2"], "bias", True)
    assert "bias" not in document.graph.node("conv1").arguments
    document.undo()
    assert not document.undo_title or document.undo_title.startswith("Set bias")


def test_a_line_from_port_to_port_connects_and_again_disconnects() -> None:
    document = Document(Project(presets.build("resnet18")))
    name = _first(document.graph, "Add")
    sources = document.graph.sources(document.graph.node(name))
    commands.connect(document, "maxpool", name) if "maxpool" not in sources else None
    commands.connect(document, "relu", name)
    assert "relu" in document.graph.sources(document.graph.node(name))
    commands.connect(document, "relu", name)
    assert "relu" not in document.graph.sources(document.graph.node(name))


def test_group_and_ungroup_are_each_others_undo(document: Document) -> None:
    path = commands.group(document, ["conv1", "relu1"], "stem")
    assert path == "stem"
    assert {n.name for n in document.graph.members("stem")} == {"stem.conv1", "stem.relu1"}
    commands.ungroup(document, ["stem"])
    assert not document.graph.members("stem")


def test_what_an_ungrouped_block_held_is_selected(document: Document) -> None:
    commands.group(document, ["conv1", "relu1"], "stem")
    commands.ungroup(document, ["stem"])
    assert document.selection == ("conv1", "relu1")
    with pytest.raises(GraphError, match="select a block"):
        commands.ungroup(document, ["conv1"])


@pytest.mark.parametrize(("names", "title"), [(["conv1"], "Paste conv3"), (["conv1", "relu1"], "Paste 2 layers")])
def test_the_edit_menu_tells_how_much_was_pasted(document: Document, names: list[str], title: str) -> None:
    commands.paste(document, fragment(document.graph, names, document.graph.shape), "conv1")
    assert document.undo_title == title
