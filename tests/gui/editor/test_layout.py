"""The layout: cards never overlap, lines never cross a card, all presets, open and closed."""

from __future__ import annotations

import itertools

import pytest

from workbench.gui.editor.layout import CARD_WIDTH, Placement, place
from workbench.gui.editor.outline import blocks_of, first_closed, outline
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


def test_a_plain_stack_is_one_column() -> None:
    placement, _ = _placed("lenet5", frozenset())
    assert {x for x, _ in placement.centres.values()} == {0.0}


def test_the_branches_of_an_inception_block_stand_side_by_side() -> None:
    graph = build("googlenet")
    closed = first_closed(graph) - {"inception3a"}
    placement, _ = _placed("googlenet", closed)
    first = [n for n in placement.centres if n.startswith("inception3a.branch")]
    assert len({round(placement.centres[n][0]) for n in first}) >= 4
