"""One step: forward and backward of its batches, what came of them, and what the optimizer makes of the gradient."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from workbench.compiler import Network
from workbench.data import Batch
from workbench.graph import Graph
from workbench.project import Recipe
from workbench.training.mixing import mixed
from workbench.training.numerics import NotFinite, first_bad_gradient, first_bad_layer, read
from workbench.training.objective import Objective, Parts
from workbench.training.optimizers import make_optimizer
from workbench.training.precision import Arithmetic

_LOWEST_SCALE = 2.0**-10
"""An fp16 scaler that has come down to this has met gradients that no scaling makes finite."""

_LARGEST = torch.finfo(torch.float32).max
"""A learning rate beyond it has no place in the weights' own numbers."""


class Stepper:
    """Knows nothing of epochs but their numbers, by which images are mixed and an error says where it was.

    ``norms`` are those of the gradients of `moving`, as of the last `measured`.
    """

    def __init__(self, graph: Graph, network: Network, recipe: Recipe, arithmetic: Arithmetic) -> None:
        self._network, self._recipe, self._arithmetic = network, recipe, arithmetic
        self._parameters = list(network.parameters())
        self.optimizer = make_optimizer(network, recipe)
        kind = torch.device(arithmetic.device).type
        self.scaler = torch.amp.GradScaler(kind, enabled=arithmetic.precision == "fp16")
        self._objective = Objective(graph, network, recipe)
        self._forward = torch.compile(network) if recipe.compile else network
        self.norms: list[float] = []

    def set_rate(self, rate: float, epoch: int, number: int) -> None:
        """Step with this learning rate from now on. Raises `NotFinite` for one that is no number of 32 bits."""
        if abs(rate) > _LARGEST:
            raise NotFinite(
                f"The learning rate of {rate:.3g} in epoch {epoch}, batch {number + 1} is too large for a number of "
                "32 bits",
                "Lower the learning rate.",
            )
        for group in self.optimizer.param_groups:
            group["lr"] = rate * group.get("factor", 1.0)

    def gradients(self, batches: Sequence[Batch], epoch: int, number: int) -> list[Parts]:
        """Forward and backward of the batches, of which the first is the epoch's one of that ``number``."""
        images = sum(len(batch.labels) for batch in batches)
        return [self._gradients(batch, epoch, place, images) for place, batch in enumerate(batches, number)]

    def _gradients(self, batch: Batch, epoch: int, number: int, images: int) -> Parts:
        inputs, targets = mixed(batch, self._recipe, epoch, number)
        with self._arithmetic.autocast():
            outputs = self._forward(inputs)
        parts = self._objective(outputs, targets)
        share = len(batch.labels) / images
        self.scaler.scale(parts.total if share == 1 else parts.total * share).backward()
        return parts.detached()

    def measured(
        self, parts: Sequence[Parts], batches: Sequence[Batch], epoch: int, number: int
    ) -> tuple[list[float], float]:
        """The step's objective (total, data loss, L1, L2 and auxiliary), and the gradient's norm. Raises `NotFinite`.

        All of it comes from the device at once, because a GPU has to wait for each time that it is asked.
        """
        self.scaler.unscale_(self.optimizer)
        gradients = self._gradients_of_now()
        asked = (term for part in parts for term in part.terms() if term is not None)
        values = iter(read([*torch._foreach_norm(gradients), *asked]))
        self.norms = [next(values) for _ in gradients]
        norm = math.sqrt(sum(value**2 for value in self.norms))
        images = sum(len(batch.labels) for batch in batches)
        objective = [0.0] * 5
        for place, (part, batch) in enumerate(zip(parts, batches, strict=True), number):
            terms = [0.0 if term is None else next(values) for term in part.terms()]
            if not math.isfinite(sum(terms)):
                raise self._bad_loss(batch, epoch, place, terms)
            share = len(batch.labels) / images
            objective = [total + term * share for total, term in zip(objective, (sum(terms), *terms), strict=True)]
        if not math.isfinite(norm) and not (self.scaler.is_enabled() and self.scaler.get_scale() > _LOWEST_SCALE):
            where = first_bad_gradient(self._network) or "its norm, which is too large for a number"
            raise _not_finite("gradient", epoch, number, where)
        return objective, norm

    def move(self, norm: float) -> None:
        """Clip the gradient, and let the optimizer use it."""
        longest = self._recipe.clip_norm
        if longest and norm > longest:
            torch._foreach_mul_(self._gradients_of_now(), longest / (norm + 1e-6))
        self.scaler.step(self.optimizer)
        self.scaler.update()
        # As optimizer.zero_grad(), which tells torch's profiler of it: a small network's step feels that.
        for parameter in self._parameters:
            parameter.grad = None

    @property
    def moving(self) -> list[nn.Parameter]:
        """The parameters that have a gradient now."""
        return [parameter for parameter in self._parameters if parameter.grad is not None]

    def _gradients_of_now(self) -> list[Tensor]:
        return [gradient for parameter in self._parameters if (gradient := parameter.grad) is not None]

    def _bad_loss(self, batch: Batch, epoch: int, number: int, terms: list[float]) -> NotFinite:
        _, l1, l2, _ = terms
        if not (math.isfinite(l1) and math.isfinite(l2)):
            return _not_finite("objective", epoch, number, "the penalty on the weights")
        images, _ = mixed(batch, self._recipe, epoch, number)
        where = first_bad_layer(self._network, images, self._arithmetic)
        return _not_finite("loss", epoch, number, where or "the loss itself")


def _not_finite(what: str, epoch: int, number: int, where: str) -> NotFinite:
    return NotFinite(
        f"The {what} is not finite in epoch {epoch}, batch {number + 1}: it began at {where}",
        "Lower the learning rate, clip the gradient, or use precision fp32.",
    )
