"""Two drawings made to agree: rows that show the same layer stand at one height, with room above where it is needed."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import replace

from workbench.gui.editor.layout import Placement

_Shifts = tuple[list[float], list[float]]
"""From which height on how far down; both rise."""


def align(left: Placement, right: Placement, pairs: Iterable[tuple[str, str]]) -> tuple[Placement, Placement]:
    """Move rows of both down until the cards of each pair stand side by side.

    Pairs are taken in their order; one that would have to stand above an earlier one stays where it is.
    """
    shifts: tuple[_Shifts, _Shifts] = (([], []), ([], []))
    shift = (0.0, 0.0)
    last = (float("-inf"), float("-inf"))
    for one, other in pairs:
        tops = _row_top(left, one), _row_top(right, other)
        if tops[0] <= last[0] or tops[1] <= last[1]:
            continue
        last = tops
        height = max(tops[0] + shift[0], tops[1] + shift[1])
        shift = height - tops[0], height - tops[1]
        for side in (0, 1):
            shifts[side][0].append(tops[side])
            shifts[side][1].append(shift[side])
    return _moved(left, shifts[0]), _moved(right, shifts[1])


def _row_top(placement: Placement, name: str) -> float:
    return placement.centres[name][1] - placement.heights[name] / 2


def _moved(placement: Placement, shifts: _Shifts) -> Placement:
    tops, distances = shifts

    def down(y: float) -> float:
        # Lines begin and end at the very edges of rows, which rounding must not tear from their cards.
        place = bisect_right(tops, y + 0.5)
        return y + distances[place - 1] if place else y

    centres = {name: (x, down(y)) for name, (x, y) in placement.centres.items()}
    lines = {edge: tuple((x, down(y)) for x, y in points) for edge, points in placement.lines.items()}
    return replace(placement, centres=centres, lines=lines, height=down(placement.height))
