"""Faults such as a person makes, each put where it would do harm: a random user must find every one of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest

from tests.gui import random_user
from workbench.graph import Arguments, Graph, Node, edits, fragment
from workbench.gui.document import Document, Step
from workbench.gui.editor import commands, layout, outline
from workbench.layers import CATALOGUE
from workbench.project import Project, dumps, format, loads


@dataclass(frozen=True, slots=True)
class Mutant:
    """What stands in for something of the program's."""

    where: Any
    name: str
    fault: Any


def _remove_forgets_to_rewire(graph: Graph, *names: str) -> Graph:
    kept = tuple(node for node in graph.nodes if node.name not in names)
    return Graph(graph.inputs, kept, (), (), graph.name)


def _rename_forgets_who_takes_it(graph: Graph, old: str, new: str) -> Graph:
    nodes = tuple(replace(node, name=new) if node.name == old else node for node in graph.nodes)
    return Graph(graph.inputs, nodes, graph.outputs, (), graph.name)


def _insert_above(graph: Graph, node: Node, below: str | None = None) -> Graph:
    at = graph.position[below] if below is not None else 0
    return _INSERT(graph, node, graph.nodes[at - 1].name if at else None)


def _move_forgets_arguments(graph: Graph, name: str, below: str | None) -> Graph:
    moved = _MOVE(graph, name, below)
    fields = CATALOGUE[moved.node(name).kind].by_name
    kept = {key: value for key, value in moved.node(name).arguments.items() if fields[key].required}
    return replace(moved, nodes=_with_arguments(moved, name, kept))


def _group_loses_a_layer(graph: Graph, names: Sequence[str], name: str) -> Graph:
    grouped = _GROUP(graph, names, name)
    return edits.remove(grouped, grouped.members(name)[0].name) if len(grouped.members(name)) > 1 else grouped


def _ungroup_loses_a_layer(graph: Graph, name: str) -> Graph:
    members = graph.members(name)
    return _UNGROUP(edits.remove(graph, members[-1].name) if len(members) > 1 else graph, name)


def _arguments_of_all_alike(graph: Graph, name: str, arguments: Mapping[str, Any]) -> Graph:
    kind = graph.node(name).kind
    nodes = tuple(replace(n, arguments=Arguments(arguments)) if n.kind == kind else n for n in graph.nodes)
    return replace(graph, nodes=nodes)


def _arguments_but_the_first(graph: Graph, name: str, arguments: Mapping[str, Any]) -> Graph:
    return _SET_ARGUMENTS(graph, name, dict(list(arguments.items())[1:]))


def _inputs_of_the_next_too(graph: Graph, name: str, inputs: Sequence[str]) -> Graph:
    changed = _SET_INPUTS(graph, name, inputs)
    at = changed.position[name] + 1
    return _SET_INPUTS(changed, changed.nodes[at].name, [name]) if at < len(changed.nodes) else changed


def _block_without_arguments(graph: Graph, part: Graph, *rest: Any) -> Graph:
    bare = [replace(n, arguments=n.arguments.without("stride").without("padding")) for n in part.nodes]
    return _INSERT_BLOCK(graph, replace(part, nodes=tuple(bare)), *rest)


def _fragment_but_the_last(graph: Graph, names: Sequence[str], *shape: Any) -> Graph:
    part = fragment(graph, names, *shape)
    return edits.remove(part, part.nodes[-1].name) if len(part.nodes) > 1 else part


def _undo_to_a_copy(self: Document) -> None:
    if self.place:
        self.go_to(self.place - 1)
        step = self._steps[self._place]
        self._steps[self._place] = type(step)(step.title, loads(dumps(step.project)))


def _apply_keeps_what_was_undone(self: Document, project: Project, title: str, merge: str = "") -> None:
    if project == self.project:
        return
    before = self.project
    self._steps.insert(self._place + 1, Step(title, project))
    self._place += 1
    self._tell(before)


def _apply_in_place_of_the_last(self: Document, project: Project, title: str, merge: str = "") -> None:
    if project == self.project:
        return
    before, kept = self.project, self._steps[: max(1, self._place)]
    self._steps = [*kept, Step(title, project)]
    self._place = len(self._steps) - 1
    self._tell(before)


def _go_to_never_the_first(self: Document, place: int) -> None:
    if place:
        _GO_TO(self, place)


def _node_without_inputs(node: Node) -> dict[str, Any]:
    row = _NODE(node)
    if len(node.inputs) == 1:
        row.pop("inputs", None)
    return row


def _outline_without_the_last(graph: Graph, closed: Any) -> Any:
    shown = outline.outline(graph, closed)
    return replace(shown, entries=shown.entries[:-1]) if len(graph.nodes) > 30 else shown


def _lines_without_the_longest(shown: Any, heights: Any) -> Any:
    placed = layout.place(shown, heights)
    lines = dict(placed.lines)
    if len(lines) > 20:
        lines.pop(max(lines, key=lambda edge: placed.centres[edge[1]][1] - placed.centres[edge[0]][1]))
    return replace(placed, lines=lines)


def _with_arguments(graph: Graph, name: str, arguments: Mapping[str, Any]) -> tuple[Node, ...]:
    return tuple(replace(n, arguments=Arguments(arguments)) if n.name == name else n for n in graph.nodes)


_INSERT, _MOVE, _GROUP, _UNGROUP = edits.insert, edits.move, edits.group, edits.ungroup
_SET_ARGUMENTS, _SET_INPUTS, _INSERT_BLOCK = edits.set_arguments, edits.set_inputs, edits.insert_block
_GO_TO, _NODE = Document.go_to, format._node

MUTANTS: dict[str, Mutant] = {
    "what took a removed layer takes nothing": Mutant(edits, "remove", _remove_forgets_to_rewire),
    "a new name is not told to others": Mutant(edits, "rename", _rename_forgets_who_takes_it),
    "a layer is inserted above": Mutant(edits, "insert", _insert_above),
    "moving forgets arguments": Mutant(edits, "move", _move_forgets_arguments),
    "grouping loses a layer": Mutant(edits, "group", _group_loses_a_layer),
    "ungrouping loses a layer": Mutant(edits, "ungroup", _ungroup_loses_a_layer),
    "all layers of a kind are set": Mutant(edits, "set_arguments", _arguments_of_all_alike),
    "setting one argument drops another": Mutant(edits, "set_arguments", _arguments_but_the_first),
    "the next layer is connected too": Mutant(edits, "set_inputs", _inputs_of_the_next_too),
    "a block is not made anew": Mutant(edits, "remake_block", lambda graph, *_: graph),
    "blocks lose arguments": Mutant(edits, "insert_block", _block_without_arguments),
    "what is copied lacks a layer": Mutant(commands, "fragment", _fragment_but_the_last),
    "undo gives a copy": Mutant(Document, "undo", _undo_to_a_copy),
    "undo goes too far": Mutant(Document, "undo", lambda self: self.go_to(max(0, self.place - 2))),
    "redo never reaches the last": Mutant(
        Document, "redo", lambda self: self.go_to(self.place + 1) if self.place + 2 < len(self.steps) else None
    ),
    "the first value cannot be reached": Mutant(Document, "go_to", _go_to_never_the_first),
    "what was undone stays in the history": Mutant(Document, "apply", _apply_keeps_what_was_undone),
    "an edit takes the place of the last": Mutant(Document, "apply", _apply_in_place_of_the_last),
    "what is gone stays selected": Mutant(
        Document, "select", lambda self, names: setattr(self, "_selection", tuple(names))
    ),
    "settings do not count as changes": Mutant(
        Document, "modified", property(lambda self: self._saved is None or self.graph != self._saved.graph)
    ),
    "saving is forgotten": Mutant(Document, "saved_as", lambda self, path: setattr(self, "path", path)),
    "files lack lines between cards": Mutant(format, "_node", _node_without_inputs),
    "a card is missing in a large network": Mutant(random_user, "outline", _outline_without_the_last),
    "a line is missing in a large network": Mutant(random_user, "place", _lines_without_the_longest),
}


@contextmanager
def seeded(name: str) -> Iterator[None]:
    """Inside, the program has this fault."""
    mutant = MUTANTS[name]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mutant.where, mutant.name, mutant.fault)
        yield
