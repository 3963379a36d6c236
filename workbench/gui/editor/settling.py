"""Places on a line, nearest to the wanted ones, that keep their distances: variables and separation constraints.

Some are placed first, by the feasible solution of Dwyer, Marriott and Stuckey (Fast node overlap removal, 2005): those
that would come too near to each other are held together as a block, which stands at the mean of what they want. The
others make room for them.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

_Near = list[list[tuple[int, float]]]

_FIRM_WEIGHT = 1e9
"""Moves what is firm by less than a millionth of the room that a thousand others want."""


@dataclass(slots=True)
class _Block:
    """Places that move together, with each one's offset, and how heavy they are together."""

    offsets: dict[int, float]
    at: float
    weight: float

    def place(self, number: int) -> float:
        return self.at + self.offsets[number]


def settle(
    wanted: Sequence[float],
    first: Collection[int],
    apart: Mapping[tuple[int, int], float],
    firm: Collection[int] = (),
) -> list[float]:
    """The places of the numbers 0, 1, …, those of ``first`` before the others; of these ``firm`` ones do not give way.

    ``apart`` says how far to the right of one at least another is: two that are firm keep it too, and then share the
    way. Raises `ValueError` where these go in a circle.
    """
    left_of: _Near = [[] for _ in wanted]
    right_of: _Near = [[] for _ in wanted]
    for (left, right), room in apart.items():
        left_of[right].append((left, room))
        right_of[left].append((right, room))
    order = _from_left(left_of, right_of)
    blocks = [_Block({n: 0.0}, wanted[n], _FIRM_WEIGHT if n in firm else 1.0) for n in range(len(wanted))]
    placed = _blocks(blocks, [n for n in order if n in first], _between(first, order, right_of))
    most = [float("inf")] * len(wanted)
    for number in reversed(order):
        most[number] = min([most[right] - room for right, room in right_of[number]], default=most[number])
        most[number] = placed.get(number, most[number])
    for number in order:
        if number not in placed:
            least = max([placed[left] + room for left, room in left_of[number]], default=wanted[number])
            placed[number] = min(max(wanted[number], least), most[number])
    return [placed[number] for number in range(len(wanted))]


def _between(first: Collection[int], order: list[int], right_of: _Near) -> _Near:
    """What of ``first`` is left of each, and how far at least, with the others that stand between them."""
    found: _Near = [[] for _ in order]
    at = {number: place for place, number in enumerate(order)}
    for begin in first:
        far: dict[int, float] = {begin: 0.0}
        waiting = [at[begin]]
        while waiting:
            number = order[heapq.heappop(waiting)]
            if number in first and number != begin:
                found[number].append((begin, far[number]))
                continue
            for right, room in right_of[number]:
                if right not in far:
                    heapq.heappush(waiting, at[right])
                far[right] = max(far.get(right, 0.0), far[number] + room)
    return found


def _blocks(alone: Sequence[_Block], order: list[int], left_of: _Near) -> dict[int, float]:
    block_of: dict[int, _Block] = {}
    for number in order:
        block = block_of[number] = alone[number]
        while True:
            lacking, pair = 1e-9, None
            for right in block.offsets:
                for left, room in left_of[right]:
                    other = block_of[left]
                    if other is not block and other.place(left) + room - block.place(right) > lacking:
                        lacking, pair = other.place(left) + room - block.place(right), (left, right, room)
            if pair is None:
                break
            block = _merged(block_of, *pair)
    return {number: block_of[number].place(number) for number in order}


def _merged(block_of: dict[int, _Block], left: int, right: int, room: float) -> _Block:
    """The two blocks as one, with just the room between these two."""
    one, other = block_of[left], block_of[right]
    shift = one.offsets[left] + room - other.offsets[right]
    weight = one.weight + other.weight
    at = (one.at * one.weight + (other.at - shift) * other.weight) / weight
    block = _Block({**one.offsets, **{n: x + shift for n, x in other.offsets.items()}}, at, weight)
    block_of.update(dict.fromkeys(block.offsets, block))
    return block


def _from_left(left_of: _Near, right_of: _Near) -> list[int]:
    """The numbers, each after those left of it."""
    waiting = [len(near) for near in left_of]
    found = [number for number, count in enumerate(waiting) if not count]
    for number in found:
        for right, _ in right_of[number]:
            waiting[right] -= 1
            if not waiting[right]:
                found.append(right)
    if len(found) != len(waiting):
        raise ValueError("some places are each to the right of the other")
    return found
