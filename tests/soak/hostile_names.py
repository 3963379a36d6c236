"""S3: rounds of 500 networks whose every name tries to break out of exported Python (1 M names: 300 rounds).

Each source is read against an allow-list and run, and does what its graph does.
"""

from __future__ import annotations

import random
from pathlib import Path

from tests.compiler.export.comparing import Comparison
from tests.compiler.export.hostile import export_hostile
from tests.soak.repeating import repeat

AT_ONCE = 500


def export(chance: random.Random, folder: Path) -> int:
    """Gives how many names there were."""
    comparison = Comparison(folder)
    names = export_hostile(AT_ONCE, chance.randrange(2**32), comparison)
    assert comparison.differences() == {}
    return names


if __name__ == "__main__":
    repeat(
        f"S3: rounds of {AT_ONCE} networks with hostile names",
        300,
        export,
        lambda names: f"{sum(names):,} names, nothing unexpected in any source",
    )
