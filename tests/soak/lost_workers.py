"""R7: trainings whose workers are killed or stopped, five in each (40 trainings asked for: 200 workers)."""

from __future__ import annotations

import random
import signal
from dataclasses import replace
from pathlib import Path

from tests.data.pictures import class_folder
from tests.runs.losing_workers import lose_workers
from tests.runs.trainings import assert_same, finish, streamed_project
from tests.soak.repeating import repeat
from workbench.data import decoders
from workbench.runs import start


def lose(chance: random.Random, folder: Path) -> float:
    """Gives the longest wait for an event."""
    project = streamed_project(class_folder(folder / "images", {"a": 60, "b": 60}))
    # An epoch more than the losses take: the last of them may have to wait until there is a worker again.
    project = replace(project, recipe=project.recipe.changed(epochs=project.recipe.epochs + 1))
    steps = sorted(chance.sample(range(1, 16), 5))
    longest = lose_workers(
        project, folder / "run", {step: chance.choice((signal.SIGKILL, signal.SIGSTOP)) for step in steps}, chance
    )
    finish(start(replace(project, data=project.data.changed(workers=0)), folder / "whole"))
    assert_same(folder / "run", folder / "whole")
    return longest


if __name__ == "__main__":
    decoders.HANG_SECONDS = 2.0
    repeat(
        "R7: trainings that lose five workers each",
        40,
        lose,
        lambda waits: f"no bit different; the longest wait for a step was {max(waits):.1f} s",
    )
