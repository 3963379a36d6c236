"""Tables, JSON and text curves for a terminal."""

from __future__ import annotations

import json
import math
import os
import sys
from collections.abc import Iterable, Sequence
from typing import Any

from workbench.graph import printable


def print_json(value: Any) -> None:
    """One JSON document on standard output, stable in order; NaN and infinity become null."""
    print(json.dumps(finite(value), ensure_ascii=False, allow_nan=False), flush=True)


def finite(value: Any) -> Any:
    """The value with every number that JSON cannot hold replaced by None."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {str(key): finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [finite(item) for item in value]
    return value


def print_table(headings: Sequence[str], rows: Iterable[Sequence[str]], right: Sequence[int] = ()) -> None:
    """A plain table; columns whose positions are in ``right`` stand flush right."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column, heading in enumerate(headings):
        table.add_column(heading, justify="right" if column in right else "left", no_wrap=column in right)
    for row in rows:
        # Text keeps brackets in names from being read as markup.
        table.add_row(*(Text(printable(cell)) for cell in row))
    width = None if sys.stdout.isatty() else 140
    console = Console(width=width, highlight=False, soft_wrap=False)
    # Not printed by rich itself, which ends the process with status 1 where the reader has gone.
    with console.capture() as captured:
        console.print(table)
    print(captured.get(), end="")


def print_no_more() -> None:
    """Let what is left to be printed go nowhere, or Python would complain as it ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def say(text: str) -> None:
    """Print a line in which something is named that others have named: a class, a file, a layer."""
    print(printable(text))


def count(number: int) -> str:
    """``61,706``."""
    return f"{number:,}"


def shape(value: Any) -> str:
    """``6×28×28``; several tensors are joined by commas."""
    if value is None:
        return "?"
    if value and isinstance(value[0], tuple):
        return ", ".join(map(shape, value))
    return "×".join(map(str, value))


def curves(lines: dict[str, Sequence[float]], height: int = 10, width: int = 64, axis: str = "") -> str:
    """Curves over epochs as text: one letter a curve, the last one drawn wins a shared place."""
    values = [value for line in lines.values() for value in line if math.isfinite(value)]
    if not values:
        return ""
    low, high = min(values), max(values)
    span = (high - low) or 1.0
    longest = max(map(len, lines.values()))
    columns = min(width, max(longest, 2) * 4)
    canvas = [[" "] * columns for _ in range(height)]
    for name, line in lines.items():
        for column in range(columns):
            position = column * (len(line) - 1) / (columns - 1)
            left = math.floor(position)
            right = min(left + 1, len(line) - 1)
            value = line[left] + (line[right] - line[left]) * (position - left)
            if math.isfinite(value):
                canvas[round((high - value) / span * (height - 1))][column] = name[0]
    edges = [f"{high:8.3f} "] + [" " * 9] * (height - 2) + [f"{low:8.3f} "]
    drawn = [f"{edge}│{''.join(row)}" for edge, row in zip(edges, canvas, strict=True)]
    legend = "   ".join(f"{name[0]} {name}" for name in lines)
    return "\n".join(
        [*drawn, " " * 9 + "└" + "─" * columns, " " * 10 + f"{axis or f'epoch 1 to {longest}'}   {legend}"]
    )
