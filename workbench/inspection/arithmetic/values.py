"""What is told of one value of a network: values only, which nobody changes any more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from workbench.graph import Shape

Array = np.ndarray[Any, Any]

PADDING = -1
"""Stands for a place outside the map, whose value is a border's zero."""


@dataclass(frozen=True, slots=True)
class Place:
    """One value: of a node or an input, at ``(channel, row, column)``, or ``(feature,)``; counted from 0.

    ``part`` is the number of the tensor where a layer gives several.
    """

    node: str
    index: tuple[int, ...]
    part: int = 0


@dataclass(frozen=True, slots=True)
class Operand:
    """A single value that went in, and where it came from. ``role`` is its name in the formula."""

    role: str
    place: Place
    value: float


@dataclass(frozen=True, slots=True, eq=False)
class Patch:
    """The values of one source that a window, a filter or an axis met.

    All arrays are ``(channels, height, width)``, float64. ``places`` are positions in the source's flattened value,
    `PADDING` where the border was met. ``weights`` stand beside the values and ``products`` are what each gives to the
    sum; both are None of a layer without them, and ``names`` says what they are. ``channels`` are the channels' numbers
    in the source. ``winner`` is the position of the value that won, in a maximum.
    """

    source: str
    shape: Shape
    places: Array
    values: Array
    weights: Array | None = None
    products: Array | None = None
    channels: tuple[int, ...] = ()
    winner: tuple[int, int, int] | None = None
    part: int = 0
    names: tuple[str, str] = ("· filter", "= products")

    def place(self, channel: int, row: int, column: int) -> Place | None:
        """Where the value at this position of the patch came from; None of the border."""
        flat = int(self.places[channel, row, column])
        if flat == PADDING:
            return None
        return Place(self.source, tuple(int(n) for n in np.unravel_index(flat, self.shape)), self.part)

    @property
    def contributions(self) -> Array:
        """What each channel gives to the sum, ``(channels,)``; the sums of the values of a layer without products."""
        given = self.values if self.products is None else self.products
        return given.sum((1, 2))

    @property
    def strongest(self) -> tuple[int, ...]:
        """Positions of the channels, those first that move the sum most."""
        return tuple(np.argsort(-np.abs(np.nan_to_num(self.contributions)), kind="stable").tolist())


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """How a value came about.

    ``total`` is what the formula gives, computed in float64 from what is told here. ``formula`` is the rule and
    ``sentence`` the same with its numbers, ending in the total. ``numbers`` are the formula's other numbers by name:
    bias, mean, divisor. ``note`` says what a reader could miss.
    """

    total: float
    formula: str
    sentence: str
    operands: tuple[Operand, ...] = ()
    patch: Patch | None = None
    numbers: tuple[tuple[str, float], ...] = ()
    note: str = ""

    @property
    def nearest(self) -> Place | None:
        """Where a step back leads: the winner, or what gave most to the value; None at the picture."""
        if self.operands:
            return max(self.operands, key=lambda operand: abs(operand.value)).place
        if self.patch is None or not self.patch.places.size:
            return None
        patch = self.patch
        if patch.winner is not None:
            return patch.place(*patch.winner)
        strength = np.abs(np.nan_to_num(patch.values if patch.products is None else patch.products))
        strength = np.where(patch.places == PADDING, -1.0, strength)
        best = np.unravel_index(int(strength.argmax()), strength.shape)
        return patch.place(*(int(n) for n in best))


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """The pixels of the picture that a value has seen: ``seen`` is bool ``(height, width)``.

    ``size`` is how many rows and columns it would have seen of a picture without borders, where that can be told.
    The statistics of a normalization do not count, as in `workbench.compiler.analyse`.
    """

    seen: Array
    size: tuple[int, int] | None = None

    @property
    def frame(self) -> tuple[int, int, int, int] | None:
        """Top, left, bottom and right of the smallest frame, the last two behind it; None where nothing was seen."""
        rows, columns = np.flatnonzero(self.seen.any(1)), np.flatnonzero(self.seen.any(0))
        if not len(rows):
            return None
        return int(rows[0]), int(columns[0]), int(rows[-1]) + 1, int(columns[-1]) + 1


@dataclass(frozen=True, slots=True)
class Then:
    """What a layer below made of the value."""

    place: Place
    kind: str
    value: float
    sentence: str


@dataclass(frozen=True, slots=True)
class Reader:
    """A value into which another goes. ``given`` is what that gives to it: exact where the layer is linear, else the
    slope times the value; None where it cannot be told."""

    place: Place
    value: float
    given: float | None


@dataclass(frozen=True, slots=True)
class Readers:
    """The outputs of a layer that read a value, those first that it gives most to.

    ``count`` is how many it gives something to; 0 where that cannot be told, or where it gives nothing to any.
    """

    node: str
    kind: str
    count: int
    strongest: tuple[Reader, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Gates:
    """What squeeze and excitation made of all maps: ``squeezed`` means, ``hidden`` bottleneck, ``gates`` by channel.

    ``layers`` are the names of the nodes that gave the three.
    """

    layers: tuple[str, str, str]
    squeezed: Array
    hidden: Array
    gates: Array


@dataclass(frozen=True, slots=True, eq=False)
class Tile:
    """A value among its neighbours: ``values`` is its map ``(H, W)``, or its features as one row; ``cell`` is row and
    column of the value there."""

    place: Place
    values: Array
    cell: tuple[int, int]

    @property
    def value(self) -> float:
        return float(self.values[self.cell])


@dataclass(frozen=True, slots=True)
class Slices:
    """An axis in pieces: ``names`` and ``sizes`` of them one behind the other, which ``piece`` the value lies in, and
    ``at`` which position of the whole axis."""

    axis: str
    names: tuple[str, ...]
    sizes: tuple[int, ...]
    piece: int
    at: int


@dataclass(frozen=True, slots=True, eq=False)
class Flow:
    """What maps became a map, for a layer that joins, cuts or moves them.

    The values of ``taken`` with ``sign`` between them, divided by ``divisor``, are that of ``given``. ``slices`` tell
    which piece it came from, or went into.
    """

    taken: tuple[Tile, ...]
    sign: str
    given: Tile
    divisor: int = 1
    slices: Slices | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Explanation:
    """One value, how it came about, what it has seen of the picture, what became of it, and who else reads it.

    ``shape`` is that of the node's output. ``field`` is None of a network that takes no picture, ``flow`` of a layer
    that computes more than to join, cut or move.
    """

    place: Place
    kind: str
    value: float
    shape: Shape
    made: Made
    field: Field | None = None
    then: tuple[Then, ...] = ()
    readers: tuple[Readers, ...] = ()
    gates: Gates | None = None
    flow: Flow | None = None
