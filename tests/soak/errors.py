"""R11: every kind of error at every place of a training from the command line (1,200 cases are all there are)."""

from __future__ import annotations

import random
from pathlib import Path

from tests.cli.failures import KINDS, PLACES, failing_project, fails_well
from tests.soak.repeating import in_turn, repeat

_CASES = [(place, kind) for kind in range(len(KINDS)) for place in PLACES]
_coming = in_turn(_CASES)


def fail(chance: random.Random, folder: Path) -> None:
    place, kind = next(_coming)
    fails_well(place, kind, failing_project(folder / "small.json"), folder / "run")


if __name__ == "__main__":
    repeat("R11: errors at all places", len(_CASES), fail)
