"""Where cards stand and how lines run: a layered drawing (Sugiyama, Tagawa and Toda 1981), small and without chance.

Rows follow the longest path from the input. A line that spans rows gets a place of its own in each row between, so it
never crosses a card; cards of a row stand side by side in the order that crosses fewest lines.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from workbench.gui.editor.outline import Outline

CARD_WIDTH = 236.0
LANE_WIDTH = 10.0
COLUMN_GAP = 26.0
ROW_GAP = 26.0

_SWEEPS = 4
_LANE_WEIGHT = 0.02
"""How much a line that passes counts beside a card when both want the same place."""


@dataclass(frozen=True)
class Placement:
    """Centres and heights of cards by name, lines as points from card to card, and how large it all is."""

    centres: Mapping[str, tuple[float, float]]
    heights: Mapping[str, float]
    lines: Mapping[tuple[str, str], tuple[tuple[float, float], ...]]
    width: float
    height: float


@dataclass
class _Slot:
    """A card or a passing line in one row."""

    row: int
    width: float
    weight: float
    above: list[int] = field(default_factory=list)
    below: list[int] = field(default_factory=list)
    x: float = 0.0


def place(outline: Outline, heights: Mapping[str, float]) -> Placement:
    """Lay out the cards with these heights. Linear in cards and lines but for the sorting of rows."""
    rows = _rows(outline)
    slots: list[_Slot] = []
    number = {}
    for entry in outline.entries:
        number[entry.name] = len(slots)
        slots.append(_Slot(rows[entry.name], CARD_WIDTH, 1.0))
    paths: dict[tuple[str, str], list[int]] = {}
    for edge in outline.edges:
        first, last = (number[name] for name in edge)
        chain = [first]
        for row in range(slots[first].row + 1, slots[last].row):
            slots.append(_Slot(row, LANE_WIDTH, _LANE_WEIGHT))
            chain.append(len(slots) - 1)
        chain.append(last)
        for upper, lower in itertools.pairwise(chain):
            slots[upper].below.append(lower)
            slots[lower].above.append(upper)
        paths[edge] = chain
    levels = _ordered(slots)
    _spread(slots, levels)
    tops, bottoms = _row_bounds(outline, heights, rows, len(levels))
    centres = {
        name: (slots[place].x, (tops[slots[place].row] + bottoms[slots[place].row]) / 2)
        for name, place in number.items()
    }
    lines = {edge: _line(edge, chain, slots, centres, heights, tops, bottoms) for edge, chain in paths.items()}
    left = min((slot.x - slot.width / 2 for slot in slots), default=0.0)
    right = max((slot.x + slot.width / 2 for slot in slots), default=0.0)
    return Placement(centres, dict(heights), lines, right - left, bottoms[-1] if bottoms else 0.0)


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
    # A closed block may take a value of a card that stands below its first node: go on until nothing moves.
    pending = [entry.name for entry in outline.entries]
    for _ in range(len(pending) + 1):
        moved = False
        for name in pending:
            row = max((rows.get(source, 0) + 1 for source in incoming.get(name, ())), default=0)
            if rows.get(name) != row:
                rows[name], moved = row, True
        if not moved:
            break
    return rows


def _ordered(slots: list[_Slot]) -> list[list[int]]:
    """The slots of each row from left to right, by the mean place of their neighbours, down and up in turn."""
    levels: list[list[int]] = [[] for _ in range(max((slot.row for slot in slots), default=-1) + 1)]
    for number, slot in enumerate(slots):
        levels[slot.row].append(number)
    order = {number: float(place) for level in levels for place, number in enumerate(level)}
    for sweep in range(_SWEEPS):
        down = sweep % 2 == 0
        for level in levels if down else reversed(levels):
            if len(level) < 2:
                continue
            wanted = {}
            for number in level:
                neighbours = slots[number].above if down else slots[number].below
                wanted[number] = sum(order[n] for n in neighbours) / len(neighbours) if neighbours else order[number]
            # Passing lines give way to cards: they stand to the right of what they come from.
            level.sort(key=lambda n: (wanted[n], slots[n].weight < 1, order[n]))
            order.update({number: float(place) for place, number in enumerate(level)})
    return levels


def _spread(slots: list[_Slot], levels: list[list[int]]) -> None:
    """Give every slot a centre near its neighbours' with room between, cards before passing lines."""
    for sweep in range(2 * _SWEEPS):
        down = sweep % 2 == 0
        for level in levels if down else reversed(levels):
            wanted = []
            for number in level:
                slot = slots[number]
                neighbours = (slot.above if down else slot.below) or slot.above or slot.below
                heavy = [n for n in neighbours if slots[n].weight == 1] or neighbours
                chosen = heavy if slot.weight == 1 else neighbours
                wanted.append(sum(slots[n].x for n in chosen) / len(chosen) if chosen else slot.x)
            _settle(slots, level, wanted)


def _settle(slots: list[_Slot], level: Sequence[int], wanted: Sequence[float]) -> None:
    """The places nearest to the wanted ones that keep order and distance: pool adjacent violators."""
    offsets, offset = [], 0.0
    for place, number in enumerate(level):
        if place:
            before = slots[level[place - 1]]
            offset += (before.width + slots[number].width) / 2 + COLUMN_GAP
        offsets.append(offset)
    pools: list[list[float]] = []  # mean, weight, count
    for number, want, shift in zip(level, wanted, offsets, strict=True):
        pools.append([want - shift, slots[number].weight, 1])
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            mean, weight, count = pools.pop()
            last = pools[-1]
            last[0] = (last[0] * last[1] + mean * weight) / (last[1] + weight)
            last[1] += weight
            last[2] += count
    at = 0
    for mean, _, count in pools:
        for place in range(at, at + int(count)):
            slots[level[place]].x = mean + offsets[place]
        at += int(count)


def _row_bounds(
    outline: Outline, heights: Mapping[str, float], rows: Mapping[str, int], count: int
) -> tuple[list[float], list[float]]:
    tallest = [0.0] * count
    for entry in outline.entries:
        tallest[rows[entry.name]] = max(tallest[rows[entry.name]], heights[entry.name])
    tops, bottoms, y = [], [], 0.0
    for height in tallest:
        tops.append(y)
        bottoms.append(y + height)
        y += height + ROW_GAP
    return tops, bottoms


def _line(
    edge: tuple[str, str],
    chain: list[int],
    slots: list[_Slot],
    centres: Mapping[str, tuple[float, float]],
    heights: Mapping[str, float],
    tops: list[float],
    bottoms: list[float],
) -> tuple[tuple[float, float], ...]:
    upper, lower = edge
    x, y = centres[upper]
    points = [(x, y + heights[upper] / 2), (x, bottoms[slots[chain[0]].row])]
    for number in chain[1:-1]:
        slot = slots[number]
        points += [(slot.x, tops[slot.row]), (slot.x, bottoms[slot.row])]
    x, y = centres[lower]
    points += [(x, tops[slots[chain[-1]].row]), (x, y - heights[lower] / 2)]
    return tuple(points)
