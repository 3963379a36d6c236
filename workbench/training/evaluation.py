"""A network measured on images, without learning from them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from workbench.data import Batch
from workbench.training.control import Control
from workbench.training.interruption import stopping_inside
from workbench.training.objective import per_image_loss
from workbench.training.precision import Arithmetic


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Mean loss, accuracies, and the confusion matrix: row i counts what class i was called.

    The accuracy of a class without images is not a number, and so is every mean where there are no images at all.
    """

    images: int
    loss: float
    accuracy: float
    top5: float
    class_accuracy: tuple[float, ...]
    confusion: tuple[tuple[int, ...], ...]
    losses: Tensor
    indices: Tensor
    predictions: Tensor


def evaluate(
    network: nn.Module,
    batches: Iterable[Batch],
    classes: int,
    arithmetic: Arithmetic,
    control: Control | None = None,
    loss: str = "cross_entropy",
) -> Evaluation:
    """Measure the network in evaluation mode; its mode is put back. Raises `Stopped` when asked to, between layers."""
    losses, predictions, labels, indices, top5 = [], [], [], [], []
    was_training = network.training
    network.eval()
    try:
        with torch.inference_mode(), stopping_inside(network, control or Control()):
            for batch in batches:
                if control is not None:
                    control.check()
                with arithmetic.autocast():
                    output = network(batch.images)
                logits = (next(iter(output.values())) if isinstance(output, dict) else output).float()
                losses.append(per_image_loss(loss, logits, batch.labels))
                best = logits.topk(min(5, logits.shape[1])).indices
                predictions.append(best[:, 0])
                top5.append((best == batch.labels[:, None]).any(1))
                labels.append(batch.labels)
                indices.append(batch.indices)
    finally:
        network.train(was_training)
    if not labels:
        empty = torch.empty(0)
        nothing = float("nan")
        return Evaluation(0, nothing, nothing, nothing, (), (), empty, empty.long(), empty.long())
    truth, called = torch.cat(labels).cpu(), torch.cat(predictions).cpu()
    confusion = torch.bincount(truth * classes + called, minlength=classes * classes).view(classes, classes)
    right = confusion.diagonal().double()
    per_image = torch.cat(losses).cpu()
    return Evaluation(
        len(truth),
        float(per_image.double().mean()),
        float(right.sum() / len(truth)),
        float(torch.cat(top5).double().mean()),
        tuple((right / confusion.sum(1)).tolist()),
        tuple(map(tuple, confusion.tolist())),
        per_image,
        torch.cat(indices).cpu(),
        called,
    )
