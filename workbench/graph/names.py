"""What a node's name says of where it stands."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=65_536)
def blocks_above(name: str) -> tuple[str, ...]:
    """The paths of all blocks that hold what has that name, outer ones first: ``a`` and ``a.b`` for ``a.b.c``.

    Remembered: every edit asks it of every node, several times.
    """
    segments = name.split(".")
    return tuple([".".join(segments[:end]) for end in range(1, len(segments))])
