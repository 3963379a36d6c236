"""R13: windows killed while a person edits; the work is offered again (500 asked for)."""

from __future__ import annotations

from tests.gui.ends import kill_while_editing
from tests.gui.lives import Lives
from tests.soak.repeating import repeat

if __name__ == "__main__":
    with Lives() as lives:
        repeat(
            "R13: windows killed while somebody edits",
            500,
            lambda chance, folder: kill_while_editing(lives, folder, chance),
        )
