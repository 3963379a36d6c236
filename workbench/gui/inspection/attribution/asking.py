"""Why a class, asked of a network in the background."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QObject

from workbench.gui.inspection.picture import Picture
from workbench.gui.inspection.questions import Questions
from workbench.gui.inspection.standing import NetworkCopy, Standing
from workbench.inspection.attribution import Attribution

if TYPE_CHECKING:
    from workbench.data import Dataset

_VALUES_AT_ONCE = 24_000_000
"""Values of maps that may be kept for the way back, 96 MB: so many pictures go through a network together."""


@dataclass(frozen=True, eq=False)
class Wish:
    """What a person wants to know. ``target`` is the number of a class, None for the likeliest."""

    standing: Standing
    picture: Picture
    dataset: Dataset
    fit: str
    method: str
    target: int | None
    layer: str


@dataclass(frozen=True, eq=False)
class Answer:
    """``pixels`` are the picture as the network saw it, uint8 ``(C, H, W)``; ``target`` the class that was meant."""

    wish: Wish
    pixels: np.ndarray[Any, Any]
    target: int
    attribution: Attribution


class Asking(Questions):
    """``answered`` brings an `Answer`."""

    def __init__(self, copy: NetworkCopy, parent: QObject) -> None:
        super().__init__("attribution", copy, parent)

    def ask(self, wish: Wish) -> None:
        self._ask(lambda: self._answer(wish))

    def _answer(self, wish: Wish) -> Answer:
        """In the background's thread."""
        import torch

        from workbench.compiler import analyse
        from workbench.data.batches import Normalise, statistics_in
        from workbench.inspection.attribution import Question, attribute, likeliest

        graph, check = wish.standing.graph, self._work.check
        pixels = wish.picture.fitted(graph.shape, wish.fit)
        normalise = Normalise(*statistics_in(wish.dataset, graph.shape[0]), torch.device("cpu"))
        image = normalise(pixels[None])
        analysis = analyse(graph)
        report = analysis.by_name.get(wish.layer)
        at_once = max(1, min(32, _VALUES_AT_ONCE // max(1, analysis.activation_bytes // 4)))
        with self._copy.lent(wish.standing, check) as network:
            target = likeliest(network, image, check) if wish.target is None else wish.target
            field = report.receptive_field if report else None
            question = Question(image, target, wish.layer, field, at_once=at_once)
            return Answer(wish, pixels.numpy(), target, attribute(network, wish.method, question, self._tell))
