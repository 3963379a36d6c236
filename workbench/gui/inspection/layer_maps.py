"""All maps of one layer as values: which are dead, how strong each is, between what they are coloured, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from workbench.gui.inspection.colours import figure
from workbench.inspection import Place, Seen

Array = np.ndarray[Any, Any]


@dataclass(frozen=True, eq=False)
class LayerMaps:
    """Finite float32 ``values`` ``(C, H, W)`` from ``low`` to ``high``; ``dead`` ``(C,)`` where all are one.

    ``rank`` is the number of axes that the layer's own values have; ``parts`` how many maps are in each tensor of a
    layer that gives several.
    """

    layer: str
    values: Array
    dead: Array
    low: float
    high: float
    about: str
    rank: int = 3
    parts: tuple[int, ...] = ()

    @classmethod
    def none(cls) -> LayerMaps:
        return cls("", np.zeros((0, 1, 1), np.float32), np.zeros(0, bool), 0.0, 0.0, "")

    @classmethod
    def of(cls, seen: Seen, layer: str) -> LayerMaps:
        """Those of a layer that was looked at; what has more dimensions (Unsqueeze's output) is so many more maps.

        What is not finite becomes the lowest or highest value that is.
        """
        values = seen.maps[layer]
        maps = values.reshape(-1, *(values.shape[-2:] if values.ndim > 1 else (1, 1)))
        lows, highs = maps.min((1, 2)), maps.max((1, 2))
        many = maps.shape[1] * maps.shape[2] > 1
        dead = lows == highs if many else highs == 0
        low, high = float(lows.min()), float(highs.max())
        broken = "" if np.isfinite(low + high) else ", with values that are not finite"
        if broken:
            finite = maps[np.isfinite(maps)]
            low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)
            maps = np.nan_to_num(maps, nan=low, posinf=high, neginf=low)
        count, gone = len(maps), int(dead.sum())
        what = f"{count} map{'s' * (count > 1)} of {maps.shape[1]}×{maps.shape[2]}" if many else f"{count} values"
        if layer in seen.counts:
            what = f"the first {count} of {seen.counts[layer]} maps"
        if layer in seen.strides:
            what += f", thinned {seen.strides[layer]} to 1"
        parts = seen.parts.get(layer, ())
        if parts:
            what += f" in {len(parts)} parts of {', '.join(map(str, parts))}"
        about = f"{what}{f', {gone} dead' if gone and many else ''}{broken}"
        return cls(layer, maps, dead, low, high, about, min(values.ndim, 3), parts)

    @property
    def are_values(self) -> bool:
        """Whether each is one number, as those of a dense layer."""
        return self.values.shape[1] * self.values.shape[2] == 1

    @property
    def dead_maps(self) -> Array:
        """The numbers of those that have nothing to say; a single value that is zero is none."""
        return np.zeros(0, int) if self.are_values else np.flatnonzero(self.dead)

    def strongest_first(self) -> Array:
        """The maps' numbers by the mean of their absolute values."""
        return np.argsort(-np.abs(self.values).mean((1, 2)), kind="stable")

    def limits(self, each: bool, signed: bool) -> tuple[Array, Array]:
        """The values of the first and last colour: of the layer ``(1, 1, 1)``, or of ``each`` map ``(C, 1, 1)``.

        ``signed`` puts zero in the middle.
        """
        if each:
            low, high = self.values.min((1, 2), keepdims=True), self.values.max((1, 2), keepdims=True)
        else:
            low, high = np.full((1, 1, 1), self.low, np.float32), np.full((1, 1, 1), self.high, np.float32)
        if signed:
            high = np.maximum(np.abs(low), np.abs(high))
            low = -high
        return low, high

    def place(self, number: int, row: int, column: int) -> Place:
        """Which of the layer's own values stands there."""
        part = 0
        for size in self.parts:
            if number < size:
                break
            number, part = number - size, part + 1
        return Place(self.layer, {1: (number,), 2: (row, column)}.get(self.rank, (number, row, column)), part)

    def strongest_place(self, number: int) -> Place:
        """Where a map is furthest from zero."""
        strengths = np.abs(self.values[number])
        return self.place(number, *divmod(int(strengths.argmax()), strengths.shape[1]))

    def about_map(self, number: int) -> str:
        """One map in words."""
        values = self.values[number]
        return f"mean {figure(float(values.mean()))}, deviation {figure(float(values.std()))}"

    def told(self, number: int, row: int, column: int) -> str:
        """One value in words."""
        value = figure(float(self.values[number, row, column]))
        if self.are_values:
            return f"value {number}: {value}"
        return f"map {number}, row {row}, column {column}: {value}{' (dead)' if self.dead[number] else ''}"
