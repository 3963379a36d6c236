"""What a step makes small: J = Loss + λ·Penalty(W), in its parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from workbench.graph import Graph
from workbench.project import Recipe


@dataclass(frozen=True, slots=True)
class Targets:
    """Labels ``(N,)``; where images were mixed, the second labels and the first one's share ``(N,)``."""

    labels: Tensor
    other: Tensor | None = None
    share: Tensor | None = None


@dataclass(frozen=True, slots=True)
class Parts:
    """The objective (scalars with gradient) and each image's data loss ``(N,)`` without."""

    total: Tensor
    data: Tensor
    l1: Tensor
    l2: Tensor
    auxiliary: Tensor
    per_image: Tensor
    logits: Tensor


class Objective:
    """The loss of a network's outputs plus the penalties on its weights.

    Penalties hold for weights of layers (matrices and filters), not for biases and normalization's vectors.
    """

    def __init__(self, graph: Graph, network: nn.Module, recipe: Recipe) -> None:
        self._recipe = recipe
        self._weights = [p for p in network.parameters() if p.dim() > 1 and p.requires_grad]
        self._main = next(output for output in graph.results if not output.training_only)
        self._outputs = graph.results

    def main(self, outputs: Tensor | Mapping[str, Tensor]) -> Tensor:
        """The output that classifies, ``(N, classes)``."""
        return outputs[self._main.name] if isinstance(outputs, Mapping) else outputs

    def __call__(self, outputs: Tensor | Mapping[str, Tensor], targets: Targets) -> Parts:
        logits = self.main(outputs)
        per_image = self._loss(logits, targets)
        data = self._kept(per_image).mean() * self._main.weight
        nothing = data.new_zeros(())
        auxiliary = nothing
        if isinstance(outputs, Mapping):
            for output in self._outputs:
                if output is not self._main and output.weight:
                    auxiliary = auxiliary + output.weight * self._kept(self._loss(outputs[output.name], targets)).mean()
        l1 = l2 = nothing
        if self._recipe.l1:
            l1 = self._recipe.l1 * torch.stack([weight.abs().sum() for weight in self._weights]).sum()
        if self._recipe.l2:
            l2 = self._recipe.l2 * torch.stack([weight.square().sum() for weight in self._weights]).sum()
        return Parts(data + auxiliary + l1 + l2, data, l1, l2, auxiliary, per_image.detach(), logits)

    def _kept(self, per_image: Tensor) -> Tensor:
        """The losses without the highest share, which outliers and wrong labels cause."""
        discarded = int(self._recipe.discard_outliers * len(per_image))
        if not discarded:
            return per_image
        return per_image.topk(len(per_image) - discarded, largest=False).values

    def _loss(self, logits: Tensor, targets: Targets) -> Tensor:
        logits = logits.float()
        first = self._against(logits, targets.labels)
        if targets.other is None or targets.share is None:
            return first
        return targets.share * first + (1 - targets.share) * self._against(logits, targets.other)

    def _against(self, logits: Tensor, labels: Tensor) -> Tensor:
        smoothing = self._recipe.label_smoothing
        if self._recipe.loss == "mse":
            classes = logits.shape[1]
            wanted = F.one_hot(labels, classes).float() * (1 - smoothing) + smoothing / classes
            return (logits - wanted).square().mean(1)
        return F.cross_entropy(logits, labels, reduction="none", label_smoothing=smoothing)
