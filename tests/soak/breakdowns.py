"""R18: windows that break down in the interpreter or a library; stacks and work are offered again (50 asked for)."""

from __future__ import annotations

from tests.gui.ends import break_down
from tests.gui.lives import Lives
from tests.soak.repeating import repeat

if __name__ == "__main__":
    with Lives() as lives:
        repeat(
            "R18: breakdowns",
            50,
            lambda chance, folder: break_down(lives, folder, chance.choice(("read", "abort", "thread"))),
        )
