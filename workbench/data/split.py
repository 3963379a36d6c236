"""How the images of a source are divided: stratified, seeded, and stable when images are left out."""

from __future__ import annotations

import torch
from torch import Tensor

from workbench.data.chance import Stream, bits


def stratified(labels: Tensor, indices: Tensor, share: float, seed: int) -> tuple[Tensor, Tensor]:
    """Positions (kept, held out), each in ascending order.

    Every class gives its share, rounded down or up such that ``round(share * N)`` are held out in all, except that
    a class keeps at least one image.
    """
    counts = torch.bincount(labels)
    held = _apportioned(counts, share)
    return _first_of_each_class(labels, bits(indices, Stream.SPLIT, seed), held)


def evenly(labels: Tensor, indices: Tensor, count: int, seed: int) -> Tensor:
    """Positions of ``count`` images, as many of each class as of any other, as far as a class has them."""
    counts = torch.bincount(labels)
    quota = torch.zeros_like(counts)
    while (left := min(count, len(labels)) - int(quota.sum())) > 0:
        open_classes = (quota < counts).nonzero().flatten()
        each, extra = divmod(left, len(open_classes))
        if each:
            quota[open_classes] += each
        else:
            quota[open_classes[:extra]] += 1
        quota = torch.minimum(quota, counts)
    return _first_of_each_class(labels, bits(indices, Stream.SUBSET, seed), quota)[1]


def noisy(labels: Tensor, indices: Tensor, share: float, classes: int, seed: int) -> Tensor:
    """Labels of which ``round(share * N)`` are replaced by another class, each wrong class as likely."""
    chosen = bits(indices, Stream.NOISY_LABEL, seed).argsort(stable=True)[: round(share * len(labels))]
    shift = 1 + bits(indices[chosen], Stream.WRONG_CLASS, seed).remainder(classes - 1)
    changed = labels.clone()
    changed[chosen] = (labels[chosen] + shift).remainder(classes)
    return changed


def _apportioned(counts: Tensor, share: float) -> Tensor:
    """Largest remainder: whole numbers near ``share * counts`` that add up to the share of the sum."""
    exact = counts.double() * share
    held = exact.floor().long()
    missing = round(float(exact.sum())) - int(held.sum())
    held[(held - exact).argsort(stable=True)[:missing]] += 1
    return torch.minimum(held, (counts - 1).clamp(min=0))


def _first_of_each_class(labels: Tensor, ranks: Tensor, quota: Tensor) -> tuple[Tensor, Tensor]:
    """Positions (others, chosen): of each class the ``quota[class]`` ones that the ranks put first."""
    order = ranks.argsort(stable=True)
    order = order[labels[order].argsort(stable=True)]
    counts = torch.bincount(labels)
    place = torch.arange(len(labels)) - (counts.cumsum(0) - counts)[labels[order]]
    chosen = place < quota[labels[order]]
    return order[~chosen].sort().values, order[chosen].sort().values
