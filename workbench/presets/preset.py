"""A preset: a famous network, where it comes from, and which form of it this is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from workbench.graph import Graph, Shape
from workbench.project import Recipe

GENTLE = Recipe(learning_rate=0.01, init="he", clip_norm=5.0)
"""A start for deep networks without normalization: they do not survive the default's larger steps."""


@dataclass(frozen=True)
class Paper:
    """Where a network was published."""

    authors: str
    year: int
    title: str
    where: str


@dataclass(frozen=True)
class Preset:
    """One famous network.

    ``form`` says which of the forms in circulation this is; ``new`` what it brought. ``published`` is the
    training as published, as near as a `Recipe` can say it, and ``published_note`` the rest; ``starter`` is a
    recipe that trains on small data in minutes. ``reference`` names the constructor whose weights fit, such as
    ``torchvision.resnet18`` or ``timm.legacy_seresnet18``; '' where no library has the network.
    """

    name: str
    title: str
    paper: Paper
    input: Shape
    classes: int
    make: Callable[[Shape, int], Graph]
    form: str
    new: str
    table: str
    accuracy: str
    published: Recipe
    published_note: str
    starter: Recipe = field(default_factory=Recipe)
    reference: str = ""
    reference_options: tuple[tuple[str, Any], ...] = ()

    @property
    def year(self) -> int:
        return self.paper.year
