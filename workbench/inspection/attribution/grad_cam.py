"""Grad-CAM and Grad-CAM++: a layer's maps, each weighted by what the class owes to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn

from workbench.inspection.attribution.question import Question
from workbench.inspection.attribution.scores import AttributionError, Scores
from workbench.inspection.attribution.through_captum import captum_attr


def grad_cam(scores: Scores, question: Question) -> Tensor:
    """``ReLU(Σₖ wₖ Aᵏ)``, ``wₖ`` being the mean of ∂S/∂Aᵏ over the map's places, ``(h, w)``.

    Selvaraju et al. 2017, equations 1 and 2, on the class's score S before the softmax; captum's `LayerGradCam`.
    """
    explainer = captum_attr().LayerGradCam(scores, _module(scores.network, question.layer))
    with _maps_once(scores.network, question.layer):
        found: Tensor = explainer.attribute(
            question.image.detach().requires_grad_(),
            target=question.target,
            relu_attributions=True,
            grad_kwargs={"allow_unused": True, "materialize_grads": True},  # none is zero
        )
    return found[0, 0]


def grad_cam_plus_plus(scores: Scores, question: Question) -> Tensor:
    """``ReLU(Σₖ wₖ Aᵏ)`` with weights that count each place by itself, ``(h, w)``:

    ``wₖ = Σᵢⱼ αᵏᵢⱼ ReLU(∂Y/∂Aᵏᵢⱼ)`` and, for Y = exp(S) with g = ∂S/∂Aᵏᵢⱼ,
    ``αᵏᵢⱼ = g² / (2g² + g³ Σₐᵦ Aᵏₐᵦ)`` (Chattopadhay et al. 2018, equations 5, 10 and 19).

    ∂Y/∂A is exp(S)·g, and exp(S), the same at every place, is left out: it would only scale the map, or overflow.
    The formula is made for maps that are never negative, such as a ReLU's. Where g is zero, so is α; the denominator
    is zero at no other place but by chance, where α is zero too.
    """
    kept: list[Tensor] = []

    def keep(module: nn.Module, inputs: Any, output: Tensor) -> Tensor:
        kept.append(output if output.requires_grad else output.requires_grad_())
        return output.clone()  # what comes next may work in place

    with _maps_once(scores.network, question.layer):
        handle = _module(scores.network, question.layer).register_forward_hook(keep)
        try:
            score = scores(question.image.detach().requires_grad_())[0, question.target]
        finally:
            handle.remove()
    (gradient,) = torch.autograd.grad(score, tuple(kept), allow_unused=True, materialize_grads=True)
    maps, g = kept[0].detach()[0], gradient[0]
    below = 2 * g**2 + g**3 * maps.sum((1, 2), keepdim=True)
    alpha = torch.where(below == 0, 0, g**2 / below)
    weights = (alpha * g.relu()).sum((1, 2), keepdim=True)
    return (weights * maps).sum(0).relu()


def _module(network: nn.Module, layer: str) -> nn.Module:
    try:
        return network.get_submodule(layer) if layer else _refuse("a layer is needed whose maps are looked at")
    except AttributeError:
        return _refuse(f"the network has no layer '{layer}'")


@contextmanager
def _maps_once(network: nn.Module, layer: str) -> Iterator[None]:
    """Refuses a layer that gives no maps, or not once."""
    runs = 0

    def look(module: nn.Module, inputs: Any, output: Any) -> None:
        nonlocal runs
        runs += 1
        if not isinstance(output, Tensor) or output.ndim != 4:
            _refuse(f"{layer} gives no maps; choose a convolution, or another layer with maps")
        if runs > 1:
            _refuse(f"{layer} runs several times, because others share its weights; choose a layer that runs once")

    handle = _module(network, layer).register_forward_hook(look, prepend=True)
    try:
        yield
    except AssertionError:  # captum's, where it has seen no output
        if runs:
            raise
    finally:
        handle.remove()
    if not runs:
        _refuse(f"{layer} has no part in what the network says; choose a layer above the output")


def _refuse(why: str) -> Any:
    raise AttributionError(why)
