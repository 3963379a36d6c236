"""PyTorch's collection of ImageNet weights, for the networks whose names it shares. Loaded only when asked to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from workbench.compiler.export import Preprocessing
from workbench.data.collection import Progress, silent
from workbench.data.download import Download, bring
from workbench.data.normalization import fixed
from workbench.graph import Graph
from workbench.weights.errors import WeightsError

WORD = "torchvision"
"""What stands for this collection where weights are named; ``torchvision:IMAGENET1K_V1`` for one set of several."""

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
    """Weights of the collection: ``ResNet-18, IMAGENET1K_V1``, where they lie, and what they reach.

    ``normalization`` is how pictures were normalized when they were learnt, as in a data choice.
    """

    network: str
    name: str
    url: str
    accuracy: float
    parameters: int
    normalization: str = "imagenet"

    @property
    def title(self) -> str:
        return f"{self.network}, {self.name}: top-1 {self.accuracy:.1f} % on ImageNet"

    @property
    def file(self) -> Path:
        """Where they lie once they have been downloaded: where torchvision itself looks for them."""
        return Path(torch.hub.get_dir()) / "checkpoints" / self.url.rpartition("/")[2]


def pretrained_for(graph: Graph) -> list[Pretrained]:
    """What the collection has for a network of this name, the recommended last; loading torchvision takes a moment."""
    constructor = _CONSTRUCTORS.get(graph.name)
    return [] if constructor is None else [_pretrained(graph.name, entry) for entry in _entries(constructor)]


def recommended(graph: Graph, text: str = WORD) -> Pretrained:
    """The weights that ``torchvision`` or ``torchvision:IMAGENET1K_V1`` means for a network; raises `WeightsError`."""
    found = pretrained_for(graph)
    if not found:
        raise WeightsError(
            f"PyTorch has no weights for a network called '{graph.name[:60]}'; it has for {', '.join(_CONSTRUCTORS)}"
        )
    name = text.partition(":")[2]
    for one in reversed(found):
        if name in ("", one.name):
            return one
    raise WeightsError(
        f"there are no weights '{name[:60]}' for {graph.name}; there are {', '.join(o.name for o in found)}"
    )


def preprocessing_of_file(sha256: str) -> Preprocessing | None:
    """How pictures are prepared for the weights of the collection that have this checksum; None where none has it."""
    for network, constructor in _CONSTRUCTORS.items():
        for entry in _entries(constructor):
            if sha256.startswith(_checksum(entry.url)):
                mean, std = fixed(_normalization(network), 3) or ((), ())
                return Preprocessing(3, (224, 224), mean, std, "crop", tuple(map(str, entry.meta["categories"])))
    return None


def _entries(constructor: str) -> Iterator[Any]:
    from torchvision.models import get_model_weights

    # Those without categories are parts of a network, with other layers that hold no numbers.
    return (entry for entry in get_model_weights(constructor) if entry.meta.get("categories"))


def _pretrained(network: str, entry: Any) -> Pretrained:
    accuracy = float(entry.meta["_metrics"]["ImageNet-1K"]["acc@1"])
    parameters = int(entry.meta["num_params"])
    return Pretrained(network, entry.name, entry.url, accuracy, parameters, _normalization(network))


def _normalization(network: str) -> str:
    """GoogLeNet's came from TensorFlow: torchvision's own turns ImageNet's means into these before its first layer."""
    return "symmetric" if network == "GoogLeNet" else "imagenet"


def _checksum(url: str) -> str:
    """The beginning of the SHA-256, in which the name of every file of the collection ends."""
    return url.rpartition("/")[2].partition(".")[0].rpartition("-")[2]


def fetch(chosen: Pretrained, progress: Progress = silent) -> Path:
    """The file of these weights, downloaded where it is not there yet and checked; raises `DataError`.

    ``progress`` is called a few times a second, and cancels by raising.
    """
    download = Download((chosen.url,), "", ".", sha256=_checksum(chosen.url))
    bring(chosen.title, download, chosen.file.parent, progress)
    return chosen.file
