"""S4: rounds of 1,000 damaged archives (100 asked for): nothing is written outside, nor more than expected."""

from __future__ import annotations

from tests.data.damaging import unpack_damaged
from tests.project.mutations import figures
from tests.soak.repeating import repeat

if __name__ == "__main__":
    repeat("S4: rounds of damaged archives", 100, lambda chance, folder: unpack_damaged(1000, chance, folder), figures)
