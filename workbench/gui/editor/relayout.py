"""The layout of one edit after the other: what an edit leaves as it was stays there, or moves up or down as one.

A card that every value passes parts the stack in two that do not touch each other: what is above it and what is below
stand in the whole as they would alone. So only what is between the nearest two round an edit is laid out anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

from workbench.gui.editor.layout import Placement, Points, place, reach
from workbench.gui.editor.outline import Outline


class _Cut(NamedTuple):
    """A card that every value passes, by its number, and how many of the lines end at it or above it."""

    card: int
    lines: int


@dataclass(frozen=True)
class _Laid:
    outline: Outline
    placement: Placement
    cuts: Sequence[_Cut]


class Relayout:
    """Lays out one outline after the other."""

    def __init__(self) -> None:
        self._last: _Laid | None = None

    def place(self, outline: Outline, heights: Mapping[str, float]) -> Placement:
        """What `layout.place` gives, sooner where most is as it was the last time."""
        heights = dict(heights)
        laid = _laid_after(self._last, outline, heights) if self._last is not None else None
        if laid is None:
            placement = place(outline, heights)
            laid = _Laid(outline, placement, _cuts(outline, placement))
        self._last = laid
        return laid.placement


def _laid_after(last: _Laid, outline: Outline, heights: Mapping[str, float]) -> _Laid | None:
    """None where nothing above the edit is as it was, or where something passes the cards that parted the stack."""
    old, was = last.outline, last.placement
    first, end = _round_the_edit(last, outline, heights)
    if first is None:
        return None
    more = len(outline.entries) - len(old.entries), len(outline.edges) - len(old.edges)
    stop = _Cut(len(outline.entries) - 1, len(outline.edges)) if end is None else _moved_on(end, *more)
    part = _between(outline, first, stop)
    if part is None:
        return None
    made = place(part, {entry.name: heights[entry.name] for entry in part.entries})
    cuts = _cuts(part, made)
    if not cuts or cuts[0].card != 0 or (end is not None and cuts[-1].card != len(part.entries) - 1):
        return None
    top = part.entries[0].name
    down = was.centres[top][1] - made.centres[top][1]
    centres = {entry.name: was.centres[entry.name] for entry in outline.entries[: first.card]}
    centres |= {name: (x, y + down) for name, (x, y) in made.centres.items()}
    lines = {edge: was.lines[edge] for edge in outline.edges[: first.lines]}
    lines |= {edge: _lowered(points, down) for edge, points in made.lines.items()}
    kept = [cut for cut in last.cuts if cut < first]
    kept += [_moved_on(cut, *first) for cut in cuts]
    if end is None:
        return _Laid(outline, Placement(centres, heights, lines, *reach(centres, lines), made.height + down), kept)
    bottom = part.entries[-1].name
    down = centres[bottom][1] - was.centres[bottom][1]
    for entry in outline.entries[stop.card + 1 :]:
        x, y = was.centres[entry.name]
        centres[entry.name] = x, y + down
    lines |= {edge: _lowered(was.lines[edge], down) for edge in outline.edges[stop.lines :]}
    kept += [_moved_on(cut, *more) for cut in last.cuts if cut > end]
    return _Laid(outline, Placement(centres, heights, lines, *reach(centres, lines), was.height + down), kept)


def _round_the_edit(last: _Laid, outline: Outline, heights: Mapping[str, float]) -> tuple[_Cut | None, _Cut | None]:
    """Of the cards that parted the stack the nearest above and below all that differs."""
    old, was = last.outline, last.placement.heights
    named, was_named = ({members[0] for _, members in each.frames} for each in (outline, old))
    differing = {name for name, height in heights.items() if was.get(name) != height}
    differing |= (named ^ was_named) | (outline.aside ^ old.aside)
    cards = [None if entry.name in differing else entry for entry in outline.entries]
    cards_above, cards_below = _alike(cards, old.entries)
    lines_above, lines_below = _alike(outline.edges, old.edges)
    above = [cut for cut in last.cuts if cut.card < cards_above and cut.lines <= lines_above]
    least = len(old.entries) - cards_below, len(old.edges) - lines_below
    below = (cut for cut in last.cuts if cut.card >= least[0] and cut.lines >= least[1])
    return above[-1] if above else None, next(below, None)


def _alike(these: Sequence[object], those: Sequence[object]) -> tuple[int, int]:
    """How many are alike from the first on, and of the others from the last on."""
    most = min(len(these), len(those))
    first = next((n for n in range(most) if these[n] != those[n]), most)
    return first, next((n for n in range(most - first) if these[-1 - n] != those[-1 - n]), most - first)


def _between(outline: Outline, first: _Cut, last: _Cut) -> Outline | None:
    """The part of an outline from one card to another; None where a line leads out of it."""
    entries = outline.entries[first.card : last.card + 1]
    edges = outline.edges[first.lines : last.lines]
    names = {entry.name for entry in entries}
    if not names.issuperset(end for edge in edges for end in edge):
        return None
    frames = tuple((name, members) for name, members in outline.frames if members[0] in names)
    return Outline(entries, edges, frames, outline.aside & names)


def _cuts(outline: Outline, placement: Placement) -> list[_Cut]:
    """The cards that every value passes; none where the lines do not come in the order of the cards."""
    number = {entry.name: place for place, entry in enumerate(outline.entries)}
    count = len(number)
    lines, highest, before = [0] * count, [count] * count, 0
    for source, target in outline.edges:
        upper, lower = number[source], number[target]
        if upper >= lower or lower < before:
            return []
        before = lower
        lines[lower] += 1
        highest[lower] = min(highest[lower], upper)
    ys = [placement.centres[name][1] for name in number]
    # For each card the lowest place above it, the highest below it, and from where lines come to what is below it.
    above = list(accumulate(ys, max, initial=float("-inf")))
    below = list(accumulate(reversed(ys), min, initial=float("inf")))[::-1]
    come_from = list(accumulate(reversed(highest), min, initial=count))[::-1]
    return [
        _Cut(card, upto)
        for card, upto in enumerate(accumulate(lines))
        if above[card] < ys[card] < below[card + 1] and come_from[card + 1] >= card
    ]


def _moved_on(cut: _Cut, cards: int, lines: int) -> _Cut:
    return _Cut(cut.card + cards, cut.lines + lines)


def _lowered(points: Points, down: float) -> Points:
    return tuple([(x, y + down) for x, y in points])
