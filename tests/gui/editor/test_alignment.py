"""Two drawings made to agree: matched cards stand side by side, and nothing is torn or laid over another."""

from __future__ import annotations

import itertools

import pytest

from workbench.graph import match
from workbench.gui.editor.comparison.alignment import align
from workbench.gui.editor.layout import Placement, place
from workbench.gui.editor.outline import first_closed, outline
from workbench.presets import build

_HEIGHT = 58.0


def drawn(name: str, closed: bool) -> tuple[Placement, dict[str, str]]:
    graph = build(name)
    made = outline(graph, first_closed(graph) if closed else ())
    return place(made, {entry.name: _HEIGHT for entry in made.entries}), {
        node: entry.name for entry in made.entries for node in entry.nodes or (entry.name,)
    }


@pytest.mark.parametrize("closed", [True, False])
@pytest.mark.parametrize(
    ("one", "other"), [("vgg11", "vgg11-bn"), ("resnet18", "se-resnet18"), ("googlenet-paper", "googlenet")]
)
def test_aligned_drawings_keep_their_order_and_their_lines(one: str, other: str, closed: bool) -> None:
    (left, left_of), (right, right_of) = drawn(one, closed), drawn(other, closed)
    pairs = [(left_of[a], right_of[b]) for a, b in match(build(one), build(other)).pairs]
    for before, after in zip((left, right), align(left, right, pairs), strict=True):
        rows = sorted({y for _, y in after.centres.values()})
        assert all(lower - upper >= _HEIGHT for upper, lower in itertools.pairwise(rows))
        order = sorted(before.centres, key=lambda name: before.centres[name][1])
        heights = [after.centres[name][1] for name in order]
        assert heights == sorted(heights)
        for (upper, lower), points in after.lines.items():
            assert points[0][1] == pytest.approx(after.centres[upper][1] + _HEIGHT / 2)
            assert points[-1][1] == pytest.approx(after.centres[lower][1] - _HEIGHT / 2)


def test_matched_layers_of_stacks_stand_side_by_side_with_room_for_what_was_added() -> None:
    (left, _), (right, _) = drawn("vgg11", False), drawn("vgg11-bn", False)
    pairs = match(build("vgg11"), build("vgg11-bn")).pairs
    aligned = align(left, right, pairs)
    assert all(aligned[0].centres[a][1] == aligned[1].centres[b][1] for a, b in pairs)
    assert aligned[1] == right, "the side with more layers stays as it was"
    assert aligned[0].height == right.height
