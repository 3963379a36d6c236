"""The part of a plot that is in sight while its curves grow, unless a person looks at another."""

from __future__ import annotations

from collections.abc import Iterable

import pyqtgraph as pg

from workbench.gui.training.plot_line import Ends

_ROOM = 0.06
"""Share of the values' range that is left free above and below them."""

_LEAST_FILLED = 0.5
"""Share of the plot's height that its lines take at least, where a person has not zoomed."""


class PlotRange:
    """Grows by more than is needed instead of following every point: each change draws the whole plot anew."""

    def __init__(self, plot: pg.PlotWidget) -> None:
        self._plot = plot
        self._reach = 0.0
        self._height: Ends = None
        self._share = 0.0
        self._following = True

    @property
    def sight(self) -> tuple[float, float] | None:
        """The steps in sight, where a person has zoomed or moved; None for all of them."""
        if self._following:
            return None
        low, high = self._plot.getPlotItem().getViewBox().viewRange()[0]
        return float(low), float(high)

    def begin(self) -> None:
        """There is nothing to be seen yet."""
        self._reach = 0.0

    def follow(self) -> None:
        """Let the range follow the data again."""
        self._following = True
        self.measure_anew()
        self._plot.disableAutoRange()
        if self._reach:
            self._plot.setXRange(0, self._reach, padding=0.01)

    def hold(self) -> None:
        """Leave the range as it is, whatever comes."""
        self._following = False

    def measure_anew(self) -> None:
        """Values are drawn on another scale."""
        self._height = None

    def reach(self, step: float, is_growing: bool = True) -> None:
        """Make room up to a step: more than is needed while there come more, so that there is rarely anything to do."""
        if step <= self._reach if is_growing else step == self._reach:
            return
        self._reach = max(64.0, step * 1.6) if is_growing else max(1.0, step)
        if self._following:
            self._plot.setXRange(0, self._reach, padding=0.01)

    def settle(self, ends: Iterable[Ends], share: float) -> None:
        """Have lines with these ends in sight below words that take a share of the height; nothing where they are."""
        known = [end for end in ends if end is not None] if self._following else []
        if not known:
            return
        low, high = min(low for low, _ in known), max(high for _, high in known)
        if self._height is not None and self._share == share:
            bottom, top = self._height
            if bottom <= low and high <= top and high - low >= _LEAST_FILLED * (top - bottom):
                return
        room = _ROOM * (high - low) or abs(high) / 2 or 0.5
        height = low - room, high + room
        if (height, share) == (self._height, self._share):
            return
        self._height, self._share = height, share
        # The words of what happened stand above the lines, not on them.
        self._plot.setYRange(low - room, low - room + (high - low + 2 * room) / (1 - share), padding=0)
