"""S1: damaged project files in rounds of 10,000 (1,000 rounds asked for): a project, or one error in one line."""

from __future__ import annotations

from tests.project.mutations import figures, read_damaged
from tests.soak.repeating import repeat

if __name__ == "__main__":
    repeat(
        "S1: rounds of damaged project files",
        1000,
        lambda chance, folder: read_damaged(10_000, chance.randrange(2**32), ("lenet5", "cifar-resnet20", "googlenet")),
        figures,
    )
