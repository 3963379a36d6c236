"""Where cards and passing lines stand across, in a part of the stack: rows in order, each with room between.

Cards and lines that follow each other alone make a column, which stands straight (Brandes and Köpf 2001); columns stand
as near to what they come from and lead to as those beside them allow, those of cards first (`settling`).
"""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from workbench.gui.editor.settling import settle

CARD_WIDTH = 260.0
LANE_WIDTH = 10.0
COLUMN_GAP = 26.0

_SWEEPS = 4
_ASIDE_WEIGHT = 1e-4
_LANE_WEIGHT = 1e-8
"""How much what stands aside, and a line that passes, count beside a card when both want the same place."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The centres across of cards, and for each line those of the rows that it passes."""

    cards: tuple[float, ...]
    lanes: tuple[tuple[float, ...], ...]


@dataclass(slots=True)
class _Slot:
    """A card or a passing line in one row."""

    row: int
    width: float
    weight: float
    above: list[int] = field(default_factory=list)
    below: list[int] = field(default_factory=list)


@dataclass(slots=True)
class _Column:
    """Slots that stand straight above each other, the first and the last of them by number."""

    slots: list[int]
    weight: float
    is_fixed: bool
    x: float = 0.0


@lru_cache(maxsize=512)
def columns(rows: tuple[int, ...], edges: tuple[tuple[int, int], ...], aside: frozenset[int] = frozenset()) -> Columns:
    """Place cards, given by their rows, and the edges between them, given by the cards' numbers.

    Cards ``aside`` make room for the others, as lines do. Remembered: the equal blocks of a network look alike, and an
    edit leaves most of them as they are.
    """
    slots = [_Slot(row, CARD_WIDTH, _ASIDE_WEIGHT if card in aside else 1.0) for card, row in enumerate(rows)]
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
    places = _placed(slots, _ordered(slots))
    return Columns(
        tuple(places[: len(rows)]), tuple(tuple(places[number] for number in chain[1:-1]) for chain in chains)
    )


def _ordered(slots: list[_Slot]) -> list[list[int]]:
    """The slots of each row from left to right, by the mean place of their neighbours, down and up in turn.

    What wants the same place keeps its order, which is at first the graph's: cards, what stands aside, passing lines.
    """
    levels: list[list[int]] = [[] for _ in range(max((slot.row for slot in slots), default=-1) + 1)]
    for number, slot in enumerate(slots):
        levels[slot.row].append(number)
    for level in levels:
        level.sort(key=lambda n: -slots[n].weight)
    order = {number: float(place) for level in levels for place, number in enumerate(level)}
    for sweep in range(_SWEEPS):
        down = sweep % 2 == 0
        for level in levels if down else reversed(levels):
            if len(level) < 2:
                continue
            wanted = {n: _mean_place(slots, slots[n].above if down else slots[n].below, order, n) for n in level}
            level.sort(key=lambda n: (wanted[n], order[n]))
            order.update({number: float(place) for place, number in enumerate(level)})
    return levels


def _mean_place(slots: list[_Slot], neighbours: Sequence[int], order: Mapping[int, float], number: int) -> float:
    """The mean place of a slot's neighbours, cards first: it stays below its card, whatever lines come in beside."""
    weight = sum(slots[n].weight for n in neighbours)
    return sum(slots[n].weight * order[n] for n in neighbours) / weight if neighbours else order[number]


def _placed(slots: list[_Slot], levels: list[list[int]]) -> list[float]:
    """The centre of every slot.

    What is alone in its row stays in the middle: else a long stack would lean, a little with every branch.
    """
    made = _straight(slots, levels)
    column_of = {number: place for place, column in enumerate(made) for number in column.slots}
    apart: dict[tuple[int, int], float] = {}
    for level in levels:
        for left, right in itertools.pairwise(level):
            pair = column_of[left], column_of[right]
            room = (slots[left].width + slots[right].width) / 2 + COLUMN_GAP
            apart[pair] = max(room, apart.get(pair, 0.0))
    near = [
        (
            [column_of[n] for n in _heavy(slots, slots[column.slots[0]].above, column.weight)],
            [column_of[n] for n in _heavy(slots, slots[column.slots[-1]].below, column.weight)],
        )
        for column in made
    ]
    first = frozenset(number for number, column in enumerate(made) if column.weight == 1)
    firm = frozenset(number for number in first if made[number].is_fixed)
    for _ in range(_SWEEPS):
        wanted = []
        for column, (above, below) in zip(made, near, strict=True):
            means = [sum(made[n].x for n in side) / len(side) for side in (above, below) if side]
            wanted.append(0.0 if column.is_fixed else sum(means) / len(means) if means else column.x)
        for column, x in zip(made, settle(wanted, first, apart, firm), strict=True):
            column.x = round(x, 3)
    return [made[column_of[number]].x for number in range(len(slots))]


def _heavy(slots: list[_Slot], neighbours: Sequence[int], weight: float) -> Sequence[int]:
    """Those that count for a column of this weight: cards for cards, where there are any."""
    return [n for n in neighbours if slots[n].weight >= weight] or neighbours


def _straight(slots: list[_Slot], levels: list[list[int]]) -> list[_Column]:
    """Every slot in one column: with the one above it where each is the other's only neighbour there.

    Columns that cross would each stand left of the other: of two that do the weightier goes on. A line that passes the
    cards on their left and then on their right bends, so that the cards need not.
    """
    under: dict[int, int] = {}
    for upper, lower in itertools.pairwise(levels):
        place = {number: at for at, number in enumerate(upper)}
        below = {number: at for at, number in enumerate(lower)}
        pairs = [(n, slots[n].below[0]) for n in upper if _goes_straight_on(slots, n)]
        pairs.sort(key=lambda pair: (-min(slots[pair[0]].weight, slots[pair[1]].weight), place[pair[0]]))
        cards, cards_below = _cards(slots, upper), _cards(slots, lower)
        taken: list[tuple[int, int]] = []
        for pair in pairs:
            ends = place[pair[0]], below[pair[1]]
            at = bisect.bisect(taken, ends)
            is_crossing = (at and taken[at - 1][1] > ends[1]) or (at < len(taken) and taken[at][1] < ends[1])
            if not is_crossing and not _changes_sides(ends, cards, cards_below):
                taken.insert(at, ends)
                under[pair[0]] = pair[1]
    made = []
    inner = set(under.values())
    for level in levels:
        for number in level:
            if number in inner:
                continue
            chain = [number]
            while chain[-1] in under:
                chain.append(under[chain[-1]])
            is_fixed = any(len(levels[slots[n].row]) == 1 for n in chain)
            made.append(_Column(chain, max(slots[n].weight for n in chain), is_fixed))
    return made


def _goes_straight_on(slots: list[_Slot], number: int) -> bool:
    """Whether one slot is below, in the next row, which comes from this one alone."""
    below = slots[number].below
    return len(below) == 1 and slots[below[0]].above == [number] and slots[below[0]].row == slots[number].row + 1


def _cards(slots: list[_Slot], level: list[int]) -> tuple[int, int] | None:
    """The places of the first and the last card of a row."""
    found = [place for place, number in enumerate(level) if slots[number].weight == 1]
    return (found[0], found[-1]) if found else None


def _changes_sides(ends: tuple[int, int], cards: tuple[int, int] | None, below: tuple[int, int] | None) -> bool:
    """Whether at these places of two rows there are only cards to the right, and then only cards to the left."""
    if cards is None or below is None:
        return False
    return (ends[0] < cards[0] and ends[1] > below[1]) or (ends[0] > cards[1] and ends[1] < below[0])
