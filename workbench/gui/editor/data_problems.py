"""Where a network and the images that were chosen for it do not go together, and the one edit that mends it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.compiler import Problem
from workbench.data import SOURCES
from workbench.graph import Graph, edits
from workbench.gui.data.fitting import ending_in, ends_in
from workbench.gui.editor.fixes import Fix
from workbench.layers import words

if TYPE_CHECKING:
    from workbench.data import Dataset


def data_problems(graph: Graph, dataset: Dataset) -> list[tuple[Problem, Fix]]:
    """Another number of classes, and pictures that lose their colours or their size on the way in."""
    return [*_classes(graph, dataset), *_pictures(graph, dataset.source)]


def _classes(graph: Graph, dataset: Dataset) -> list[tuple[Problem, Fix]]:
    classes, ends = len(dataset.classes), ends_in(graph)
    if ends is None or ends == classes:
        return []
    message = f"the network ends in {ends} classes, but these images have {classes}"
    problem = Problem(graph.results[0].node, message, f"let it end in {classes}")
    return [(problem, Fix(f"End in {classes} classes", lambda g: ending_in(g, classes)))]


def _pictures(graph: Graph, source: str) -> list[tuple[Problem, Fix]]:
    """Only what takes something away: small pictures are made larger for nearly every network."""
    known, shape = SOURCES.get(source), graph.inputs[0].shape
    if known is None or len(shape) != 3 or 0 in known.shape:
        return []
    lost = [
        word
        for word, less in (
            ("colours", shape[0] < known.shape[0]),
            ("detail", shape[1] < known.shape[1] or shape[2] < known.shape[2]),
        )
        if less
    ]
    if not lost:
        return []
    wanted = (max(shape[0], known.shape[0]), max(shape[1], known.shape[1]), max(shape[2], known.shape[2]))
    message = f"the images are {words(known.shape)}, the input {words(shape)}: they lose {' and '.join(lost)}"
    fix = Fix(f"Take {words(wanted)}", lambda g: edits.set_shape(g, wanted))
    return [(Problem(None, message, f"let the input be {words(wanted)}", "warning"), fix)]
