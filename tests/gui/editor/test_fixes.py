"""What mends a problem with one click, as one step to undo."""

from __future__ import annotations

from dataclasses import replace

from workbench.compiler import analyse
from workbench.data import SOURCES
from workbench.graph import Arguments, Builder, Graph, Node, edits
from workbench.gui.document import Document
from workbench.gui.editor.data_problems import data_problems
from workbench.gui.editor.fixes import fix_for
from workbench.gui.main_window import MainWindow
from workbench.presets import build


def _fixes(graph: Graph) -> list[str]:
    analysis = analyse(graph)
    fixes = (fix_for(analysis, problem) for problem in analysis.problems)
    return [fix.title for fix in fixes if fix is not None]


def test_what_nothing_uses_is_connected_to_the_layer_below(document: Document) -> None:
    graph = edits.insert(document.graph, Node("bn", "BatchNorm2d", Arguments(), ("conv1",)), "conv1")
    graph = edits.set_inputs(graph, "relu1", ["conv1"])
    document.set_graph(graph, "Insert beside the path")
    steps = len(document.steps)
    assert document.analysis is not None
    (problem,) = document.analysis.problems
    fix = fix_for(document.analysis, problem)
    assert fix is not None
    assert fix.title == "Connect it to relu1"
    fix.apply(document)
    assert document.graph.sources(document.graph.node("relu1")) == ("bn",)
    assert not document.analysis.problems
    assert len(document.steps) == steps + 1


def test_what_a_join_leaves_out_becomes_one_more_of_its_inputs() -> None:
    graph = build("resnet18")
    add = next(node.name for node in graph.nodes if node.kind == "Add")
    before = graph.sources(graph.node(add))
    above = graph.nodes[graph.position[add] - 1].name
    graph = edits.insert(graph, Node("beside", "Identity", Arguments(), before[:1]), above)
    analysis = analyse(graph)
    fix = fix_for(analysis, analysis.problems[0])
    assert fix is not None
    assert fix.make(graph).sources(fix.make(graph).node(add)) == (*before, "beside")


def test_a_dense_layer_after_maps_gets_flatten() -> None:
    assert _fixes(edits.remove(build("lenet5"), "flatten")) == ["Insert Flatten"]


def test_a_remedy_that_would_itself_be_refused_is_not_offered() -> None:
    def beside_the_mean_of_pictures(size: int) -> Graph:
        builder = Builder((1, size, size))
        builder.add("pool", "AdaptiveAvgPool2d", output_size=1)
        return edits.insert(builder.build("sum"), Node("add", "Add", Arguments(), ("input", "pool")), "pool")

    assert _fixes(beside_the_mean_of_pictures(4096)) == ["1×1 convolution on the shortcut"]
    assert _fixes(beside_the_mean_of_pictures(4097)) == [], "its stride would be more than a convolution takes"


def test_another_number_of_classes_is_mended_in_the_list_of_problems(window: MainWindow) -> None:
    document = window.document
    document.set_graph(edits.set_argument(document.graph, "fc3", "out_features", 7), "for the test")
    assert [fix.text() for fix in window.problems.fixes] == ["End in 10 classes"]
    assert not window.actions_table["train"].isEnabled()
    assert window.actions_table["train"].toolTip() == "1 problem to mend first: see Problems"
    steps = len(document.steps)
    window.problems.fixes[0].click()
    assert document.graph.node("fc3").arguments["out_features"] == 10
    assert len(document.steps) == steps + 1
    assert not window.problems.fixes
    assert window.actions_table["train"].isEnabled()


def test_pictures_that_would_lose_colours_and_size_are_taken_as_they_are(window: MainWindow) -> None:
    known = SOURCES["cifar10"].shape
    assert known == (3, 32, 32)
    digits = window.picture.dataset
    assert digits is not None
    cifar = replace(digits, source="cifar10")
    graph = window.document.graph
    ((problem, fix),) = data_problems(graph, cifar)
    assert problem.severity == "warning"
    assert problem.message == "the images are 3×32×32, the input 1×28×28: they lose colours and detail"
    assert fix.title == "Take 3×32×32"
    graph = fix.make(graph)
    assert graph.shape == known
    assert not data_problems(graph, cifar)
    assert analyse(graph).runs


def test_other_images_are_no_problem_of_the_ones_before(window: MainWindow) -> None:
    document = window.document
    document.set_graph(edits.set_argument(document.graph, "fc3", "out_features", 7), "for the test")
    assert window.problems.fixes
    document.set_data(document.data.changed(source="cifar10"), "Use cifar10")
    assert not window.problems.fixes
