"""LeNet-5 at batch 128 against a DataLoader with per-sample transforms, as torchvision's tutorials do it."""

from __future__ import annotations

import time

import torch
from torch.nn import functional as F
from torch.utils.data import DataLoader
from torch.utils.data import Dataset as TorchDataset

from tests.benchmarks.measuring import Row, compared, interleaved
from tests.benchmarks.networks import lenet
from tests.benchmarks.throughput import ours
from workbench.compiler import compile_graph
from workbench.data import Dataset, load
from workbench.project import DataChoice, Recipe

_BATCH = 128


class _Samples(TorchDataset):
    """One image at a time through torchvision's transforms, as its tutorials do it."""

    def __init__(self, dataset: Dataset, augmented: bool) -> None:
        from torchvision.transforms import v2

        self._images = dataset.train.take(torch.arange(len(dataset.train)))
        self._labels = dataset.train.labels.tolist()
        steps = [v2.RandomCrop(28, padding=2), v2.RandomHorizontalFlip()] if augmented else []
        steps += [v2.ToDtype(torch.float32, scale=True), v2.Normalize(dataset.mean, dataset.std)]
        self._transform = v2.Compose(steps)

    def __len__(self) -> int:
        return len(self._labels)

    def __getitem__(self, index: int):  # type: ignore[no-untyped-def]
        return self._transform(self._images[index]), self._labels[index]


def _by_loader(dataset: Dataset, augmented: bool, epochs: int = 2) -> float:
    network = compile_graph(lenet()).train()
    optimizer = torch.optim.SGD(network.parameters(), lr=0.02, momentum=0.9)
    loader = DataLoader(_Samples(dataset, augmented), batch_size=_BATCH, shuffle=True)
    seen, began = 0, time.perf_counter()
    for _ in range(epochs):
        for images, labels in loader:
            loss = F.cross_entropy(network(images), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            seen += len(labels)
    return seen / (time.perf_counter() - began)


def measure(runs: int = 5) -> list[Row]:
    graph = lenet()
    dataset = load(DataChoice(), graph.shape)
    rows = []
    for augmented in (False, True):
        recipe = Recipe(epochs=2, batch_size=_BATCH, learning_rate=0.02, precision="fp32")
        recipe = recipe.changed(crop_padding=2, flip=True) if augmented else recipe
        first, second = interleaved(
            lambda r=recipe: ours(graph, dataset, r).images_per_second,
            lambda a=augmented: _by_loader(dataset, a),
            runs,
        )
        name = "with crop and flip" if augmented else "without augmentation"
        rows.append(compared(f"LeNet-5, DataLoader per sample, {name}", first, second, "images/s", "> 1"))
    return rows
