"""What a project file holds: graph, data choice and recipe. Knows neither torch nor Qt."""

from workbench.project.data_choice import DataChoice
from workbench.project.project import Project
from workbench.project.recipe import Recipe

__all__ = ["DataChoice", "Project", "Recipe"]
