"""R3: trainings that nobody chose, and every state that a power cut may leave of each (20 trainings asked for).

The states are enumerated from the list of what was done to files, not made with a real disk: see
`tests.project.power_cut` for what a disk is taken to promise.
"""

from __future__ import annotations

import random
from pathlib import Path

from tests.runs.power_cuts import cut_everywhere
from tests.runs.trainings import random_project
from tests.soak.repeating import repeat


def cut(chance: random.Random, folder: Path) -> int:
    project = random_project(chance)
    return cut_everywhere(project, folder)


if __name__ == "__main__":
    repeat("R3: trainings cut everywhere", 20, cut, lambda states: f"{sum(states):,} states of the disk")
