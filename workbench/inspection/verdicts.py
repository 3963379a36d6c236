"""What a network says of many images: which it gets wrong and how sure it is, and what its last layer goes by."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from workbench.data import Batch
from workbench.graph import Graph


@dataclass(frozen=True, slots=True, eq=False)
class Verdicts:
    """By place among the images, NumPy: ``labels`` and ``called`` by number of class, ``confidence`` the probability
    of what it was called, and ``features`` ``(N, D)`` what goes into the last layer with weights: of maps the means.
    """

    labels: Any
    called: Any
    confidence: Any
    features: Any

    @property
    def accuracy(self) -> float:
        """The share that is right; not a number where there are no images."""
        return float((self.labels == self.called).mean()) if len(self.labels) else float("nan")

    def mistakes(self) -> Any:
        """Places of the images that were called something else than they are, the most confident first."""
        return self._surest(self.labels != self.called)

    def told(self, label: int, called: int) -> Any:
        """Places of the images of a class that were called something, the most confident first."""
        return self._surest((self.labels == label) & (self.called == called))

    def _surest(self, chosen: Any) -> Any:
        places = np.flatnonzero(chosen)
        return places[np.argsort(-self.confidence[places], kind="stable")]

    def pairs(self) -> list[tuple[int, int, int]]:
        """Each (class, what it was called, how often) that happened, the most frequent first."""
        wrong = self.labels != self.called
        both = np.stack((self.labels[wrong], self.called[wrong]), 1)
        found, counts = np.unique(both, axis=0, return_counts=True)
        rows = [(int(label), int(called), int(count)) for (label, called), count in zip(found, counts, strict=True)]
        return sorted(rows, key=lambda row: (-row[2], row[0], row[1]))


def classifier_of(graph: Graph, network: nn.Module) -> str:
    """The last layer with weights above the network's output, by name; empty where there is none."""
    modules = dict(network.named_modules())
    waiting = [output.node for output in graph.results if not output.training_only][:1]
    seen = set(waiting)
    while waiting:
        name = waiting.pop(0)
        if name not in graph:
            continue
        node = graph.node(name)
        weight = getattr(modules.get(node.shares or name), "weight", None)
        if isinstance(weight, Tensor) and weight.ndim >= 2:
            return node.shares or name
        for source in graph.sources(node):
            if source not in seen:
                seen.add(source)
                waiting.append(source)
    return ""


def verdicts(
    network: nn.Module, classifier: str, batches: Iterable[Batch], check: Callable[[], object] = lambda: None
) -> Verdicts:
    """Ask a network in evaluation mode; ``check`` is called between batches and ends it by raising."""
    told: list[Tensor] = []
    labels: list[Tensor] = []
    features: list[Tensor] = []

    def keep(module: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        values = inputs[0].float()
        features.append(values.mean((2, 3)) if values.ndim == 4 else values.flatten(1))

    handle = network.get_submodule(classifier).register_forward_pre_hook(keep) if classifier else None
    try:
        with torch.inference_mode():
            for batch in batches:
                check()
                output = network(batch.images)
                logits = next(iter(output.values())) if isinstance(output, dict) else output
                told.append(logits.float().softmax(1))
                labels.append(batch.labels)
    finally:
        if handle is not None:
            handle.remove()
    if not told:
        nothing = np.zeros(0, np.int64)
        return Verdicts(nothing, nothing, np.zeros(0, np.float32), np.zeros((0, 0), np.float32))
    confidence, called = torch.cat(told).max(1)
    known = torch.cat(features if features else told).cpu().numpy()
    return Verdicts(torch.cat(labels).cpu().numpy(), called.cpu().numpy(), confidence.cpu().numpy(), known)
