"""Where cards stand and how lines run: a layered drawing (Sugiyama, Tagawa and Toda 1981), small and without chance.

Rows follow the longest path from the input. A line that spans rows gets a place of its own in each row between, so it
never crosses a card; cards of a row stand side by side in the order that crosses fewest lines. A card that is alone in
its row, with no line beside it, stands in the middle and parts the stack in two that do not touch each other.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from workbench.gui.editor.columns import CARD_WIDTH, LANE_WIDTH, columns
from workbench.gui.editor.outline import Outline

ROW_GAP = 26.0
NAME_GAP = 14.0
"""More room above a row where open blocks begin: lines come in over the names on their frames."""

_Edge = tuple[str, str]
Points = tuple[tuple[float, float], ...]
"""A line from card to card, from corner to corner."""


@dataclass(frozen=True)
class Placement:
    """Centres and heights of cards by name, lines as points from card to card, and how far it all reaches."""

    centres: Mapping[str, tuple[float, float]]
    heights: Mapping[str, float]
    lines: Mapping[tuple[str, str], Points]
    left: float
    right: float
    height: float

    @property
    def width(self) -> float:
        return self.right - self.left


def place(outline: Outline, heights: Mapping[str, float]) -> Placement:
    """Lay out the cards with these heights. Linear in cards and lines but for parts of a shape not seen before."""
    rows = _rows(outline)
    across, lanes = _across(outline, rows)
    named = {rows[members[0]] for _, members in outline.frames}
    tops, bottoms = _row_bounds(outline, heights, rows, named)
    # Where lines have come to their place across, in each row.
    entries = [top - NAME_GAP if row in named else top for row, top in enumerate(tops)]
    middles = [(top + bottom) / 2 for top, bottom in zip(tops, bottoms, strict=True)]
    centres = {name: (x, middles[rows[name]]) for name, x in across.items()}
    lines: dict[_Edge, Points] = {}
    for edge in outline.edges:
        upper, lower = edge
        first, last = rows[upper], rows[lower]
        (x, y), (to_x, to_y) = centres[upper], centres[lower]
        passed: list[tuple[float, float]] = []
        for row, lane in enumerate(lanes.get(edge, ()), first + 1):
            passed += [(lane, entries[row]), (lane, bottoms[row])]
        start, end = y + heights[upper] / 2, to_y - heights[lower] / 2
        lines[edge] = ((x, start), (x, bottoms[first]), *passed, (to_x, entries[last]), (to_x, end))
    return Placement(centres, dict(heights), lines, *reach(centres, lines), bottoms[-1] if bottoms else 0.0)


def reach(centres: Mapping[str, tuple[float, float]], lines: Mapping[_Edge, Points]) -> tuple[float, float]:
    """How far to the left and to the right cards and lines stand."""
    cards = {x for x, _ in centres.values()}
    # The first two points of a line are at the card that it leaves, the last two at the one that it leads to.
    lanes = {x for points in lines.values() if len(points) > 4 for x, _ in points[2:-2]}
    left = [x - CARD_WIDTH / 2 for x in cards] + [x - LANE_WIDTH / 2 for x in lanes]
    right = [x + CARD_WIDTH / 2 for x in cards] + [x + LANE_WIDTH / 2 for x in lanes]
    return min(left, default=0.0), max(right, default=0.0)


def opened(placement: Placement, edge: float, gap: float) -> Placement:
    """With all that stands below an edge moved down by ``gap``, so that a card would find room."""

    def down(y: float) -> float:
        return y + gap if y > edge + 0.5 else y

    return replace(
        placement,
        centres={name: (x, down(y)) for name, (x, y) in placement.centres.items()},
        lines={line: tuple((x, down(y)) for x, y in points) for line, points in placement.lines.items()},
    )


def _rows(outline: Outline) -> dict[str, int]:
    incoming: dict[str, list[str]] = {}
    for upper, lower in outline.edges:
        incoming.setdefault(lower, []).append(upper)
    rows: dict[str, int] = {}
    # A closed block may take a value of a card that stands below its first node: go on until every line runs down.
    for _ in range(len(outline.entries) + 1):
        for entry in outline.entries:
            above = incoming.get(entry.name)
            rows[entry.name] = max([rows.get(source, 0) for source in above]) + 1 if above else 0
        if all(rows[upper] < rows[lower] for upper, lower in outline.edges):
            break
    return rows


def _across(outline: Outline, rows: Mapping[str, int]) -> tuple[dict[str, float], dict[_Edge, tuple[float, ...]]]:
    """The centres of cards, and of lines in the rows that they pass."""
    across = dict.fromkeys(rows, 0.0)
    lanes: dict[_Edge, tuple[float, ...]] = {}
    part = _parts(outline, rows)
    aside = outline.aside | _shortcuts(outline, rows)
    cards: dict[int, list[str]] = {}
    for name, row in rows.items():
        for found in [part[row]] if part[row] is not None else [part[row - 1], part[row + 1]]:
            if found is not None:
                cards.setdefault(found, []).append(name)
    edges: dict[int, list[_Edge]] = {}
    for edge in outline.edges:
        row = min(rows[edge[0]], rows[edge[1]])
        found = part[row] if part[row] is not None else part[row + 1]
        if found is not None:
            edges.setdefault(found, []).append(edge)
    for first, names in cards.items():
        number = {name: place for place, name in enumerate(names)}
        lines = edges.get(first, [])
        made = columns(
            tuple([rows[name] - first for name in names]),
            tuple([(number[upper], number[lower]) for upper, lower in lines]),
            frozenset([number[name] for name in names if name in aside]),
        )
        across.update(zip(names, made.cards, strict=True))
        lanes.update(zip(lines, made.lanes, strict=True))
    return across, lanes


def _shortcuts(outline: Outline, rows: Mapping[str, int]) -> frozenset[str]:
    """The cards of shorter ways to a sum, such as a residual block's projection: its longest way stands straight."""
    above: dict[str, list[str]] = {}
    leads_to = Counter(upper for upper, _ in outline.edges)
    for upper, lower in outline.edges:
        above.setdefault(lower, []).append(upper)
    found = set()
    for entry in outline.entries:
        ends = above.get(entry.name, []) if entry.kind == "Add" else []
        for name in ends:
            if rows[name] == rows[entry.name] - 1:
                continue
            # Up to where the ways part; what is fed from several cards is more than a shortcut.
            way = []
            while leads_to[name] == 1 and len(above.get(name, ())) == 1:
                way.append(name)
                (name,) = above[name]
            found.update(way)
    return frozenset(found)


def _parts(outline: Outline, rows: Mapping[str, int]) -> list[int | None]:
    """For each row that holds several cards or lines, the row of the last card alone above it, or -1.

    None for the rows of cards alone, and for one row more.
    """
    count = max(rows.values(), default=-1) + 1
    cards, begun = [0] * count, [0] * (count + 1)
    for row in rows.values():
        cards[row] += 1
    for upper, lower in outline.edges:
        # Between closed blocks that take each other's values a line may run upwards.
        first, last = sorted((rows[upper], rows[lower]))
        if last > first:
            begun[first + 1] += 1
            begun[last] -= 1
    part: list[int | None] = []
    alone = -1
    for row, passing in enumerate(itertools.accumulate(begun[:count])):
        if cards[row] == 1 and not passing:
            alone = row
            part.append(None)
        else:
            part.append(alone)
    return [*part, None]


def _row_bounds(
    outline: Outline, heights: Mapping[str, float], rows: Mapping[str, int], named: Collection[int]
) -> tuple[list[float], list[float]]:
    tallest = [0.0] * (max(rows.values(), default=-1) + 1)
    for entry in outline.entries:
        tallest[rows[entry.name]] = max(tallest[rows[entry.name]], heights[entry.name])
    tops, bottoms, y = [], [], 0.0
    for row, height in enumerate(tallest):
        y += NAME_GAP if row in named else 0.0
        tops.append(y)
        bottoms.append(y + height)
        y += height + ROW_GAP
    return tops, bottoms
