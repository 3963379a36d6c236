"""R5: a number that is not finite ends a training at once, wherever it comes up, and is never kept."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest

from tests.runs.bad_numbers import PLACES, spoil_a_training
from workbench.project import Project
from workbench.training import saving


@pytest.mark.parametrize("name", PLACES)
def test_it_is_found_within_a_step_named_and_never_kept(
    name: str, project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saving, "_SHARE", math.inf)  # a checkpoint after every step, whatever it costs
    short = replace(project, data=project.data.changed(subset=60), recipe=project.recipe.changed(epochs=2))
    value = (math.nan, math.inf)[len(name) % 2]
    spoil_a_training(name, 6, value, short, tmp_path / "run")
