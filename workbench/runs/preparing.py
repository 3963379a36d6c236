"""What a run did to a picture before its network saw it."""

from __future__ import annotations

from workbench.compiler.export import Preprocessing, preprocessing_from
from workbench.data import Dataset
from workbench.project import Project
from workbench.runs import layout
from workbench.runs.layout import RunError
from workbench.runs.run import Run


def preprocessing_of(run: Run) -> Preprocessing:
    """What the run's training did to a picture. Raises `RunError` where it ended before it knew."""
    try:
        return preprocessing_from(run.environment["preprocessing"])
    except (KeyError, TypeError, ValueError):
        raise RunError(f"{run.directory / layout.ENVIRONMENT} does not say how pictures were prepared") from None


def preprocessing_for(project: Project, dataset: Dataset) -> Preprocessing:
    """What a training on this data set does to a picture."""
    channels, height, width = project.graph.shape
    return Preprocessing(channels, (height, width), dataset.mean, dataset.std, project.data.fit, dataset.classes)
