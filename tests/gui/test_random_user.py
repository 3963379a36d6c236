"""A random user: thousands of edits, undone and redone, saved and opened, with what must hold after each."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from workbench.graph import FieldError, Graph, GraphError, edits, fragment
from workbench.gui.document import Document
from workbench.gui.editor import commands
from workbench.gui.editor.layout import place
from workbench.gui.editor.outline import blocks_of, first_closed, outline
from workbench.layers import CATALOGUE, TEMPLATES
from workbench.presets import build
from workbench.project import Project, ProjectError, dumps, loads

_PLAIN = ("lenet5", "cifar-resnet20", "googlenet", "se-resnet18", "nin-cifar10")
_MOST_NODES = 400


class User:
    """Does one random thing after another, and knows what must hold."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.document = Document(Project(build(self.random.choice(_PLAIN))))
        self.first = self.document.project
        self.clipboard: Graph | None = None
        self.done = 0
        self.refused = 0

    def act(self) -> None:
        """One action. A refusal must be a sentence and change nothing."""
        what = self.random.choice(_ACTIONS)
        before, steps = self.document.project, len(self.document.steps)
        try:
            what(self)
            said = "done"
        except (GraphError, FieldError) as error:
            said = str(error).strip()
            self.refused += 1
            unchanged = self.document.project is before and len(self.document.steps) == steps
            if not unchanged:
                raise AssertionError(f"{what.__name__} was refused, but changed something") from error
        assert said, "a refusal says why"
        self.done += 1

    def check(self) -> None:
        """What holds at every moment."""
        graph = self.document.graph
        assert loads(dumps(self.document.project)) == self.document.project
        assert Graph(graph.inputs, graph.nodes, graph.outputs, graph.blocks, graph.name) == graph
        assert all(name in graph or graph.members(name) for name in self.document.selection)
        closed = first_closed(graph) if self.random.random() < 0.5 else frozenset(blocks_of(graph))
        shown = outline(graph, closed)
        assert sorted(n for entry in shown.entries for n in entry.nodes) == sorted(node.name for node in graph.nodes)
        placement = place(shown, {entry.name: 58.0 for entry in shown.entries})
        assert set(placement.centres) == set(shown.by_name)
        assert set(placement.lines) == set(shown.edges)

    def undo_all_and_redo_all(self) -> None:
        """Back to the very first value, and forward to the very last."""
        values = [step.project for step in self.document.steps]
        last = self.document.place
        self.document.go_to(len(values) - 1)
        while self.document.undo_title:
            assert self.document.project is values[self.document.place]
            self.document.undo()
        assert self.document.project is self.first
        assert self.document.place == 0
        while self.document.redo_title:
            self.document.redo()
            assert self.document.project is values[self.document.place]
        self.document.go_to(last)

    def names(self) -> list[str]:
        return [node.name for node in self.document.graph.nodes] + list(blocks_of(self.document.graph))

    def name(self) -> str:
        names = self.names()
        return self.random.choice(names) if names else "nothing"

    def some(self) -> list[str]:
        names = [node.name for node in self.document.graph.nodes]
        if not names:
            return []
        start = self.random.randrange(len(names))
        return names[start : start + self.random.randint(1, 4)]


def insert(user: User) -> None:
    if len(user.document.graph.nodes) > _MOST_NODES:
        return remove(user)
    what = user.random.choice([f"layer:{k}" for k in CATALOGUE] + [f"template:{t}" for t in TEMPLATES])
    commands.insert(user.document, what, commands.last_of(user.document.graph, user.name()))
    return None


def remove(user: User) -> None:
    """What took a removed layer takes what that one took first; outputs move there too."""
    before, gone = user.document.graph, user.some()

    def standing(name: str) -> str:
        while name in gone:
            name = before.sources(before.node(name))[0]
        return name

    commands.remove(user.document, gone)
    after = user.document.graph
    for node in after.nodes:
        wanted = tuple(map(standing, before.sources(before.node(node.name))))
        assert after.sources(node) == wanted, f"{node.name} takes {after.sources(node)}, not {wanted}"
    ends = {output.name for output in before.outputs if standing(output.node) in after}
    kept = {output.name for output in after.outputs}
    assert kept == ends or not kept
    assert kept or all(output.training_only for output in before.outputs if output.name in ends)


def duplicate(user: User) -> None:
    if len(user.document.graph.nodes) < _MOST_NODES:
        commands.duplicate(user.document, [user.name()] if user.random.random() < 0.5 else user.some())


def move(user: User) -> None:
    commands.move(user.document, user.name(), commands.last_of(user.document.graph, user.name()))


def rename(user: User) -> None:
    """As many layers as before, each of the same kind, and every block recorded that still holds some."""
    before, old = user.document.graph, user.name()
    commands.rename(user.document, old, user.random.choice(["a", "b.c", "layer1", "x.0.y", "1", "no good", ""]))
    after = user.document.graph
    assert [node.kind for node in after.nodes] == [node.kind for node in before.nodes]
    if old in before:
        holding = {b.name for b in before.blocks if any(node.name != old for node in before.members(b.name))}
        assert holding <= {block.name for block in after.blocks}
    else:
        assert sorted(block.template for block in after.blocks) == sorted(block.template for block in before.blocks)


def connect(user: User) -> None:
    nodes = [node.name for node in user.document.graph.nodes]
    if len(nodes) > 1:
        commands.connect(user.document, user.random.choice(nodes), user.random.choice(nodes))


def group(user: User) -> None:
    commands.group(user.document, user.some(), user.random.choice(["block1", "stem", "a.b"]))


def ungroup(user: User) -> None:
    commands.ungroup(user.document, [user.name()])


def set_argument(user: User) -> None:
    nodes = [node for node in user.document.graph.nodes if CATALOGUE[node.kind].fields]
    if nodes:
        node = user.random.choice(nodes)
        field = user.random.choice(CATALOGUE[node.kind].fields)
        value = user.random.choice([0, 1, 2, 3, 7, 64, -1, 0.5, True, None, (1, 7), "same", "zeros"])
        commands.set_argument(user.document, [node.name], field.name, field.check(value))


def remake(user: User) -> None:
    blocks = [block for block in user.document.graph.blocks if block.template]
    if blocks:
        block = user.random.choice(blocks)
        fields = [f for f in TEMPLATES[block.template].fields if f.type == "int"]
        if fields:
            field = user.random.choice(fields)
            commands.set_block_argument(user.document, [block.name], field.name, user.random.choice([1, 2, 8, 16]))


def copy(user: User) -> None:
    user.clipboard = fragment(user.document.graph, user.some())


def paste(user: User) -> None:
    if user.clipboard is not None and len(user.document.graph.nodes) < _MOST_NODES:
        commands.paste(user.document, user.clipboard, user.name() if user.names() else None)


def undo(user: User) -> None:
    user.document.undo()


def redo(user: User) -> None:
    user.document.redo()


def select(user: User) -> None:
    user.document.select([*user.some(), "not there"])


_ACTIONS: tuple[Callable[[User], None], ...] = (
    insert, insert, remove, duplicate, move, rename, connect, group, ungroup, set_argument, set_argument, remake, copy,
    paste, undo, undo, redo, select,
)  # fmt: skip


def _play(seed: int, actions: int, every: int = 25) -> User:
    user = User(seed)
    for number in range(actions):
        user.act()
        if number % every == 0:
            user.check()
        if number % 300 == 299:
            user.undo_all_and_redo_all()
    user.check()
    user.undo_all_and_redo_all()
    return user


@pytest.mark.parametrize("seed", range(3))
def test_nothing_a_person_does_breaks_the_document(qapp, seed: int) -> None:  # type: ignore[no-untyped-def]
    user = _play(seed, 600, 40)
    assert user.done == 600
    assert user.refused < 420, "most of what the user tries must be possible, or little is tried"


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 140))
def test_nothing_a_person_does_for_long_breaks_the_document(qapp, seed: int) -> None:  # type: ignore[no-untyped-def]
    assert _play(seed, 5000, 100).done == 5000


def _forgets_to_rewire(graph: Graph, *names: str) -> Graph:
    kept = tuple(node for node in graph.nodes if node.name not in names)
    return Graph(graph.inputs, kept, (), (), graph.name)


def _renames_one_only(graph: Graph, old: str, new: str) -> Graph:
    from dataclasses import replace

    nodes = tuple(replace(node, name=new) if node.name == old else node for node in graph.nodes)
    return Graph(graph.inputs, nodes, graph.outputs, (), graph.name)


def _undo_to_a_copy(self: Document) -> None:
    if self.place:
        self.go_to(self.place - 1)
        step = self._steps[self._place]
        self._steps[self._place] = type(step)(step.title, loads(dumps(step.project)))


def _undo_too_far(self: Document) -> None:
    self.go_to(max(0, self.place - 2))


def _forgets_to_cut_what_was_undone(self: Document, project: Project, title: str, merge: str = "") -> None:
    from workbench.gui.document import Step

    if project == self.project:
        return
    before = self.project
    self._steps.insert(self._place + 1, Step(title, project))
    self._steps[0] = Step("", project) if len(self._steps) == 30 else self._steps[0]
    self._place += 1
    self._tell(before)


@pytest.mark.parametrize(
    ("where", "name", "mutant"),
    [
        (edits, "remove", _forgets_to_rewire),
        (edits, "rename", _renames_one_only),
        (Document, "undo", _undo_to_a_copy),
        (Document, "apply", _forgets_to_cut_what_was_undone),
        (Document, "select", lambda self, names: setattr(self, "_selection", tuple(names))),
    ],
    ids=["remove", "rename", "undo", "apply", "select"],
)
def test_the_random_user_finds_seeded_faults(qapp, monkeypatch, where, name: str, mutant) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(where, name, mutant)
    with pytest.raises((AssertionError, GraphError, ProjectError, KeyError, ValueError)):
        _play_many()


def _play_many() -> None:
    for seed in range(3):
        _play(seed, 500, 10)
