"""The training images that a run found hardest: wrong labels and outliers are among them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from workbench.compiler import Network
from workbench.data import Dataset, find, load
from workbench.data.batches import Normalise
from workbench.data.collection import Files, Progress, silent
from workbench.runs.run import Run

_BATCH = 256


@dataclass(frozen=True, slots=True, eq=False)
class Hard:
    """One training image: its index in the source, its file ('' where it has none), its label in the training, what
    the run's best weights call it, its last loss, and its picture, a uint8 NumPy array ``(C, H, W)``."""

    index: int
    path: str
    label: str
    called: str
    loss: float
    picture: Any


def find_hardest(directory: str | Path, count: int, progress: Progress = silent) -> list[Hard]:
    """The training images with the highest last loss, highest first, as the run that is kept there saw them.

    Raises `RunError`, and `DataError` where its images are gone; ``progress`` cancels by raising.
    """
    run = Run.open(directory)
    dataset = load(run.project.data, run.project.graph.shape, progress)
    part = dataset.train
    places = {index: place for place, index in enumerate(part.indices.tolist())}
    known = [(index, loss) for index, loss in run.hardest(count) if index in places]
    if not known:
        return []
    at = torch.tensor([places[index] for index, _ in known])
    pixels = part.take(at)
    called = _called(run.network(), pixels, dataset).tolist()
    names, files, labels = dataset.classes, _files(dataset.source), part.labels[at].tolist()
    return [
        Hard(index, files.get(index, ""), names[label], names[said], loss, image)
        for (index, loss), label, said, image in zip(known, labels, called, pixels.numpy(), strict=True)
    ]


def _called(network: Network, pixels: Tensor, dataset: Dataset) -> Tensor:
    """The number of the likeliest class of each picture, ``(n,)``."""
    normalise = Normalise(dataset.mean, dataset.std, torch.device("cpu"))
    found = []
    with torch.inference_mode():
        for chunk in pixels.split(_BATCH):
            output = network(normalise(chunk))
            found.append((next(iter(output.values())) if isinstance(output, dict) else output).argmax(1))
    return torch.cat(found)


def _files(source: str) -> Mapping[int, str]:
    """The file of each index of a source of files; nothing for one whose images lie in one file."""
    collection = find(source)
    parts = [part for part in (collection.train, collection.validation, collection.test) if part is not None]
    return dict(enumerate(chain.from_iterable(part.paths for part in parts if isinstance(part, Files))))
