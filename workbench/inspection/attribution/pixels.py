"""The methods that look at the pixels themselves and need no layer."""

from __future__ import annotations

from torch import Tensor

from workbench.inspection.attribution.question import Question
from workbench.inspection.attribution.scores import Scores
from workbench.inspection.attribution.through_captum import captum_attr


def saliency(scores: Scores, question: Question) -> Tensor:
    """The largest |∂S/∂x| of a pixel's channels, ``(H, W)``: Simonyan, Vedaldi and Zisserman 2014, section 3.1."""
    image = question.image.detach().requires_grad_()
    found: Tensor = captum_attr().Saliency(scores).attribute(image, target=question.target)
    return found[0].amax(0)


def integrated_gradients(scores: Scores, question: Question) -> Tensor:
    """``(x − x̄) · ∫ ∂S/∂x`` on the straight way from the mean picture x̄ to x, summed over channels, ``(H, W)``.

    Sundararajan, Taly and Yan 2017, equation 1, by Gauss-Legendre quadrature. The mean picture is zero once pictures
    are normalized. The values add up to S(x) − S(x̄), as near as ``steps`` come to it.
    """
    scores(question.image)
    found: Tensor = captum_attr().IntegratedGradients(scores).attribute(
        question.image.detach().requires_grad_(),
        baselines=0,
        target=question.target,
        n_steps=question.steps,
        internal_batch_size=min(question.at_once, question.steps),
    )  # fmt: skip
    return found[0].sum(0)


def occlusion(scores: Scores, question: Question) -> Tensor:
    """How much S falls where a square is covered with the mean colour, ``(H, W)``: Zeiler and Fergus 2014, section 3.4.

    Where squares overlap, a pixel has the mean of theirs.
    """
    side, step = question.covered
    channels, height, width = question.image.shape[1:]
    # One example of each batch is asked about at a time, so that it is told how far the work is.
    found: Tensor = captum_attr().Occlusion(scores).attribute(
        question.image.detach(),
        sliding_window_shapes=(channels, min(side, height), min(side, width)),
        strides=(channels, step, step),
        baselines=0,
        target=question.target,
        perturbations_per_eval=min(question.at_once, question.places_covered),
    )  # fmt: skip
    return found[0].mean(0)
