"""R3 over a whole run: whatever moment the power goes, what is found is a run that opens and goes on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tests.runs.power_cuts import cut_everywhere
from workbench.project import Project


def test_every_power_cut_leaves_a_run_with_all_that_was_promised(project: Project, tmp_path: Path) -> None:
    assert cut_everywhere(replace(project, recipe=project.recipe.changed(epochs=2)), tmp_path) > 100
