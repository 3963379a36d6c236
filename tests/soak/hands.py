"""R12 with real windows: 1,000 clicks, drags, keys and menus in each (200 windows asked for: 200,000 actions)."""

from __future__ import annotations

import random
from pathlib import Path

from tests.gui.hands import use
from tests.gui.opening import answering, opened, strictly
from tests.soak.repeating import repeat

ACTIONS = 1_000


def use_it(chance: random.Random, folder: Path) -> int:
    with strictly() as told, answering(), opened(folder / "home") as window:
        use(window, chance.randrange(2**32), ACTIONS)
    assert told == []
    return ACTIONS


if __name__ == "__main__":
    repeat(
        f"R12: windows, {ACTIONS:,} actions each",
        200,
        use_it,
        lambda done: f"{sum(done):,} actions",
    )
