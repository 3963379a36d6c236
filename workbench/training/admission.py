"""What a machine cannot do, found before images are read and memory is taken."""

from __future__ import annotations

from workbench.compiler import fed_by_one_picture
from workbench.graph import Graph
from workbench.project import Recipe
from workbench.training import memory
from workbench.training.continuity import arithmetic_of
from workbench.training.events import State
from workbench.training.fine_tuning import check_that_something_learns
from workbench.training.precision import Arithmetic, choose


def admitted(graph: Graph, recipe: Recipe, resume: State | None = None) -> Arithmetic:
    """How this machine will train the network, or go on with it.

    Raises `DeviceError` where it has not the device or not the memory, `GraphError` where no layer would learn.
    """
    graph = fed_by_one_picture(graph)
    arithmetic = arithmetic_of(resume.values, recipe, graph) if resume else choose(recipe, graph)
    check_that_something_learns(graph, recipe)
    memory.refuse_what_cannot_fit(graph, recipe, arithmetic)
    return arithmetic
