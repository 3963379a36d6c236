"""S5: rounds of 1,000 damaged pictures (1,000 asked for): each is read, or there is one reason why not."""

from __future__ import annotations

from tests.data.damaging import read_damaged_pictures
from tests.project.mutations import figures
from tests.soak.repeating import repeat

if __name__ == "__main__":
    repeat(
        "S5: rounds of damaged pictures",
        1000,
        lambda chance, folder: read_damaged_pictures(1000, chance, folder),
        figures,
    )
