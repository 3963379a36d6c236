"""Template files: a network of one's own as a block of others, and files that somebody has damaged."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.project.mutations import mutated
from workbench import presets
from workbench.compiler import analyse
from workbench.graph import Builder, Graph, GraphError, Input, Node, edits, fragment
from workbench.layers import add_block
from workbench.project import (
    Project,
    ProjectError,
    dumps_template,
    loads_template,
    read_project,
    read_template,
    write_project,
    write_template,
)


def mine() -> Graph:
    """A part with all that a file can say: inner blocks, arguments, shared weights, an output that is not the last."""
    builder = Builder((4, 8, 8))
    conv = builder.add("conv", "Conv2d", out_channels=4, kernel_size=3, padding=1)
    again = builder.add("again", "Conv2d", shares=conv)
    end = add_block(builder, "block", "SEBasicBlock", again, channels=4, reduction=2)
    builder.add("loose", "Dropout", p=0.25)
    builder.output("output", end)
    return builder.build("mine")


def place() -> Graph:
    nodes = (Node("first", "ReLU"), Node("last", "ReLU"), Node("sum", "Add", inputs=("first", "first")))
    return Graph((Input("input", (4, 8, 8)),), nodes)


def test_a_network_of_ones_own_is_inserted_made_anew_and_survives_files(tmp_path: Path) -> None:
    write_template(mine(), tmp_path / "mine.json")
    read = read_template(tmp_path / "mine.json")
    assert read == mine()
    graph = edits.insert_block(place(), read, "own", "first")
    assert graph.sources(graph.node("own.conv")) == ("first",)
    assert graph.sources(graph.node("last")) == ("own.block.relu_out",)
    assert graph.node("own.again").shares == "own.conv"
    assert [block.name for block in graph.blocks] == ["own", "own.block", "own.block.se_module"]
    assert analyse(graph).runs
    write_project(Project(graph), tmp_path / "p.json")
    assert read_project(tmp_path / "p.json").graph == graph

    smaller = loads_template(dumps_template(fragment(graph, ["own.block"], (4, 8, 8))))
    anew = edits.remake_block(graph, "own", smaller)
    assert anew.sources(anew.node("own.conv1")) == ("first",)
    assert anew.sources(anew.node("last")) == ("own.relu_out",)
    assert edits.remake_block(anew, "own", read) == graph


def test_damaged_template_files_give_a_template_or_one_error() -> None:
    """S1; and what could be read can be put into a network, or is refused in one sentence."""
    part = replace(mine(), name="part")
    texts = [dumps_template(part).encode(), dumps_template(presets.build("lenet5")).encode()]
    sentences = []
    inserted = 0
    for content in mutated(texts, 5_000, seed=2):
        try:
            read = loads_template(content)
        except ProjectError as error:
            sentences.append(str(error))
            continue
        assert loads_template(dumps_template(read)) == read
        try:
            graph = edits.insert_block(place(), read, "own", "first")
        except GraphError as error:
            sentences.append(str(error))
            continue
        inserted += 1
        if inserted % 10 == 0:
            analyse(graph)
            assert edits.remake_block(graph, "own", part).node("own.conv")
    assert len(sentences) > 2_000
    assert not [sentence for sentence in sentences if "\n" in sentence]
    assert inserted > 50


@pytest.mark.parametrize(
    ("inputs", "nodes", "words"),
    [
        (1, 0, "needs a node"),
        (2, 1, "one input and one output"),
    ],
)
def test_what_is_no_block_is_refused(inputs: int, nodes: int, words: str) -> None:
    graph = Graph(
        tuple(Input(f"input{n}", (1, 2, 2)) for n in range(inputs)), tuple(Node(f"n{n}", "ReLU") for n in range(nodes))
    )
    read = loads_template(dumps_template(graph))
    for change in (
        lambda: edits.insert_block(place(), read, "own", "first"),
        lambda: edits.remake_block(edits.group(place(), ["last"], "b"), "b", read),
    ):
        with pytest.raises(GraphError, match=words):
            change()


def test_a_path_that_grows_too_deep_is_refused() -> None:
    deep = Graph((Input("input", (1, 2, 2)),), (Node(".".join("abcdefghijklmno"), "ReLU"),))
    with pytest.raises(GraphError, match="16 words"):
        edits.insert_block(place(), loads_template(dumps_template(deep)), "own.part", "first")
