"""PyTorch's collection of ImageNet weights, for the networks whose names it shares. Loaded only when asked to."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch

from workbench.data.collection import Progress, silent
from workbench.data.download import Download, bring
from workbench.graph import Graph

_CONSTRUCTORS = {
    "AlexNet": "alexnet",
    "GoogLeNet": "googlenet",
    **{f"ResNet-{depth}": f"resnet{depth}" for depth in (18, 34, 50, 101, 152)},
    **{f"VGG-{depth}": f"vgg{depth}" for depth in (11, 13, 16, 19)},
    **{f"VGG-{depth} BN": f"vgg{depth}_bn" for depth in (11, 13, 16, 19)},
}
"""torchvision's constructors by the names of our presets' graphs."""


@dataclass(frozen=True, slots=True)
class Pretrained:
    """Weights of the collection: ``ResNet-18, IMAGENET1K_V1``, where they lie, and what they reach."""

    network: str
    name: str
    url: str
    accuracy: float
    parameters: int

    @property
    def title(self) -> str:
        return f"{self.network}, {self.name}: top-1 {self.accuracy:.1f} % on ImageNet"

    @property
    def file(self) -> Path:
        """Where they lie once they have been downloaded: where torchvision itself looks for them."""
        return Path(torch.hub.get_dir()) / "checkpoints" / self.url.rpartition("/")[2]


def pretrained_for(graph: Graph) -> list[Pretrained]:
    """What the collection has for a network of this name; it takes torchvision a moment to be loaded."""
    constructor = _CONSTRUCTORS.get(graph.name)
    if constructor is None:
        return []
    from torchvision.models import get_model_weights

    return [
        Pretrained(
            graph.name,
            entry.name,
            entry.url,
            float(entry.meta["_metrics"]["ImageNet-1K"]["acc@1"]),
            int(entry.meta["num_params"]),
        )
        for entry in get_model_weights(constructor)
    ]


def fetch(chosen: Pretrained, progress: Progress = silent) -> Path:
    """The file of these weights, downloaded where it is not there yet and checked; raises `DataError`.

    ``progress`` is called a few times a second, and cancels by raising. The file's name ends in the beginning of its
    SHA-256, as all of the collection do.
    """
    begins = chosen.file.stem.rpartition("-")[2]
    folder = chosen.file.parent
    bring(chosen.title, Download((chosen.url,), "", ".", sha256=begins), folder, progress)
    return chosen.file
