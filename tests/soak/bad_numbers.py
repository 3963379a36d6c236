"""R5: numbers that are not finite, of any kind, at any place and step of trainings (200 asked for)."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from pathlib import Path

from tests.runs.bad_numbers import PLACES, spoil_a_training
from tests.runs.trainings import small_project
from tests.soak.repeating import repeat
from workbench.training import saving


def spoil(chance: random.Random, folder: Path) -> None:
    small = small_project()
    recipe = small.recipe.changed(epochs=3, seed=chance.randrange(1000), optimizer=chance.choice(("sgd", "adamw")))
    project = replace(small, data=small.data.changed(subset=60), recipe=recipe)
    value = chance.choice((math.nan, math.inf, -math.inf))
    spoil_a_training(chance.choice(list(PLACES)), chance.randint(3, 8), value, project, folder / "run")


if __name__ == "__main__":
    saving._SHARE = math.inf  # a checkpoint after every step, whatever it costs
    repeat("R5: trainings with a number that is not finite", 200, spoil)
