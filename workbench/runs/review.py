"""A run's weights asked about every validation image: what it gets wrong, and how sure it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from workbench.compiler import fed_by_one_picture
from workbench.data import Dataset, evaluation_batches, load
from workbench.data.collection import Progress, silent
from workbench.inspection.verdicts import Verdicts, classifier_of, verdicts
from workbench.runs.run import Run

_BATCH = 256


@dataclass(frozen=True, slots=True, eq=False)
class Review:
    """What the run's ``best`` or last weights say of its validation images, which are those of ``dataset``."""

    run: Run
    best: bool
    dataset: Dataset
    classifier: str
    verdicts: Verdicts

    def pixels(self, places: Any) -> Any:
        """Validation images by place, uint8 ``(N, C, H, W)``."""
        import torch

        return self.dataset.validation.take(torch.as_tensor(places)).numpy()


def review(
    run: Run, best: bool = True, check: Callable[[], object] = lambda: None, progress: Progress = silent
) -> Review:
    """Ask a run's weights. ``check`` and ``progress`` end it by raising; raises `RunError` or `DataError`."""
    graph = fed_by_one_picture(run.project.graph)
    dataset = load(run.project.data, run.project.graph.shape, progress)
    network = run.network(best)
    classifier = classifier_of(graph, network)
    batches = evaluation_batches(dataset, "validation", _BATCH)
    return Review(run, best, dataset, classifier, verdicts(network, classifier, batches, check))
