"""The recipe's form: what decides nothing is grey."""

from __future__ import annotations

import pytest

from workbench.gui.document import Document
from workbench.gui.training.recipe_panel import GROUPS, ONLY_WITH, RecipePanel
from workbench.project import Recipe


@pytest.mark.parametrize(
    ("setting", "idle"),
    [
        ({}, {"beta2", "step_epochs", "milestones", "factor", "plateau_patience"}),
        ({"optimizer": "adam"}, {"momentum", "nesterov", "step_epochs", "milestones", "factor", "plateau_patience"}),
        ({"optimizer": "rmsprop", "schedule": "plateau"}, {"nesterov", "step_epochs", "milestones"}),
        ({"schedule": "step"}, {"beta2", "milestones", "plateau_patience"}),
    ],
)
def test_what_decides_nothing_with_this_optimizer_and_schedule_is_grey(
    document: Document, setting: dict[str, str], idle: set[str]
) -> None:
    panel = RecipePanel(document, lambda what: what())
    document.set_recipe(Recipe().changed(**setting), "for the test")
    names = [name for group in GROUPS.values() for name in group]
    assert {name for name in names if not panel.editor(name).isEnabled()} == idle


@pytest.mark.parametrize("name", ONLY_WITH)
def test_the_help_of_a_setting_names_what_it_goes_with(name: str) -> None:
    fields = {field.name: field for field in Recipe.fields()}
    other, needed = ONLY_WITH[name]
    assert set(needed) < set(fields[other].choices or ())
    assert all(str(value) in fields[name].help for value in needed)
