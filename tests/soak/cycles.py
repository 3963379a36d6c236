"""R15: windows opened, trained in and closed in one process, in rounds of 10 (50 rounds asked for: 500 cycles)."""

from __future__ import annotations

import random
from pathlib import Path

from tests.gui.cycles import run
from tests.soak.repeating import repeat


def round_of_ten(chance: random.Random, folder: Path) -> int:
    """Gives the memory of the process after it, in bytes."""
    found = run(10)
    first, last = found["first"], found["last"]
    assert found["told"] == []
    assert isinstance(first, dict)
    assert isinstance(last, dict)
    assert {kind: n for kind, n in last.items() if n > first.get(kind, 0)} == {}
    return int(found["memory"][1])  # type: ignore[index]


if __name__ == "__main__":
    repeat(
        "R15: rounds of ten windows",
        50,
        round_of_ten,
        lambda memory: (
            f"no object left; {memory[0] / 1e6:.0f} MB after the first, {memory[-1] / 1e6:.0f} MB after the last"
        ),
    )
