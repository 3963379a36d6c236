"""An attribution laid over its picture."""

from __future__ import annotations

from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]

# From light to strong on any picture: Matplotlib's inferno, its black end left out.
_HEAT = ("#420a68", "#932667", "#dd513a", "#fca50a", "#fcffa4")
# Against and for: ColorBrewer's RdBu, as Matplotlib has it.
_SIGNED = ("#053061", "#2166ac", "#4393c3", "#92c5de", "#d1e5f0", "#f7f7f7",
           "#fddbc7", "#f4a582", "#d6604d", "#b2182b", "#67001f")  # fmt: skip
_FINE = 99.5
"""Of methods that tell each pixel, the per cent of values that are told apart: a few outliers would hide the rest."""


def colours(signed: bool) -> Array:
    """The colours of 255 values from lowest to highest, uint8 ``(255, 3)``."""
    stops = np.array([[int(stop[at : at + 2], 16) for at in (1, 3, 5)] for stop in (_SIGNED if signed else _HEAT)])
    places = np.linspace(0, len(stops) - 1, 255)
    mixed = [np.interp(places, np.arange(len(stops)), stops[:, channel]) for channel in range(3)]
    return np.stack(mixed, 1).round().astype(np.uint8)


def reach_of(heat: Array) -> float:
    """The absolute value at which the strongest colour is; 0 where all is zero."""
    strengths = np.abs(heat)
    fine = float(np.percentile(strengths, _FINE))
    return fine or float(strengths.max())


def overlay(pixels: Array, heat: Array, opacity: float, table: Array, signed: bool) -> Array:
    """The picture under the attribution, uint8 ``(H, W, 3)``.

    ``pixels`` is uint8 ``(1 or 3, H, W)``, ``heat`` ``(H, W)``, ``table`` the colours of 255 values from lowest to
    highest, uint8 ``(255 or more, 3 or more)``. Where heat is zero the picture is seen as it is; where it is strongest
    it is covered by ``opacity``, 0 to 1.
    """
    reach = reach_of(heat)
    strength = np.clip(heat / reach, -1 if signed else 0, 1) if reach else np.zeros_like(heat)
    index = np.round((strength + 1) * 127 if signed else strength * 254).astype(np.intp)
    cover = opacity * np.abs(strength)[..., None] ** 0.5
    under = np.broadcast_to(pixels, (3, *pixels.shape[1:])).transpose(1, 2, 0)
    return np.round((1 - cover) * under + cover * table[index, :3]).astype(np.uint8)
