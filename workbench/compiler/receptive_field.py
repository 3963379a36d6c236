"""How much of the input one value of a map has seen.

Along an axis a map has a size ``r``, a jump ``j`` (input pixels from one value's field to the next) and a start (the
centre of the first value's field). A window of kernel k, stride s, padding p and dilation d makes of them
``r + d(k−1)j``, ``j·s`` and ``start + (d(k−1)/2 − p)·j`` (Araujo, Norris and Sim, Distill 2019). Where branches join,
the field is the smallest that holds them all. All of it is exact: whole numbers, or fractions behind an enlargement.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from workbench.layers import POINTWISE, WHOLE_MAP, Looks, Number, Window


@dataclass(frozen=True, slots=True)
class Axis:
    """Fields along one axis, in input pixels: their size, the jump to the next, where the first one begins.

    The first pixel reaches from 0 to 1; ``low`` is below 0 where a border is seen.
    """

    size: Number
    jump: Number
    low: Number

    @property
    def start(self) -> Fraction:
        """The centre of the first field; 1/2 is the centre of the first pixel."""
        return self.low + Fraction(self.size) / 2

    def through(self, kernel: Number, stride: Number, padding: Number, dilation: Number) -> Axis:
        """The fields behind a window."""
        low = self.low - padding * self.jump
        # Behind a flip (jump < 0) the window's last tap is the one that looks lowest.
        reach = dilation * (kernel - 1) * self.jump
        return Axis(self.size + _length(reach), self.jump * stride, low + _below_zero(reach))

    def whole(self, count: int) -> Axis:
        """The one field that holds those of ``count`` neighbours."""
        reach = (count - 1) * self.jump
        return Axis(self.size + _length(reach), 0, self.low + _below_zero(reach))

    def joined(self, other: Axis) -> Axis:
        """The smallest fields that hold both."""
        low: Number = min(self.low, other.low)
        high: Number = max(self.low + self.size, other.low + other.size)
        return Axis(high - low, self.jump, low)


@dataclass(frozen=True, slots=True)
class ReceptiveField:
    """The fields of a map's values along height and width; ``whole`` once a layer has mixed all places."""

    height: Axis
    width: Axis
    whole: bool = False


ONE_PIXEL = ReceptiveField(Axis(1, 1, 0), Axis(1, 1, 0))


def seen_through(looks: Looks, field: ReceptiveField | None, shape: Any) -> ReceptiveField | None:
    """The field behind a layer, from the field and shape of what it takes; None where it cannot be told."""
    if field is None or field.whole or looks == POINTWISE:
        return field
    if isinstance(looks, Window):
        height, width = field.height.through(*looks.height), field.width.through(*looks.width)
        return ReceptiveField(height, width)
    return _whole(field, shape) if looks == WHOLE_MAP else None


def joined(values: Sequence[tuple[Any, ReceptiveField | None]]) -> ReceptiveField | None:
    """The field of values made of several maps, from their shapes and fields.

    None where one is not known, or where they drift apart. A map of one row or column that is stretched over another
    counts as whole: every place sees the same of it.
    """
    first = values[0][1]
    if first is None or all(field is first for _, field in values[1:]):
        return first
    known = [(shape, field) for shape, field in values if field is not None]
    if len(known) < len(values):
        return None
    if any(field.whole for _, field in known) or len({shape[1:] for shape, _ in known}) > 1:
        known = [(shape, _whole(field, shape)) for shape, field in known]
    result = known[0][1]
    for _, field in known[1:]:
        if (field.height.jump, field.width.jump) != (result.height.jump, result.width.jump):
            return None
        height, width = result.height.joined(field.height), result.width.joined(field.width)
        result = ReceptiveField(height, width, result.whole)
    return result


def _whole(field: ReceptiveField, shape: Any) -> ReceptiveField:
    if field.whole:
        return field
    return ReceptiveField(field.height.whole(shape[1]), field.width.whole(shape[2]), True)


def _below_zero(reach: Number) -> Number:
    return reach if reach < 0 else 0


def _length(reach: Number) -> Number:
    return reach if reach > 0 else -reach
