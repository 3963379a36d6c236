"""What the panel says besides the sum: what a value has seen of the picture, and what became of it."""

from __future__ import annotations

import html

from workbench.inspection import Explanation
from workbench.inspection.arithmetic import Reader, Readers, figure, spot


def seen_in_words(found: Explanation) -> str:
    """How many pixels, where, and whether a border cuts them off."""
    frame = found.field.frame if found.field is not None else None
    if frame is None:
        return "It has seen nothing of the picture." if found.field is not None else ""
    top, left, bottom, right = frame
    assert found.field is not None
    if frame == (0, 0, *found.field.seen.shape):
        return "It has seen the whole picture."
    rows, columns = bottom - top, right - left
    if rows == columns == 1:
        return f"It has seen one pixel, at row {top}, column {left}."
    text = f"It has seen {rows}×{columns} pixels: rows {top} to {bottom - 1}, columns {left} to {right - 1}."
    size = found.field.size
    if size is not None and (size[0] > rows or size[1] > columns):
        text += f" Its field of {size[0]}×{size[1]} is cut off by the border."
    return text


def then_in_words(found: Explanation) -> str:
    """What became of it layer by layer, and where else it went; each with a link that bears its number."""
    steps = [
        f'<a href="{number}">{html.escape(step.place.node)}</a>: {html.escape(step.sentence)}'
        for number, step in enumerate(found.then)
    ]
    followed = found.then[0].place.node if found.then else ""
    read = [_read(number, one) for number, one in enumerate(found.readers) if one.node != followed]
    lines = [f"then {' → '.join(steps)}"] if steps else []
    return "<br>".join([*lines, *(["read by " + "; ".join(read)] if read else [])])


def _read(number: int, read: Readers) -> str:
    first = read.strongest[0]
    link = f'<a href="r{number}">{html.escape(read.node)} {spot(first.place.index)}</a>'
    if first.given is None:
        return link
    if not read.count:
        return f"{link}, to which it gives nothing"
    more = f", and {read.count - 1:,} more of {html.escape(read.node)}" if read.count > 1 else ""
    return f"{link}, to which it gives {figure(first.given)} of {figure(first.value)}{more}"


def reader_in_words(read: Readers, reader: Reader) -> str:
    """A line of the menu of those that read a value."""
    gives = "" if reader.given is None else f", gives it {figure(reader.given)} of {figure(reader.value)}"
    return f"{read.node} {spot(reader.place.index)}{gives}"
