"""How much of the input one value of a map has seen.

Along an axis a map has a size ``r``, a jump ``j`` (input pixels between neighbours) and a start (the centre of its
first value's field). A window of kernel k, stride s, padding p and dilation d makes of them
``r + d(k−1)j``, ``j·s`` and ``start + (d(k−1)/2 − p)·j`` (Araujo, Norris and Sim, Distill 2019). Where branches join,
the field is the smallest that holds them all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workbench.layers import Window


@dataclass(frozen=True, slots=True)
class Axis:
    """A field along one axis, in input pixels: its size, the jump between neighbours, the first one's centre."""

    size: float
    jump: float
    start: float

    def through(self, kernel: float, stride: float, padding: float, dilation: float) -> Axis:
        """The field behind a window."""
        reach = dilation * (kernel - 1)
        return Axis(
            self.size + reach * self.jump, self.jump * stride, self.start + (reach / 2 - padding) * self.jump
        )  # fmt: skip

    def joined(self, other: Axis) -> Axis:
        """The smallest field that holds both."""
        low = min(self.start - self.size / 2, other.start - other.size / 2)
        high = max(self.start + self.size / 2, other.start + other.size / 2)
        return Axis(high - low, max(self.jump, other.jump), (low + high) / 2)


@dataclass(frozen=True, slots=True)
class ReceptiveField:
    """The field of a map's values along height and width; ``whole`` once a layer mixes all places."""

    height: Axis
    width: Axis
    whole: bool = False

    def through(self, window: Window) -> ReceptiveField:
        return ReceptiveField(self.height.through(*window.height), self.width.through(*window.width), self.whole)

    def of_whole(self, height: int, width: int) -> ReceptiveField:
        """The field of a value that has seen every place of a map of this size."""
        return ReceptiveField(_covering(self.height, height), _covering(self.width, width), True)


ONE_PIXEL = ReceptiveField(Axis(1.0, 1.0, 0.5), Axis(1.0, 1.0, 0.5))


def joined(fields: Sequence[ReceptiveField | None]) -> ReceptiveField | None:
    """The field of a value made of several; None where one of them is not known."""
    known = [field for field in fields if field is not None]
    if len(known) < len(fields) or not known:
        return None
    result = known[0]
    for field in known[1:]:
        if field == result:
            continue
        result = ReceptiveField(
            result.height.joined(field.height), result.width.joined(field.width), result.whole or field.whole
        )
    return result


def _covering(axis: Axis, count: int) -> Axis:
    return Axis(axis.size + (count - 1) * axis.jump, axis.jump, axis.start + (count - 1) * axis.jump / 2)
