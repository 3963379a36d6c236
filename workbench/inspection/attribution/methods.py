"""The ways to ask which places of a picture speak for a class, one row each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from workbench.inspection.attribution.grad_cam import grad_cam, grad_cam_plus_plus
from workbench.inspection.attribution.pixels import integrated_gradients, occlusion, saliency
from workbench.inspection.attribution.placing import placed
from workbench.inspection.attribution.question import Question
from workbench.inspection.attribution.scores import AttributionError, Progress, Scores, asking, silent


@dataclass(frozen=True, slots=True, eq=False)
class Attribution:
    """How much each place speaks for the class, NumPy float32 ``(H, W)`` as the picture.

    ``coarse`` is the same as it was found, ``(h, w)`` of the layer's map. ``signed``: below zero are places that speak
    against the class. ``score`` is what the network says of the class, before any softmax of ours; ``probabilities``
    are those of all classes. ``note`` is a sentence where there is nothing to be seen.
    """

    heat: Any
    coarse: Any
    signed: bool
    score: float
    probabilities: tuple[float, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Method:
    """One way to ask. ``asks`` tells how many pictures go through the network."""

    name: str
    title: str
    help: str
    ask: Callable[[Scores, Question], Tensor]
    asks: Callable[[Question], int]
    of_layer: bool = False
    signed: bool = False


METHODS = {
    method.name: method
    for method in (
        Method(
            "grad-cam",
            "Grad-CAM",
            "Which maps of a layer raise the class, and where they are active (Selvaraju et al. 2017).",
            grad_cam,
            lambda question: 1,
            of_layer=True,
        ),
        Method(
            "grad-cam++",
            "Grad-CAM++",
            "As Grad-CAM, but finds every one of several objects of the class (Chattopadhay et al. 2018).",
            grad_cam_plus_plus,
            lambda question: 1,
            of_layer=True,
        ),
        Method(
            "saliency",
            "Saliency",
            "How much the class answers to a small change of each pixel (Simonyan et al. 2014).",
            saliency,
            lambda question: 1,
        ),
        Method(
            "integrated-gradients",
            "Integrated gradients",
            "What each pixel adds on the way from the mean picture to this one (Sundararajan et al. 2017).",
            integrated_gradients,
            lambda question: question.steps + 1,
            signed=True,
        ),
        Method(
            "occlusion",
            "Occlusion",
            "How much the class loses where a patch is covered with the mean colour (Zeiler and Fergus 2014).",
            occlusion,
            lambda question: question.places_covered + 1,
            signed=True,
        ),
    )
}


def attribute(network: nn.Module, method: str, question: Question, progress: Progress = silent) -> Attribution:
    """Ask a network that takes one picture. Its weights, mode and buffers are afterwards what they were.

    ``progress`` is told how much is done, and ends it by raising, also inside a long forward or backward pass.
    Raises `AttributionError` where the network has no answer.
    """
    if method not in METHODS:
        raise AttributionError(f"there is no method '{method}'; there are {', '.join(METHODS)}")
    row, image = METHODS[method], question.image
    if image.ndim != 4 or len(image) != 1:
        raise AttributionError(f"expected one picture (1, C, H, W), received {tuple(image.shape)}")
    scores = Scores(network, question.target, progress, row.asks(question))
    with asking(network, scores.check):
        coarse = row.ask(scores, question).detach().float().cpu()
    note = ""
    if not torch.isfinite(coarse).all():
        coarse, note = torch.nan_to_num(coarse, 0, 0, 0), "Values that are not finite are left out."
    elif not coarse.any():
        note = _nothing(row, question)
    heat = placed(coarse, image.shape[2:], question.field) if row.of_layer else coarse
    told = scores.told.cpu()
    return Attribution(
        heat.contiguous().numpy(), coarse.contiguous().numpy(), row.signed, float(told[question.target]),
        tuple(told.softmax(0).tolist()), note,
    )  # fmt: skip


def likeliest(network: nn.Module, image: Tensor, check: Callable[[], object] = lambda: None) -> int:
    """The class that a network holds for the likeliest of a normalized picture ``(1, C, H, W)``."""
    scores = Scores(network, 0)
    with asking(network, check), torch.no_grad():
        scores(image)
    return int(scores.told.argmax())


def _nothing(method: Method, question: Question) -> str:
    if method.name == "occlusion":
        return "Nothing that was covered changes this class."
    if method.of_layer:
        return f"No map of {question.layer} speaks for this class here: its gradients are zero, or all against it."
    return "No gradient of this class reaches the picture: somewhere between them every unit is silent."
