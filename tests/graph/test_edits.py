"""Edits give valid graphs, undo is the graph before, and files hold every graph."""

from __future__ import annotations

import contextlib

import hypothesis.strategies as st
import pytest
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from workbench import presets
from workbench.graph import (
    Arguments,
    Block,
    Builder,
    Graph,
    GraphError,
    Node,
    Output,
    edits,
    fragment,
    free_name,
    match,
)
from workbench.layers import template
from workbench.project import Project, dumps, loads


def stack(*kinds: str) -> Graph:
    builder = Builder((3, 16, 16))
    for index, kind in enumerate(kinds):
        builder.add(f"n{index}", kind)
    return builder.build()


def residual() -> Graph:
    builder = Builder((3, 16, 16))
    first = builder.add("first", "ReLU")
    second = builder.add("second", "ReLU")
    builder.add("add", "Add", second, first)
    builder.add("last", "ReLU")
    return builder.build()


def test_inserting_into_a_plain_stack_leaves_a_plain_stack() -> None:
    graph = edits.insert(stack("ReLU", "Tanh"), Node("new", "Sigmoid"), below="n0")
    assert [node.name for node in graph.nodes] == ["n0", "new", "n1"]
    assert all(not node.inputs for node in graph.nodes)


def test_nodes_that_an_edit_leaves_alone_stay_the_same_objects() -> None:
    before = residual()
    after = edits.insert(before, Node("more", "ReLU"), below=before.nodes[0].name)
    equal = [node for node in after.nodes if node == before.by_name.get(node.name)]
    assert len(equal) >= len(before.nodes) - 2
    assert all(node is before.by_name[node.name] for node in equal)


def test_inserting_above_everything_feeds_what_took_the_input() -> None:
    graph = edits.insert(stack("ReLU"), Node("new", "Tanh"))
    assert graph.sources(graph.node("n0")) == ("new",)
    assert graph.sources(graph.node("new")) == ("input",)


def test_inserting_below_a_fork_feeds_every_branch() -> None:
    graph = edits.insert(residual(), Node("new", "Tanh"), below="first")
    assert graph.sources(graph.node("second")) == ("new",)
    assert graph.sources(graph.node("add")) == ("second", "new")


def test_removing_wires_around() -> None:
    graph = edits.remove(residual(), "second")
    assert graph.sources(graph.node("add")) == ("first", "first")
    assert edits.remove(stack("ReLU", "Tanh", "Sigmoid"), "n1").sources(Node("n2", "Sigmoid")) == ("n0",)


def test_removing_moves_an_output_to_what_is_left() -> None:
    graph = edits.set_outputs(stack("ReLU", "Tanh"), [Output("out", "n1")])
    assert edits.remove(graph, "n1").outputs == (Output("out", "n0"),)


def test_moving_keeps_the_rest_in_order() -> None:
    graph = edits.move(stack("ReLU", "Tanh", "Sigmoid"), "n0", below="n2")
    assert [node.name for node in graph.nodes] == ["n1", "n2", "n0"]
    assert all(not node.inputs for node in graph.nodes)


def test_renaming_a_block_renames_it_everywhere() -> None:
    graph = edits.rename(presets.build("resnet18"), "layer1", "stage1")
    assert graph.block_of("stage1.0") is not None
    assert not [node for node in graph.nodes if "layer1" in node.name or any("layer1" in i for i in node.inputs)]


def test_a_block_can_be_made_anew_with_other_arguments() -> None:
    graph = presets.build("cifar-resnet20")
    block = graph.block_of("layer1.0")
    assert block is not None
    arguments = block.arguments.with_(reduction=4)
    made = template(block.template).make(arguments)
    changed = edits.remake_block(graph, "layer1.0", made, Block("", block.template, arguments))
    assert "layer1.0.se_module.fc1" in changed
    assert changed.block_of("layer1.0").arguments["reduction"] == 4  # type: ignore[union-attr]
    again = edits.remake_block(
        changed, "layer1.0", template(block.template).make(block.arguments), Block("", block.template, block.arguments)
    )
    assert again.nodes == graph.nodes


def test_grouping_and_ungrouping_keep_the_wiring() -> None:
    grouped = edits.group(residual(), ["second", "add"], "body")
    assert grouped.sources(grouped.node("body.add")) == ("body.second", "first")
    back = edits.ungroup(grouped, "body")
    assert back.nodes == residual().nodes


def test_the_impossible_is_refused_with_a_sentence() -> None:
    with pytest.raises(GraphError, match="no node 'nowhere'"):
        edits.remove(stack("ReLU"), "nowhere")
    with pytest.raises(GraphError, match="names must differ"):
        edits.rename(stack("ReLU", "Tanh"), "n0", "n1")
    with pytest.raises(GraphError, match="below it"):
        edits.set_inputs(stack("ReLU", "Tanh"), "n0", ["n1"])


@settings(max_examples=40, stateful_step_count=30, deadline=None)
class RandomEditor(RuleBasedStateMachine):
    """Edits at random; whatever happens the graph is valid, a file holds it, and undo gives the one before."""

    @initialize(start=st.sampled_from(["lenet5", "cifar-resnet20", "googlenet"]))
    def begin(self, start: str) -> None:
        self.history = [presets.build(start)]

    @property
    def graph(self) -> Graph:
        return self.history[-1]

    def edit(self, change: object, *arguments: object, **named: object) -> None:
        before = self.graph
        copy = (before.nodes, before.outputs, before.blocks)
        # What cannot be is refused; any other exception fails the test.
        with contextlib.suppress(GraphError):
            self.history.append(change(before, *arguments, **named))  # type: ignore[operator]
        assert (before.nodes, before.outputs, before.blocks) == copy

    def name(self, data: st.DataObject) -> str:
        return data.draw(st.sampled_from([node.name for node in self.graph.nodes]))

    @precondition(lambda self: self.graph.nodes)
    @rule(data=st.data(), kind=st.sampled_from(["ReLU", "Dropout", "Flatten"]))
    def insert(self, data: st.DataObject, kind: str) -> None:
        below = self.name(data)
        node = Node(free_name(self.graph, "new"), kind)
        self.edit(edits.insert, node, below=below)

    @precondition(lambda self: len(self.graph.nodes) > 1)
    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        self.edit(edits.remove, self.name(data))

    @precondition(lambda self: self.graph.nodes)
    @rule(data=st.data())
    def duplicate(self, data: st.DataObject) -> None:
        name, parent = self.name(data), data.draw(st.sampled_from(["", "a", "layer1"]))
        try:
            part = fragment(self.graph, [data.draw(st.sampled_from([name, name.partition(".")[0]]))], whole=True)
        except GraphError:
            return
        self.edit(lambda graph: edits.insert_part(graph, part, name, parent)[0])

    @precondition(lambda self: self.graph.nodes)
    @rule(data=st.data())
    def move(self, data: st.DataObject) -> None:
        self.edit(edits.move, self.name(data), self.name(data))

    @precondition(lambda self: self.graph.nodes)
    @rule(data=st.data(), word=st.sampled_from(["a", "b", "layer1", "x.y", "0", "class", "train", ""]))
    def rename(self, data: st.DataObject, word: str) -> None:
        name = self.name(data)
        self.edit(edits.rename, data.draw(st.sampled_from([name, name.partition(".")[0]])), word)

    @precondition(lambda self: self.graph.nodes)
    @rule(data=st.data(), value=st.one_of(st.integers(1, 9), st.booleans(), st.tuples(st.integers(1, 3))))
    def set_argument(self, data: st.DataObject, value: object) -> None:
        name = self.name(data)
        if self.graph.node(name).kind == "Conv2d" and isinstance(value, int) and not isinstance(value, bool):
            self.edit(edits.set_argument, name, "stride", value)

    @precondition(lambda self: self.graph.nodes)
    @rule(data=st.data())
    def rewire(self, data: st.DataObject) -> None:
        self.edit(edits.set_inputs, self.name(data), [self.name(data)])

    @precondition(lambda self: self.graph.nodes)
    @rule(data=st.data(), word=st.sampled_from(["part", "a.b"]))
    def group(self, data: st.DataObject, word: str) -> None:
        self.edit(edits.group, [self.name(data), self.name(data)], word)

    @precondition(lambda self: self.graph.blocks)
    @rule(data=st.data())
    def ungroup(self, data: st.DataObject) -> None:
        self.edit(edits.ungroup, data.draw(st.sampled_from([block.name for block in self.graph.blocks])))

    @precondition(lambda self: self.graph.nodes)
    @rule(data=st.data())
    def insert_block(self, data: st.DataObject) -> None:
        arguments = Arguments(channels=8)
        fragment = template("BasicBlock").make(arguments)
        name = free_name(self.graph, "block")
        self.edit(edits.insert_block, fragment, name, below=self.name(data), block=Block("", "BasicBlock", arguments))

    @precondition(lambda self: self.graph.blocks)
    @rule(data=st.data())
    def take_a_block_out_and_put_it_below(self, data: st.DataObject) -> None:
        block = data.draw(st.sampled_from(self.graph.blocks))
        try:
            part = fragment(self.graph, [block.name])
        except GraphError:
            return
        self.edit(edits.insert_block, part, free_name(self.graph, block.name), self.name(data), block)

    @rule()
    def undo(self) -> None:
        if len(self.history) > 1:
            self.history.pop()

    @invariant()
    def the_graph_is_valid_and_a_file_holds_it(self) -> None:
        if not hasattr(self, "history"):
            return
        graph = self.graph
        assert Graph(graph.inputs, graph.nodes, graph.outputs, graph.blocks, graph.name) == graph
        above = graph.inputs[0].name
        for node in graph.nodes:
            assert node.inputs != (above,), "an input that is the node above is not written"
            above = node.name
        project = Project(graph)
        assert loads(dumps(project)) == project

    def teardown(self) -> None:
        """At the end every name is matched, came or went."""
        if not hasattr(self, "history"):
            return
        first, last = self.history[0], self.graph
        found = match(first, last)
        for graph, paired, alone in ((first, found.after, found.removed), (last, found.before, found.added)):
            names = {entry.name for entry in graph.inputs} | {node.name for node in graph.nodes}
            assert set(paired) | set(alone) == names
            assert len(paired) + len(alone) == len(names)
        again = match(last, last)
        assert again.pairs == tuple((name, name) for name in (e.name for e in (*last.inputs, *last.nodes)))
        assert not (again.added)
        assert not (again.removed)
        assert not (again.moved)
        assert not (again.rewired)


TestRandomEditor = RandomEditor.TestCase
