"""A project: a network, the images it is trained on and how."""

from __future__ import annotations

from dataclasses import dataclass, field

from workbench.graph import Graph
from workbench.project.data_choice import DataChoice
from workbench.project.recipe import Recipe


@dataclass(frozen=True, slots=True)
class Project:
    """What a project file holds, and what a run is made from."""

    graph: Graph
    data: DataChoice = field(default_factory=DataChoice)
    recipe: Recipe = field(default_factory=Recipe)
