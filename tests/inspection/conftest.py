"""A network that has learned something, for what can only be asked of one."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from torch import nn

from workbench.data import Dataset, load
from workbench.graph import Graph
from workbench.presets import build
from workbench.project import DataChoice, Project, Recipe
from workbench.runs import Run, start


@dataclass(frozen=True)
class Learned:
    """LeNet-5 after three epochs of the handwritten digits."""

    graph: Graph
    network: nn.Module
    dataset: Dataset


@pytest.fixture(scope="session")
def learned(tmp_path_factory: pytest.TempPathFactory) -> Learned:
    graph = build("lenet5")
    choice, directory = DataChoice(source="digits"), tmp_path_factory.mktemp("learned") / "run"
    for _ in start(Project(graph, choice, Recipe(epochs=3, batch_size=32)), directory):
        pass
    return Learned(graph, Run.open(directory).network(), load(choice, graph.shape))
