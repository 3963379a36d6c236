"""R1 and R2: trainings of networks, recipes and seeds that nobody chose, killed at random until they are complete.

After each kill everything that was promised must be there, and in the end no bit may be different from a training that
was never killed. One in four streams its images from files (500 trainings asked for).
"""

from __future__ import annotations

import random
from pathlib import Path

import torch

from tests.data.pictures import class_folder
from tests.runs.killing import Nursery, check, kill_after
from tests.runs.trainings import assert_same, finish, random_project
from tests.soak.repeating import repeat
from workbench.runs import Run, start

_MOST_KILLS = 8


def kill_until_complete(nursery: Nursery, chance: random.Random, folder: Path) -> int:
    """Gives the number of kills."""
    torch.set_num_threads(chance.choice((1, 2)))
    images = class_folder(folder / "images", {"a": 60, "b": 60}) if chance.random() < 0.25 else None
    project = random_project(chance, images)
    run, kills = folder / "run", 0
    # Also a process that is killed when all is written down, and it has only to end, has completed the run.
    while kills < _MOST_KILLS and not (kills and Run.open(run).status == "completed"):
        promises = kill_after(chance.random() * 0.3, nursery, run, project)
        if promises is None:
            break
        check(run, promises)
        kills += 1
    if Run.open(run).status != "completed":
        assert kill_after(1000.0, nursery, run, project, pause=0.0) is None
        assert Run.open(run).status == "completed"
    finish(start(project, folder / "whole"))
    assert_same(run, folder / "whole")
    return kills


if __name__ == "__main__":
    with Nursery() as nursery:
        repeat(
            "R1, R2: trainings killed until they were complete",
            500,
            lambda chance, folder: kill_until_complete(nursery, chance, folder),
            lambda kills: f"{sum(kills):,} kills, all bits the same",
        )
