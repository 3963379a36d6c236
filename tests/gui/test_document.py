"""The document: every change is one step that can be undone."""

from __future__ import annotations

from pathlib import Path

from workbench import presets
from workbench.graph import edits
from workbench.gui.document import Document
from workbench.project import Project


def test_undo_gives_back_the_very_value_and_redo_the_next(document: Document) -> None:
    first = document.project
    document.set_graph(edits.set_argument(document.graph, "conv1", "out_channels", 8), "Set filters")
    second = document.project
    document.undo()
    assert document.project is first
    document.redo()
    assert document.project is second


def test_turning_one_value_quickly_is_one_step(document: Document) -> None:
    first = document.project
    for channels in range(7, 20):
        graph = edits.set_argument(document.graph, "conv1", "out_channels", channels)
        document.set_graph(graph, "Set out_channels", "out_channels of conv1")
    document.undo()
    assert document.project is first
    assert not document.undo_title


def test_an_edit_after_undo_forgets_what_was_undone(document: Document) -> None:
    document.set_graph(edits.remove(document.graph, "relu1"), "Delete relu1")
    document.undo()
    document.set_graph(edits.remove(document.graph, "relu2"), "Delete relu2")
    assert not document.redo_title
    assert document.undo_title == "Delete relu2"


def test_history_survives_saving_and_modified_follows_the_value(document: Document) -> None:
    document.set_graph(edits.remove(document.graph, "relu1"), "Delete relu1")
    assert document.modified
    document.saved_as(Path("x.json"))
    assert not document.modified
    assert document.undo_title == "Delete relu1"
    document.undo()
    assert document.modified
    document.redo()
    assert not document.modified


def test_an_edit_that_changes_nothing_is_no_step(document: Document) -> None:
    document.set_graph(document.graph, "Nothing")
    assert not document.undo_title


def test_analysis_follows_the_graph_and_selection_drops_what_is_gone(document: Document, qtbot) -> None:  # type: ignore[no-untyped-def]
    document.select(["relu1", "conv1", "no such layer"])
    assert document.selection == ("relu1", "conv1")
    with qtbot.waitSignal(document.analysed):
        document.set_graph(edits.remove(document.graph, "relu1"), "Delete relu1")
    assert document.selection == ("conv1",)
    assert document.analysis is not None
    assert document.analysis.graph is document.graph


def test_opening_another_project_begins_a_new_history(document: Document) -> None:
    document.set_graph(edits.remove(document.graph, "relu1"), "Delete relu1")
    document.open(Project(presets.build("alexnet")))
    assert not document.undo_title
    assert not document.modified
    assert document.graph.name == "AlexNet"


def test_what_comes_back_by_undo_is_selected(document: Document) -> None:
    document.set_graph(edits.remove(document.graph, "conv2", "relu2"), "Delete 2 layers")
    document.select(["fc1"])
    document.undo()
    assert document.selection == ("conv2", "relu2")
    document.set_graph(edits.set_argument(document.graph, "conv1", "out_channels", 8), "Set filters")
    document.undo()
    assert document.selection == ("conv2", "relu2"), "nothing came back"


def test_of_a_block_that_comes_back_only_the_block_is_selected() -> None:
    graph = presets.build("resnet18")
    document = Document(Project(graph))
    nodes = [node.name for node in graph.members("layer2.0")]
    document.set_graph(edits.remove(graph, *nodes), "Delete layer2.0")
    document.undo()
    assert document.selection == ("layer2.0",)
