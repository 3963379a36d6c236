"""R8: 100,000 images of which 10,000 are broken in 13 ways (one round of 100,000 asked for; SIZE counts rounds).

Exactly the broken ones are reported, by path and reason, before the training begins. Takes about 50 MB of the disk.
"""

from __future__ import annotations

import os
import random
import time
from pathlib import Path

from tests.data.pictures import break_some, class_folder
from tests.soak.repeating import repeat
from workbench.data import load
from workbench.project import DataChoice

IMAGES = 100_000


def check(chance: random.Random, folder: Path) -> float:
    """Gives the images read in a second."""
    class_folder(folder / "images", {"a": IMAGES // 2, "b": IMAGES // 2}, chance.choice(("PNG", "JPEG")))
    broken = break_some(folder / "images", IMAGES // 10, chance.randrange(2**32))
    began = time.monotonic()
    dataset = load(DataChoice(source=str(folder / "images"), workers=os.cpu_count() or 1), (3, 16, 16))
    seconds = time.monotonic() - began
    assert dict(dataset.skipped).keys() == broken.keys()
    assert all(reason for _, reason in dataset.skipped)
    assert len(dataset.train) + len(dataset.validation) + len(broken) == IMAGES
    return IMAGES / seconds


if __name__ == "__main__":
    repeat(
        f"R8: rounds of {IMAGES:,} images, a tenth of them broken",
        1,
        check,
        lambda rates: f"all broken ones reported and no other; {min(rates):,.0f} images/s at least",
    )
