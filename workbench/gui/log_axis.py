"""An axis whose figures can be read on a log scale too."""

from __future__ import annotations

import math
from typing import Any

from workbench.gui.roomy_axis import RoomyAxis

_MOST = 27
"""Of more ticks than those of three powers of ten only the powers themselves bear figures."""
_MOST_POWERS = 45
"""Of more than those of five only the powers that the coarser ticks stand at."""


_LONG = 1e4
_MOST_CHARACTERS = 5
"""Of a figure beside an upright title."""


class LogAxis(RoomyAxis):
    """Of each power of ten only 1, 2 and 5 bear figures on a log scale: all nine would lie over each other.

    Figures that would lie over the title beside them are written short: ``8e5``, which the loss of a training that
    diverges has, and ``.0295``, which a learning rate has.
    """

    def tickStrings(self, values: Any, scale: float, spacing: float) -> list[str]:
        figures: list[str] = super().tickStrings(values, scale, spacing)
        if self.logMode or not len(values):
            return figures
        if max(abs(value * scale) for value in values) >= _LONG:
            return [_short(value * scale) for value in values]
        if self.orientation == "left" and max(map(len, figures)) > _MOST_CHARACTERS:
            return [_narrow(text, value * scale) for text, value in zip(figures, values, strict=True)]
        return figures

    def logTickStrings(self, values: Any, scale: float, spacing: float | None) -> list[str]:
        figures: list[str] = super().logTickStrings(values, scale, spacing)
        if spacing is not None:  # whole powers of ten
            return figures
        if self._are_powers_alone:
            return [""] * len(figures)
        told = (1, 2, 5) if len(values) <= _MOST else (1,) if len(values) <= _MOST_POWERS else ()
        return [text if _first_digit(value) in told else "" for text, value in zip(figures, values, strict=True)]


def _first_digit(logarithm: float) -> int:
    return round(10 ** (logarithm - math.floor(logarithm + 1e-9)))


def _narrow(text: str, value: float) -> str:
    """``.0295``, ``4.5e-4``."""
    without_zero = text.replace("0.", ".", 1)
    return without_zero if len(without_zero) <= _MOST_CHARACTERS else _short(value)


def _short(value: float) -> str:
    """``8e5``, ``1.25e4``, ``0``."""
    digits, _, power = f"{value:.2e}".partition("e")
    return f"{float(digits):g}e{int(power)}" if value else "0"
