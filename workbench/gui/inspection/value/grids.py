"""Patch, filter and products side by side, as small tables of colours and numbers."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from workbench.gui.inspection.colours import SIGNED
from workbench.gui.labs.grid import GridView
from workbench.gui.one_line import OneLine
from workbench.gui.theme import Appearance
from workbench.inspection import PADDING, Patch
from workbench.inspection.arithmetic import figure

Array = np.ndarray[Any, Any]


class Grids(QWidget):
    """One channel of a patch; all channels at once where each is a single value. ``chosen`` is a place gone back to."""

    chosen = Signal(object)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._patch: Patch | None = None
        self._channel = 0
        self._titles: list[OneLine] = []
        self._holders: list[QWidget] = []
        self.values = GridView("Input patch", appearance)
        self.weights = GridView("Filter", appearance)
        self.products = GridView("Products", appearance)
        self._line = OneLine("muted")
        row = QHBoxLayout()
        row.setSpacing(8)
        for view in (self.values, self.weights, self.products):
            row.addWidget(self._titled(view), 1)
            view.pointed.connect(self._tell)
            view.left.connect(lambda: self._line.setText(self._about()))
            view.chosen.connect(self._choose)
            view.setToolTip(
                "Click a value, or go to it with the arrow keys and press Return, to see how it came about."
            )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(row, 1)
        layout.addWidget(self._line)

    @property
    def channel(self) -> int:
        """The position in the patch of the channel that is shown."""
        return self._channel

    @property
    def told(self) -> str:
        return self._line.text()

    @property
    def is_list(self) -> bool:
        """Whether each channel is a single value, so that all of them are shown at once."""
        return self._patch is not None and self._patch.places[0].size == 1

    def show_patch(self, patch: Patch, channel: int) -> None:
        """Show a channel of a patch that is not empty."""
        self._patch, self._channel = patch, channel
        self._holders[1].setVisible(patch.weights is not None)
        self._holders[2].setVisible(patch.products is not None)
        titles = (f"all of {patch.source}" if self.is_list else f"{patch.source}, channel {self._number}", *patch.names)
        for label, title in zip(self._titles, titles, strict=True):
            label.setText(title)
        for view in (self.values, self.weights, self.products):
            view.mark((), ())
        hollow = self._table(patch.places, 0) == PADDING
        self._show(self.values, patch.values, hollow, "Viridis")
        if patch.weights is not None:
            self._show(self.weights, patch.weights, np.zeros_like(hollow), SIGNED)
        if patch.products is not None:
            self._show(self.products, patch.products, hollow, SIGNED)
        if patch.winner is not None:
            self.values.mark((patch.winner[1],), (patch.winner[2],))
        elif self.is_list:
            self.mark(channel)
        self._line.setText(self._about())

    def mark(self, channel: int) -> None:
        """Frame a channel where all are shown at once."""
        self._channel = channel
        row, column = divmod(channel, self._columns)
        for view in (self.values, self.weights, self.products):
            view.mark((row,), (column,))

    @property
    def _number(self) -> int:
        assert self._patch is not None
        return self._patch.channels[self._channel]

    @property
    def _columns(self) -> int:
        assert self._patch is not None
        return math.ceil(math.sqrt(len(self._patch.channels)))

    def _show(self, view: GridView, values: Array, hollow: Array, colours: str) -> None:
        """The colours stand for the same numbers in every channel."""
        table = np.where(hollow, np.nan, self._table(values, np.inf))
        finite = values[np.isfinite(values)]
        limits = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)
        view.show_values(table, colours, limits)

    def _table(self, values: Array, rest: float) -> Array:
        """The channel that is shown, or all of them with ``rest`` where the last row is not full."""
        if not self.is_list:
            return values[self._channel]
        columns = self._columns
        table = np.full((-(-len(values) // columns), columns), rest, np.float64)
        table.flat[: len(values)] = values[:, 0, 0]
        return table

    def _titled(self, view: GridView) -> QWidget:
        holder, label = QWidget(), OneLine("muted")
        layout = QVBoxLayout(holder)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(label)
        layout.addWidget(view, 1)
        self._titles.append(label)
        self._holders.append(holder)
        return holder

    # pointing

    def _at(self, row: int, column: int) -> tuple[int, int, int] | None:
        patch = self._patch
        if patch is None:
            return None
        if self.is_list:
            number = row * self._columns + column
            return (number, 0, 0) if number < len(patch.channels) else None
        _, height, width = patch.values.shape
        return (self._channel, row, column) if row < height and column < width else None

    def _about(self) -> str:
        patch = self._patch
        if patch is None or self.is_list:
            return ""
        if patch.winner is not None:
            return f"{self._words(patch.winner)} wins"
        return f"channel {self._number} comes to {figure(float(patch.contributions[self._channel]))}"

    def _words(self, at: tuple[int, int, int]) -> str:
        patch = self._patch
        assert patch is not None
        place = patch.place(*at)
        if place is None:
            return "the border: zero"
        spot = f"{patch.source}, {' · '.join(map(str, place.index))}"
        text = f"{spot}: {figure(float(patch.values[at]))}"
        for values, name in ((patch.weights, patch.names[0]), (patch.products, patch.names[1])):
            if values is not None:
                sign = name[0] if name[0] in "·=" else f"; {name}:"
                text += f" {sign} {figure(float(values[at]))}"
        return text.replace(" ;", ";")

    def _tell(self, row: int, column: int) -> None:
        at = self._at(row, column)
        if at is not None:
            self._line.setText(self._words(at))

    def _choose(self, row: int, column: int) -> None:
        at = self._at(row, column)
        place = self._patch.place(*at) if self._patch is not None and at is not None else None
        if place is not None:
            self.chosen.emit(place)
