"""What the panel says besides the sum: what a value has seen of the picture, and what became of it."""

from __future__ import annotations

import html

from workbench.inspection import Explanation


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
    """Layer by layer, each with a link that bears its number."""
    steps = [
        f'<a href="{number}">{html.escape(step.place.node)}</a>: {html.escape(step.sentence)}'
        for number, step in enumerate(found.then)
    ]
    return f"then {' → '.join(steps)}" if steps else ""
