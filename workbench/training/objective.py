"""What a step makes small: J = Loss + λ·Penalty(W), in its parts."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from workbench.graph import Graph
from workbench.project import Recipe
from workbench.training.weights import weights


@dataclass(frozen=True, slots=True)
class Targets:
    """Labels ``(N,)``; where images were mixed, the second labels and the first one's share ``(N,)``."""

    labels: Tensor
    other: Tensor | None = None
    share: Tensor | None = None


@dataclass(frozen=True, slots=True)
class Parts:
    """The objective (scalars), and what classified the images ``(N, classes)``.

    Terms that the recipe does not ask for are None: a small network's step feels every operation.
    """

    total: Tensor
    data: Tensor
    l1: Tensor | None
    l2: Tensor | None
    auxiliary: Tensor | None
    logits: Tensor

    def terms(self) -> tuple[Tensor | None, ...]:
        """What the objective is the sum of: data, L1, L2 and auxiliary."""
        return self.data, self.l1, self.l2, self.auxiliary

    def detached(self) -> Parts:
        """Without what the gradient was made of, which holds the whole pass's memory."""
        data = self.data.detach()
        total = data if self.total is self.data else self.total.detach()
        l1, l2, auxiliary = (None if term is None else term.detach() for term in (self.l1, self.l2, self.auxiliary))
        return Parts(total, data, l1, l2, auxiliary, self.logits.detach())


class Objective:
    """The loss of a network's outputs plus the penalties on its weights.

    Penalties hold for filters and matrices, not for biases and normalization's scales.
    """

    def __init__(self, graph: Graph, network: nn.Module, recipe: Recipe) -> None:
        self._recipe = recipe
        self._weights = weights(network)
        self._main = next(output for output in graph.results if not output.training_only)
        self._outputs = graph.results

    def main(self, outputs: Tensor | Mapping[str, Tensor]) -> Tensor:
        """The output that classifies, ``(N, classes)``."""
        return outputs[self._main.name] if isinstance(outputs, Mapping) else outputs

    def __call__(self, outputs: Tensor | Mapping[str, Tensor], targets: Targets) -> Parts:
        logits = self.main(outputs)
        data = self._loss(logits, targets)
        if self._main.weight != 1:
            data = data * self._main.weight
        total = data
        l1: Tensor | None = None
        l2: Tensor | None = None
        auxiliary: Tensor | None = None
        if isinstance(outputs, Mapping):
            for output in self._outputs:
                if output is not self._main and output.weight:
                    loss = output.weight * self._loss(outputs[output.name], targets)
                    auxiliary = loss if auxiliary is None else auxiliary + loss
            total = total if auxiliary is None else total + auxiliary
        if self._recipe.l1:
            l1 = self._recipe.l1 * torch.stack([weight.abs().sum() for weight in self._weights]).sum()
            total = total + l1
        if self._recipe.l2:
            l2 = self._recipe.l2 * torch.stack([weight.square().sum() for weight in self._weights]).sum()
            total = total + l2
        return Parts(total, data, l1, l2, auxiliary, logits)

    def _loss(self, logits: Tensor, targets: Targets) -> Tensor:
        """The mean over the images; without those of the highest losses, which outliers and wrong labels cause."""
        recipe = self._recipe
        logits = logits.float()  # half precision has too few digits for a sum of exponentials
        if targets.other is None and not recipe.discard_outliers and recipe.loss == "cross_entropy":
            # As below, in one operation: a small network's step feels each.
            return F.cross_entropy(logits, targets.labels, label_smoothing=recipe.label_smoothing)
        losses = self._against(logits, targets.labels)
        if targets.other is not None and targets.share is not None:
            losses = targets.share * losses + (1 - targets.share) * self._against(logits, targets.other)
        discarded = int(recipe.discard_outliers * len(losses))
        return losses.topk(len(losses) - discarded, largest=False).values.mean() if discarded else losses.mean()

    def _against(self, logits: Tensor, labels: Tensor) -> Tensor:
        return per_image_loss(self._recipe.loss, logits, labels, self._recipe.label_smoothing)


def per_image_loss(kind: str, logits: Tensor, labels: Tensor, smoothing: float = 0.0) -> Tensor:
    """``(N,)``: each image's cross-entropy, or its mean squared distance from the one-hot target.

    Smoothing spreads that share of the target over all classes (Szegedy et al. 2016).
    """
    if kind == "mse":
        classes = logits.shape[1]
        wanted = F.one_hot(labels, classes).float() * (1 - smoothing) + smoothing / classes
        return (logits - wanted).square().mean(1)
    return F.cross_entropy(logits, labels, reduction="none", label_smoothing=smoothing)


def guessing_loss(kind: str, classes: int) -> float:
    """What it costs to give every class the same probability."""
    if kind == "mse":
        return (1 - 1 / classes) / classes
    return math.log(classes)
