"""R16: one project file opened in two windows, the first of them killed (100 asked for)."""

from __future__ import annotations

from tests.gui.ends import open_twice
from tests.gui.lives import Lives
from tests.soak.repeating import repeat

if __name__ == "__main__":
    with Lives() as lives:
        repeat("R16: files opened twice", 100, lambda chance, folder: open_twice(lives, folder))
