"""What a random user does to the document: each thing with what must be so behind it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.gui.random_user import User
from workbench.graph import Graph, GraphError, Node, fragment
from workbench.gui.editor import commands
from workbench.layers import CATALOGUE, TEMPLATES

_MOST_NODES = 400


def insert(user: User) -> None:
    if len(user.document.graph.nodes) > _MOST_NODES:
        return remove(user)
    what = user.random.choice([f"layer:{k}" for k in CATALOGUE] + [f"template:{t}" for t in TEMPLATES])
    before, below = user.document.graph, commands.last_of(user.document.graph, user.name())
    commands.insert(user.document, what, below)
    names = [node.name for node in user.document.graph.nodes]
    old = [node.name for node in before.nodes]
    at = old.index(below) + 1 if below in old else 0
    fresh = len(names) - len(old)
    assert names[:at] + names[at + fresh :] == old, "what is inserted stands below the card"
    return None


def remove(user: User) -> None:
    """What took a removed layer takes what that one took first; outputs move there too. It is always possible."""
    before, gone = user.document.graph, user.some()

    def standing(name: str) -> str:
        while name in gone:
            name = before.sources(before.node(name))[0]
        return name

    try:
        commands.remove(user.document, gone)
    except GraphError as error:
        raise AssertionError("layers that share no weights can be taken away") from error
    after = user.document.graph
    for node in after.nodes:
        wanted = tuple(map(standing, before.sources(before.node(node.name))))
        assert after.sources(node) == wanted, f"{node.name} takes {after.sources(node)}, not {wanted}"
    holding = {b.name for b in before.blocks if any(n.name not in gone for n in before.members(b.name))}
    assert {block.name for block in after.blocks} == holding
    ends = {output.name for output in before.outputs if standing(output.node) in after}
    kept = {output.name for output in after.outputs}
    assert kept == ends or not kept
    assert kept or all(output.training_only for output in before.outputs if output.name in ends)


def duplicate(user: User) -> None:
    """As many layers more, of the same kinds, with the same arguments and in the same order."""
    before = user.document.graph
    if len(before.nodes) < _MOST_NODES:
        names = [user.name()] if user.random.random() < 0.5 else user.some()
        commands.duplicate(user.document, names)
        chosen = {node for name in names for node in ([name] if name in before else _inside(before, name))}
        wanted = [_bare(node) for node in before.nodes if node.name in chosen]
        known = {node.name for node in before.nodes}
        assert [_bare(node) for node in user.document.graph.nodes if node.name not in known] == wanted


def move(user: User) -> None:
    """The same layers as before."""
    before = user.document.graph
    commands.move(user.document, user.name(), commands.last_of(before, user.name()))
    assert _named(user.document.graph) == _named(before)


def rename(user: User) -> None:
    """As many layers as before, each of the same kind, and every block recorded that still holds some."""
    before, old = user.document.graph, user.name()
    new = user.random.choice(["a", "b.c", "layer1", "x.0.y", "1", "no good", ""])
    commands.rename(user.document, old, new)
    after = user.document.graph
    assert [node.kind for node in after.nodes] == [node.kind for node in before.nodes]
    if old in before:
        holding = {b.name for b in before.blocks if any(node.name != old for node in before.members(b.name))}
        assert holding <= {block.name for block in after.blocks}
    else:
        # All that a block held may have been the one that is called otherwise, and stands elsewhere now.
        moved = {node.name for node in before.members(old)}
        holding = [
            b for b in before.blocks
            if f"{b.name}.".startswith(f"{old}.") or f"{new}.".startswith(f"{b.name}.")
            or any(node.name not in moved for node in before.members(b.name))
        ]  # fmt: skip
        assert sorted(block.template for block in after.blocks) == sorted(block.template for block in holding)


def connect(user: User) -> None:
    """One line comes or goes, and no other."""
    before = user.document.graph
    nodes = [node.name for node in before.nodes]
    if len(nodes) > 1:
        source, target = user.random.choice(nodes), user.random.choice(nodes)
        commands.connect(user.document, source, target)
        after = user.document.graph
        for node in before.nodes:
            had, has = before.sources(node), after.sources(after.node(node.name))
            assert has == had or node.name == target, f"{node.name} takes {has}, not {had}"
        had, has = before.sources(before.node(target)), after.sources(after.node(target))
        assert after is before or (source in had) != (source in has) or had.count(source) > 1


def group(user: User) -> None:
    """Nothing but names is changed."""
    before = user.document.graph
    commands.group(user.document, user.some(), user.random.choice(["block1", "stem", "a.b"]))
    assert [_bare(node) for node in user.document.graph.nodes] == [_bare(node) for node in before.nodes]


def ungroup(user: User) -> None:
    before, name = user.document.graph, user.name()
    commands.ungroup(user.document, [name])
    after = user.document.graph
    assert [_bare(node) for node in after.nodes] == [_bare(node) for node in before.nodes]
    assert name in before or len(after.blocks) <= len(before.blocks)


def set_argument(user: User) -> None:
    nodes = [node for node in user.document.graph.nodes if CATALOGUE[node.kind].fields]
    if nodes:
        node = user.random.choice(nodes)
        field = user.random.choice(CATALOGUE[node.kind].fields)
        value = user.random.choice([0, 1, 2, 3, 7, 64, -1, 0.5, True, None, (1, 7), "same", "zeros"])
        before, checked = user.document.graph, field.check(value)
        commands.set_argument(user.document, [node.name], field.name, checked)
        for old, new in zip(before.nodes, user.document.graph.nodes, strict=True):
            wanted = dict(_values(old)) | ({field.name: checked} if old.name == node.name else {})
            assert _values(new) == wanted, f"{new.name} has {_values(new)}, not {wanted}"


def remake(user: User) -> None:
    blocks = [block for block in user.document.graph.blocks if block.template]
    if blocks:
        block = user.random.choice(blocks)
        fields = [f for f in TEMPLATES[block.template].fields if f.type == "int"]
        if fields:
            field = user.random.choice(fields)
            before, value = user.document.graph, user.random.choice([1, 2, 8, 16])
            commands.set_block_argument(user.document, [block.name], field.name, value)
            after, inside = user.document.graph, set(_inside(before, block.name))
            outside = [node for node in before.nodes if node.name not in inside]
            assert {node.name: _bare(node) for node in outside}.items() <= _named(after).items()
            made = after.block_of(block.name)
            assert made is not None
            assert TEMPLATES[block.template].check(made.arguments)[field.name] == value


def copy(user: User) -> None:
    graph, names = user.document.graph, user.some()
    user.clipboard = fragment(graph, names)
    assert [_bare(n) for n in user.clipboard.nodes] == [_bare(n) for n in graph.nodes if n.name in names]


def paste(user: User) -> None:
    before = user.document.graph
    if user.clipboard is not None and len(before.nodes) < _MOST_NODES:
        commands.paste(user.document, user.clipboard, user.name() if user.names() else None)
        known = {node.name for node in before.nodes}
        fresh = [_bare(node) for node in user.document.graph.nodes if node.name not in known]
        assert fresh == [_bare(node) for node in user.clipboard.nodes]


def undo(user: User) -> None:
    before = user.document.place
    user.document.undo()
    assert user.document.place == max(0, before - 1)


def redo(user: User) -> None:
    before = user.document.place
    user.document.redo()
    assert user.document.place == min(len(user.document.steps) - 1, before + 1)


def set_recipe(user: User) -> None:
    """Often right after saving, when nothing else has been changed."""
    if user.random.random() < 0.5:
        save(user)
    user.document.set_recipe(user.document.recipe.changed(epochs=user.random.randint(1, 99)), "Set epochs")


def save(user: User) -> None:
    user.document.saved_as(Path("somewhere.json"))
    user.saved = user.document.project
    assert not user.document.modified


def select(user: User) -> None:
    wanted = user.some()
    user.document.select([*wanted, "not there"])
    assert list(user.document.selection) == wanted


ACTIONS: tuple[Callable[[User], None], ...] = (
    insert, insert, remove, duplicate, move, rename, connect, group, ungroup, set_argument, set_argument, remake, copy,
    paste, undo, undo, redo, select, save, set_recipe,
)  # fmt: skip


def _bare(node: Node) -> tuple[str, dict[str, object]]:
    """A layer without its name and place."""
    return node.kind, _values(node)


def _values(node: Node) -> dict[str, object]:
    """All arguments, those too that are as they are by default."""
    return {field.name: field.default for field in CATALOGUE[node.kind].fields} | dict(node.arguments)


def _named(graph: Graph) -> dict[str, tuple[str, dict[str, object]]]:
    return {node.name: _bare(node) for node in graph.nodes}


def _inside(graph: Graph, block: str) -> list[str]:
    return [node.name for node in graph.members(block)]
