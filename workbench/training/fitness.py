"""Whether a network and a data set are made for each other, asked before the first step."""

from __future__ import annotations

import torch

from workbench.compiler import analyse
from workbench.data import DataError, Dataset
from workbench.graph import Graph, GraphError


def check_that_they_fit(graph: Graph, dataset: Dataset) -> None:
    """Raise `GraphError` where the network cannot classify these images, `DataError` where there are none."""
    if not len(dataset.train):
        raise DataError(f"{dataset.source}: there are no training images")
    images = tuple(dataset.train.take(torch.zeros(1, dtype=torch.int64)).shape[1:])
    if images != graph.inputs[0].shape:
        raise GraphError(f"the network takes {_said(graph.inputs[0].shape)}, but the images are {_said(images)}")
    analysis = analyse(graph)
    classes = len(dataset.classes)
    for output in graph.results:
        shape = analysis.by_name[output.node].output
        if shape is not None and shape != (classes,):
            raise GraphError(
                f"{output.node}: the network's output is {_said(shape)}, but {dataset.source} has {classes} classes; "
                f"let it end with {classes} features"
            )


def _said(shape: tuple[object, ...]) -> str:
    return "×".join(map(str, shape))
