"""Lines in sight: none is left out, and few are looked at."""

from __future__ import annotations

import random

import pytest

from workbench.gui.editor.layout import place
from workbench.gui.editor.lines import _InOrder
from workbench.gui.editor.outline import blocks_of, outline
from workbench.presets import build


@pytest.mark.parametrize("name", ["resnet50", "googlenet", "senet154"])
@pytest.mark.parametrize("state", ["open", "closed"])
def test_no_line_in_sight_is_left_out(name: str, state: str) -> None:
    graph = build(name)
    made = outline(graph, blocks_of(graph) if state == "closed" else ())
    placement = place(made, {entry.name: 58.0 for entry in made.entries})
    in_order = _InOrder(placement.lines.values())
    seed = random.randrange(1 << 32)
    print("seed", seed)
    chance = random.Random(seed)
    for _ in range(100):
        top = chance.uniform(-900, placement.height + 100)
        bottom = top + chance.uniform(0, 900)
        seen = [
            points
            for points in placement.lines.values()
            if min(points[0][1], points[-1][1]) <= bottom and max(points[0][1], points[-1][1]) >= top
        ]
        found = in_order.between(top, bottom)
        assert [points for points in found if points in seen] == seen
        # GoogLeNet's heads for training come last in the graph and stand half way down.
        assert len(found) <= len(seen) + 40 or name == "googlenet"


def test_a_line_that_runs_upwards_is_seen_at_both_of_its_ends() -> None:
    lines = [((0.0, 10.0), (0.0, 20.0)), ((0.0, 90.0), (0.0, 30.0)), ((0.0, 40.0), (0.0, 50.0))]
    in_order = _InOrder(lines)
    assert lines[1] in in_order.between(25, 35)
    assert lines[1] in in_order.between(85, 95)
    assert in_order.between(21, 29) == []
