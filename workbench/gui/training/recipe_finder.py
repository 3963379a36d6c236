"""The recipes that can be taken: each preset's starter and the one that was published."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from PySide6.QtWidgets import QWidget

from workbench.gui.finder import Choice, Finder
from workbench.presets import PRESETS
from workbench.project import Recipe


class RecipeFinder(Finder):
    """``take(recipe, title)`` is told what was chosen."""

    def __init__(self, take: Callable[[Recipe, str], None], parent: QWidget) -> None:
        self._take_recipe = take
        self._recipes = {"Default": Recipe()}
        for preset in PRESETS.values():
            self._recipes[f"{preset.title}: starter"] = preset.starter
            self._recipes[f"{preset.title}: as published"] = preset.published
        super().__init__("Take a recipe", "Whose recipe?", "No recipe is called so.", parent)

    def choices(self) -> Iterator[Choice]:
        for title, recipe in self._recipes.items():
            epochs = f"{recipe.epochs:,} epoch{'s' * (recipe.epochs != 1)}"
            yield Choice(title, title, f"{recipe.optimizer}, rate {recipe.learning_rate:g}, {epochs}")

    def choose(self, name: str) -> None:
        self._take_recipe(self._recipes[name], name)
