"""Where cards and passing lines stand across, in a part of the stack: rows in order, each with room between."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

CARD_WIDTH = 236.0
LANE_WIDTH = 10.0
COLUMN_GAP = 26.0

_SWEEPS = 4
_LANE_WEIGHT = 0.02
"""How much a line that passes counts beside a card when both want the same place."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The centres across of cards, and for each line those of the rows that it passes."""

    cards: tuple[float, ...]
    lanes: tuple[tuple[float, ...], ...]


@dataclass
class _Slot:
    """A card or a passing line in one row."""

    row: int
    width: float
    weight: float
    above: list[int] = field(default_factory=list)
    below: list[int] = field(default_factory=list)
    x: float = 0.0


@lru_cache(maxsize=512)
def columns(rows: tuple[int, ...], edges: tuple[tuple[int, int], ...]) -> Columns:
    """Place cards, given by their rows, and the edges between them, given by the cards' numbers.

    Remembered: the equal blocks of a network look alike, and an edit leaves most of them as they are.
    """
    slots = [_Slot(row, CARD_WIDTH, 1.0) for row in rows]
    chains = []
    for first, last in edges:
        chain = [first]
        for row in range(rows[first] + 1, rows[last]):
            slots.append(_Slot(row, LANE_WIDTH, _LANE_WEIGHT))
            chain.append(len(slots) - 1)
        chain.append(last)
        for upper, lower in itertools.pairwise(chain):
            slots[upper].below.append(lower)
            slots[lower].above.append(upper)
        chains.append(chain)
    _spread(slots, _ordered(slots))
    places = [slot.x for slot in slots]
    return Columns(
        tuple(places[: len(rows)]), tuple(tuple(places[number] for number in chain[1:-1]) for chain in chains)
    )


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
    """Give every slot a centre near its neighbours' with room between, cards before passing lines.

    What is alone in its row stays in the middle: else a long stack would lean, a little with every branch.
    """
    for sweep in range(2 * _SWEEPS):
        down = sweep % 2 == 0
        for level in levels if down else reversed(levels):
            if len(level) < 2:
                continue
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
