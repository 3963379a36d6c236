"""R1: processes that save as fast as they can, killed at random in rounds of 100 (20 rounds asked for)."""

from __future__ import annotations

from tests.project.killed_writers import kill_writers
from tests.soak.repeating import repeat

if __name__ == "__main__":
    repeat("R1: rounds of 100 killed writers", 20, lambda chance, folder: kill_writers(100, folder, chance))
