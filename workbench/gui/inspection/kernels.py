"""Filters as pictures: in colour where they look at colours, else slice by slice around a neutral zero."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from workbench.graph import Shape
from workbench.gui.inspection.colours import SIGNED, lookup, quantised
from workbench.gui.inspection.mosaic import Mosaic


@dataclass(frozen=True, eq=False)
class KernelPicture:
    """An image of filters with the weight behind each pixel.

    ``weight`` is ``(filters, channels, height, width)``. ``reach`` is the largest absolute weight: colours run from
    −reach to reach. ``in_colour``: a cell is a filter with its three channels as red, green and blue; otherwise a cell
    is one channel of one filter, filters below each other, or beside each other where ``across``.
    """

    weight: np.ndarray[Any, Any]
    first: int
    mosaic: Mosaic
    reach: float
    in_colour: bool
    across: bool = False

    def sheet(self) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any] | None]:
        """The pixels, and the colours of their values where they are not colours themselves."""
        cells = quantised(self.weight, -self.reach, self.reach)
        if not self.in_colour:
            cells = cells.swapaxes(0, 1) if self.across else cells
            return self.mosaic.sheet(cells.reshape(-1, *cells.shape[2:])), lookup(SIGNED)
        painted = np.full((*cells.shape[:1], *cells.shape[2:], 4), 255, np.uint8)
        painted[..., :3] = np.moveaxis(cells, 1, 3)
        return self.mosaic.sheet(painted), None

    def at(self, x: float, y: float) -> tuple[int, int | None, int, int, tuple[float, ...]] | None:
        """What is there: filter, channel (None in colour), row, column, and the weight or the three weights."""
        found = self.mosaic.at(x, y)
        if found is None:
            return None
        place, row, column = found
        if self.in_colour:
            return self.first + place, None, row, column, tuple(self.weight[place, :, row, column].tolist())
        count, channels = self.weight.shape[:2]
        number, channel = divmod(place, count)[::-1] if self.across else divmod(place, channels)
        return self.first + number, channel, row, column, (float(self.weight[number, channel, row, column]),)


def kernel_picture(
    weight: np.ndarray[Any, Any], first: int, room: tuple[float, float], looks_at: Shape | None = None
) -> KernelPicture:
    """Filters ``(filters, channels, height, width)`` or ``(filters, features)`` arranged for a room.

    ``looks_at`` is the shape of the maps whose values the features are. Filters of several channels make a table; a
    single filter's channels, and filters of one channel, fill the room.
    """
    if weight.ndim == 2:
        fits = looks_at is not None and np.prod(looks_at) == weight.shape[1]
        weight = weight.reshape(len(weight), *looks_at) if fits and looks_at else weight[:, :, None, None]
    count, channels, height, width = weight.shape
    finite = np.abs(weight[np.isfinite(weight)])
    reach = float(finite.max()) if finite.size else 0.0
    in_colour = channels == 3 and height * width > 1
    if in_colour or channels == 1 or count == 1:
        cells = count if in_colour else count * channels
        return KernelPicture(weight, first, Mosaic.fitting(cells, height, width, room), reach, in_colour)
    gap = 0 if height == width == 1 else 1
    tables = {
        across: Mosaic(count * channels, height, width, count if across else channels, gap) for across in (False, True)
    }
    across = max(tables, key=lambda way: min(have / need for have, need in zip(room, tables[way].size, strict=True)))
    return KernelPicture(weight, first, tables[across], reach, False, across)
