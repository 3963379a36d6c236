"""What a column of a million values looks like, found as it grows: looking at all of them again would take a frame."""

from __future__ import annotations

import numpy as np

CHUNK = 256


def ends_of_bins(values: np.ndarray, width: int, first: int = 0) -> np.ndarray:
    """The places of the lowest and the highest of every ``width`` values, in order.

    ``values`` are ``(bins · width,)``, of which the first has the place ``first``; gives ``(2 · bins,)``.
    """
    rows = values.reshape(-1, width)
    at = first + np.arange(len(rows)) * width
    return np.sort(np.stack((rows.argmin(1) + at, rows.argmax(1) + at), 1), 1).ravel()


class Thinned:
    """The places of the lowest and the highest of every 256 values, in order, and of all that came after them."""

    def __init__(self) -> None:
        self._places = np.empty(1024, np.int64)
        self._chunks = 0

    def places(self, values: np.ndarray) -> np.ndarray:
        """Of a column that begins with all that was given before."""
        whole = len(values) // CHUNK
        if whole > self._chunks:
            first = self._chunks * CHUNK
            pairs = ends_of_bins(values[first : whole * CHUNK], CHUNK, first)
            while len(self._places) < 2 * whole:
                self._places = np.concatenate((self._places, np.empty_like(self._places)))
            self._places[2 * self._chunks : 2 * whole] = pairs
            self._chunks = whole
        return np.concatenate((self._places[: 2 * whole], np.arange(whole * CHUNK, len(values))))
