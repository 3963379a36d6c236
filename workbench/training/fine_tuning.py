"""A training that goes on from weights that others have learnt, and leaves some of them as they are."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from workbench.compiler import analyse
from workbench.graph import Graph, GraphError
from workbench.project import Recipe
from workbench.project.fine_tuning import check_paths, is_frozen


def begin_with(network: nn.Module, weights: Mapping[str, Tensor]) -> None:
    """Put weights into a network by their names in its ``state_dict``; what is not given keeps its beginning."""
    own = network.state_dict()
    with torch.no_grad():
        for name, value in weights.items():
            own[name].copy_(value)


def frozen_layers(graph: Graph, recipe: Recipe) -> list[str]:
    """The layers that do not learn. One that runs another's weights is as that one."""
    return [node.name for node in graph.nodes if not node.shares and is_frozen(recipe, node.name)]


def check_that_something_learns(graph: Graph, recipe: Recipe) -> None:
    """Raise `GraphError` where a setting names what is not there, or where every weight is frozen."""
    if not (recipe.frozen or recipe.rate_factors):
        return
    check_paths(graph, recipe)
    frozen = set(frozen_layers(graph, recipe))
    if all(report.name in frozen for report in analyse(graph).layers if report.parameters):
        raise GraphError("every layer that has weights is frozen, so nothing would be learnt; let one of them learn")
