"""Numbers for people."""

from __future__ import annotations

import html
from collections.abc import Callable


def count(value: float) -> str:
    """``61.7 k``, ``138 M``, ``15.5 G``; small numbers as they are."""
    for limit, unit in ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e4, "k")):
        if abs(value) >= limit:
            scaled = value / (1e3 if unit == "k" else limit)
            return f"{scaled:.3g} {unit}" if scaled < 1000 else f"{scaled:,.0f} {unit}"
    return f"{value:,.0f}"


def size(bytes: float) -> str:
    """``4.7 kB``, ``528 MB``."""
    for limit, unit in ((1e12, "TB"), (1e9, "GB"), (1e6, "MB"), (1e3, "kB")):
        if bytes >= 0.9995 * limit:  # what rounds to a thousand of a unit is one of the next
            return f"{bytes / limit:.3g} {unit}"
    return f"{bytes:.0f} B"


def duration(seconds: float) -> str:
    """``8 s``, ``3:05 min``, ``2:10 h``."""
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes}:{rest:02d} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d} h"


def probability(share: float) -> str:
    """Never 0 % of what is possible, nor 100 % of what is not certain."""
    if 0 < share < 0.0005:
        return "<0.1%"
    return ">99.9%" if 0.9995 <= share < 1 else f"{share:.1%}"


def plain(text: str) -> str:
    """A tool tip of names that others gave: Qt would take ``<b>`` in a folder's name for markup."""
    return f"<span>{html.escape(text)}</span>"


def whole_figures(figures: str, width_of: Callable[[str], float], width: float) -> str:
    """As many of the figures as there is room for, and the first at least: half a figure would be a wrong one."""
    parts = figures.split(" · ")
    while len(parts) > 1 and width_of(" · ".join(parts)) > width:
        parts.pop()
    return " · ".join(parts)


def whole_arguments(arguments: str, width_of: Callable[[str], float], width: float) -> str:
    """As many of the arguments as there is room for, and dots for the rest; of 'pad 11' 'pad 1' would be left."""
    shown = arguments
    while width_of(shown) > width and ", " in shown:
        shown = shown.removesuffix(" …").rpartition(", ")[0] + " …"
    return shown
