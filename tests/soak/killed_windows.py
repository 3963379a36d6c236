"""R10: windows killed while workers read images for their training; all processes go (100 asked for)."""

from __future__ import annotations

from tests.gui.ends import kill_while_workers_read
from tests.gui.lives import Lives
from tests.soak.repeating import repeat

if __name__ == "__main__":
    with Lives() as lives:
        repeat(
            "R10: windows killed while workers read",
            100,
            lambda chance, folder: kill_while_workers_read(lives, folder),
            lambda seconds: f"the last process was gone after ≤ {max(seconds):.2f} s",
        )
