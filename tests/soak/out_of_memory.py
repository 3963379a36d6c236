"""R6: one process whose trainings run out of memory again and again (100 asked for).

Memory is refused by an error that is raised; for a limit that the system sets see `python -m tests.runs.out_of_memory`.
"""

from __future__ import annotations

import random
from pathlib import Path

from tests.runs.out_of_memory import PLACES, live_tensors, run_out, small_batches
from tests.runs.trainings import assert_same, finish, small_project
from tests.soak.repeating import repeat
from workbench.runs import resume, start


def run_out_once(chance: random.Random, folder: Path) -> int:
    """Gives how many tensors are alive afterwards."""
    place = chance.choice(list(PLACES))
    call = 1 if place in ("set up", "evaluation") else chance.randint(1, 4)
    whole = small_batches(small_project())
    run_out(place, call, whole, folder / "run")
    assert finish(resume(folder / "run")).reason == "completed"
    finish(start(whole, folder / "whole"))
    assert_same(folder / "run", folder / "whole")
    return live_tensors()


if __name__ == "__main__":
    repeat(
        "R6: trainings out of memory in one process",
        100,
        run_out_once,
        lambda alive: f"{alive[0]} tensors alive after the first, {alive[-1]} after the last",
    )
