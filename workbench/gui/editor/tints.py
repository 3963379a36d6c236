"""Figures of a layer's health as colours of its card: from too little (purple) over what is usual to too much (orange).

Purple and orange are told apart by every kind of colour vision (Brewer's PuOr), and the figure stands beside them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtGui import QColor

from workbench.gui.theme import Theme

if TYPE_CHECKING:
    from workbench.inspection import LayerHealth

_SCALES = {"light": ("#6a4fb0", "#e07b00"), "dark": ("#a78bfa", "#ff9d2e")}
_STEPS = 8
"""Shades to either side: a card is painted anew only where it comes to another one, or says something else."""


@dataclass(frozen=True, slots=True)
class Tint:
    """How far a figure lies from what is usual, −1 (far too little) to 1 (far too much), and the figure in words."""

    value: float
    text: str


NOTHING = Tint(0.0, "")
"""That of a card without such a figure, among others that have one."""


@dataclass(frozen=True)
class Figure:
    """One figure of `LayerHealth`: its name there, the heading of its column, what cards and legend say of it.

    ``place`` tells where a value lies on the scale; ``log`` whether its history is drawn by magnitudes.
    """

    name: str
    column: str
    action: str
    scale: tuple[str, str, str]
    help: str
    text: Callable[[float], str]
    place: Callable[[float], float]
    log: bool = True


TintsOf = Callable[[Figure], Mapping[str, Tint]]
"""Makes the tints of a figure, by layer: most figures are looked at by nobody."""


def _magnitude(middle: float, reach: float) -> Callable[[float], float]:
    """Where a value lies, ``reach`` powers of ten to either side of the middle."""
    return lambda value: math.log10(value / middle) / reach if value > 0 else -1.0


def number(value: float) -> str:
    """``370``, ``0.0042``, ``3.1e-7``; '' for what is none."""
    if not math.isfinite(value):
        return "" if math.isnan(value) else "∞"
    if value == 0 or 1e-3 <= abs(value) < 1e4:
        return f"{float(f'{value:.2g}'):g}"
    digits, _, power = f"{value:.1e}".partition("e")
    return f"{digits}e{int(power)}"


def percent(value: float) -> str:
    return "" if math.isnan(value) else f"{100 * value:.0f} %"


FIGURES = (
    Figure(
        "dead", "Never fire", "Cards coloured by units that never fire", ("", "all fire", "none fires"),
        "Share of an activation's maps or features that fired for none of the images looked at lately",
        percent, lambda value: value, False,
    ),
    Figure(
        "mean", "Mean", "Cards coloured by mean activation", ("−2", "mean 0", "2"),
        "Mean of the values that the layer gives", number, lambda value: value / 2, False,
    ),
    Figure(
        "spread", "Spread", "Cards coloured by spread of activations", ("0.01", "spread 1", "100"),
        "Standard deviation of the values that the layer gives", number, _magnitude(1.0, 2.0),
    ),
    Figure(
        "gradient", "Gradient", "Cards coloured by gradient", ("÷ 1000", "as before the head", "× 1000"),
        "Norm of the gradient of the layer's weights, before clipping. Colours tell what lately came of it to one "
        "weight, beside the last layers before the head", number, _magnitude(1.0, 3.0),
    ),
    Figure(
        "update", "Update", "Cards coloured by update of weights", ("1e-5", "|Δw| / |w| = 0.001", "0.1"),
        "How far one step moves the weights, as a share of their length; about a thousandth is usual",
        number, _magnitude(1e-3, 2.0),
    ),
)  # fmt: skip

BY_NAME = {figure.name: figure for figure in FIGURES}


def tint(figure: Figure, health: LayerHealth, relative: float | None = None) -> Tint | None:
    """The tint of a layer; None where it has no such figure. ``relative`` is log10 of what comes of a gradient."""
    value = getattr(health, figure.name)
    if math.isnan(value):
        return None
    # A gradient has no usual size of its own: it is compared with that before the head.
    place = (relative or 0.0) / 3 if figure.name == "gradient" else figure.place(value)
    return Tint(round(max(-1.0, min(1.0, place)) * _STEPS) / _STEPS, figure.text(value).replace("-", "−"))


def worst(tints: Iterable[Tint]) -> Tint | None:
    """The tint that lies farthest from what is usual: that of a block."""
    return max(tints, key=lambda one: abs(one.value), default=None)


def shade(theme: Theme, value: float, strength: float = 1.0) -> QColor:
    """The colour of a place on the scale, laid over the cards' own."""
    low, high = _SCALES["dark" if theme.name == "dark" else "light"]
    over, under = QColor(low if value < 0 else high), QColor(theme.surface)
    share = min(1.0, abs(value)) * strength
    mixed = [round(a * share + b * (1 - share)) for a, b in zip(over.getRgb()[:3], under.getRgb()[:3], strict=True)]  # type: ignore[index]
    return QColor(*mixed)
