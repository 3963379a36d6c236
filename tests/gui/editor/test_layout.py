"""The layout: cards never overlap, lines never cross a card, all presets, open and closed."""

from __future__ import annotations

import itertools
import random

import pytest

from workbench.graph import Builder, Graph, Node, edits
from workbench.gui.editor import layout
from workbench.gui.editor.columns import CARD_WIDTH, columns
from workbench.gui.editor.layout import Placement, place
from workbench.gui.editor.outline import Outline, blocks_of, first_closed, outline
from workbench.presets import PRESETS, build

_HEIGHT = 58.0


def _placed(name: str, closed: frozenset[str]) -> tuple[Placement, list[tuple[str, str]]]:
    made = outline(build(name), closed)
    return place(made, {entry.name: _HEIGHT for entry in made.entries}), list(made.edges)


@pytest.mark.parametrize("name", PRESETS)
@pytest.mark.parametrize("state", ["first", "open", "closed"])
def test_cards_stand_apart_and_lines_pass_between_them(name: str, state: str) -> None:
    graph = build(name)
    closed = {"first": first_closed(graph), "open": frozenset(), "closed": frozenset(blocks_of(graph))}[state]
    placement, edges = _placed(name, closed)
    rows: dict[float, list[float]] = {}
    for x, y in placement.centres.values():
        rows.setdefault(y, []).append(x)
    for places in rows.values():
        places.sort()
        assert all(right - left >= CARD_WIDTH for left, right in itertools.pairwise(places))
    tops = sorted((y - _HEIGHT / 2, y) for y in rows)
    for upper, lower in edges:
        points = placement.lines[upper, lower]
        assert points[0][1] <= points[-1][1], "lines run downwards"
        # Within a row a line is upright, and no card of that row is where it passes.
        for (x0, y0), (x1, y1) in itertools.pairwise(points):
            for top, y in tops:
                bottom = top + _HEIGHT
                if y0 <= top and y1 >= bottom:
                    assert x0 == x1
                    assert all(abs(x - x0) > CARD_WIDTH / 2 for x in rows[y])


def _stand_apart(placement: Placement) -> bool:
    rows: dict[float, list[float]] = {}
    for x, y in placement.centres.values():
        rows.setdefault(y, []).append(x)
    return all(b - a >= CARD_WIDTH for places in rows.values() for a, b in itertools.pairwise(sorted(places)))


@pytest.mark.parametrize("length", [1, 2, 3, 12])
def test_a_dead_end_stands_beside_the_stack_which_stays_straight(length: int) -> None:
    graph = build("lenet5")
    for number in range(length):
        source = f"end{number - 1}" if number else "conv1"
        graph = edits.insert(
            graph, Node(f"end{number}", "ReLU", inputs=(source,)), f"end{number - 1}" if number else "fc3"
        )
    made = outline(graph, frozenset())
    placement = place(made, {entry.name: _HEIGHT for entry in made.entries})
    assert _stand_apart(placement)
    if length < 12:
        assert {x for name, (x, _) in placement.centres.items() if not name.startswith("end")} == {0.0}


def test_cards_stand_apart_however_a_graph_is_wired() -> None:
    """Dead ends too, and several of them: what a person makes while connecting cards."""
    seed = random.randrange(1 << 32)
    print("seed", seed)
    chance = random.Random(seed)
    for _ in range(100):
        graph = build("lenet5")
        for _ in range(chance.randint(1, 8)):
            names = [node.name for node in graph.nodes]
            at = chance.randrange(1, len(names))
            graph = edits.set_inputs(graph, names[at], (chance.choice(["input", *names[:at]]),))
        made = outline(graph, frozenset())
        assert _stand_apart(place(made, {entry.name: _HEIGHT for entry in made.entries}))


def test_a_plain_stack_is_one_column() -> None:
    placement, _ = _placed("lenet5", frozenset())
    assert {x for x, _ in placement.centres.values()} == {0.0}


def test_the_branches_of_an_inception_block_stand_side_by_side() -> None:
    graph = build("googlenet")
    closed = first_closed(graph) - {"inception3a"}
    placement, _ = _placed("googlenet", closed)
    first = [n for n in placement.centres if n.startswith("inception3a.branch")]
    assert len({round(placement.centres[n][0]) for n in first}) >= 4


@pytest.mark.parametrize("name", ["resnet152", "se-resnet50", "cifar-resnet110"])
def test_a_long_stack_does_not_lean(name: str) -> None:
    placement, _ = _placed(name, frozenset())
    assert {round(placement.centres[node.name][0]) for node in build(name).nodes if node.kind == "Add"} == {0}
    assert placement.width < 3 * CARD_WIDTH


@pytest.mark.parametrize("name", ["resnet18", "resnet50", "se-resnet50"])
def test_a_residual_block_stands_straight_and_its_projection_beside_it(name: str) -> None:
    placement, _ = _placed(name, frozenset())
    beside = {card: x for card, (x, _) in placement.centres.items() if "downsample" in card}
    assert len(beside) >= 6
    assert {x for card, (x, _) in placement.centres.items() if card not in beside} == {0.0}
    assert min(beside.values()) > CARD_WIDTH
    assert len(set(beside.values())) == 1


@pytest.mark.parametrize("is_open", [True, False])
def test_the_trunk_stands_straight_beside_auxiliary_heads(is_open: bool) -> None:
    graph = build("googlenet")
    placement, _ = _placed("googlenet", frozenset() if is_open else frozenset(blocks_of(graph)))
    trunk = [n for n in placement.centres if n.startswith(("concat", "maxpool", "inception")) and ".branch" not in n]
    assert len(trunk) > 9
    assert {round(placement.centres[name][0], 3) for name in trunk} == {0}
    heads = [x for name, (x, _) in placement.centres.items() if name.startswith("aux")]
    assert min(heads) > 0
    assert len(set(heads)) == 1


def test_each_branch_of_an_inception_block_stands_straight_and_in_its_order() -> None:
    placement, _ = _placed("googlenet", frozenset())
    for block in ("inception3a", "inception4b", "inception5b"):
        branches = [
            {x for name, (x, _) in placement.centres.items() if name.startswith(f"{block}.branch{number}")}
            for number in (1, 2, 3, 4)
        ]
        assert [len(places) for places in branches] == [1, 1, 1, 1]
        places = [x for (x,) in branches]
        assert places == sorted(places)
        assert sum(places) == pytest.approx(0)


def test_cards_stand_straight_however_many_lines_pass_them() -> None:
    builder = Builder((3, 32, 32))
    values = [builder.add("stem", "Conv2d", out_channels=8, kernel_size=3, padding=1)]
    for number in range(8):
        source = builder.add(f"join{number}", "Concatenate", *values) if number else values[0]
        builder.add(f"conv{number}", "Conv2d", source, out_channels=8, kernel_size=3, padding=1)
        values.append(builder.add(f"relu{number}", "ReLU"))
    made = outline(builder.build("dense"), frozenset())
    placement = place(made, {entry.name: _HEIGHT for entry in made.entries})
    assert {x for x, _ in placement.centres.values()} == {0.0}


@pytest.mark.parametrize("name", ["lenet5", "resnet18", "googlenet", "se-resnet50"])
def test_placing_after_an_edit_is_placing_anew(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is remembered is held against placing without any memory, also where only a line runs elsewhere."""
    seed = random.randrange(1 << 32)
    print("seed", seed)
    chance = random.Random(seed)
    graph = build(name)
    rewired = 0
    for step in range(30):
        graph, of_rows = _edited(graph, chance, step)
        made = outline(graph, chance.choice([frozenset(), first_closed(graph)]))
        heights = {entry.name: chance.choice([_HEIGHT, 88.0]) for entry in made.entries}
        after = place(made, heights)
        assert after == _without_memory(made, heights, monkeypatch)
        rewired += not of_rows
    assert rewired


def _without_memory(made: Outline, heights: dict[str, float], monkeypatch: pytest.MonkeyPatch) -> Placement:
    with monkeypatch.context() as patch:
        patch.setattr(layout, "columns", columns.__wrapped__)
        return place(made, heights)


def _edited(graph: Graph, chance: random.Random, step: int) -> tuple[Graph, bool]:
    """A layer put in, taken out or moved, or a line across several layers: and whether it may have moved rows."""
    names = [node.name for node in graph.nodes]
    name = chance.choice(names)
    joins = [node for node in graph.nodes if node.name.startswith("join")]
    what = "turn" if joins and step % 3 == 2 else chance.choice(["insert", "remove", "join"]) if step else "join"
    if what == "turn":
        # The join keeps the layer just above it, so that every row stays, and takes its other value from elsewhere.
        join = chance.choice(joins)
        above = graph.sources(join)[-1]
        first = chance.choice(names[: names.index(above) + 1] if above in names else [above])
        return edits.set_inputs(graph, join.name, (first, above)), False
    if what == "remove" and len(names) > 8:
        return edits.remove(graph, name), True
    if what == "join":
        first = chance.choice(names[: names.index(name) + 1])
        return edits.insert(graph, Node(f"join{step}", "Add", inputs=(first, name)), name), True
    return edits.insert(graph, Node(f"new{step}", "ReLU"), name), True
