"""What maps became a map: of layers that join branches, cut channels apart, or move values to another place."""

from __future__ import annotations

from workbench.inspection.arithmetic.layers import Moment, Placed, numbers
from workbench.inspection.arithmetic.values import Flow, Made, Place, Slices, Tile

_SIGNS = {"Add": "+", "Mean": "+", "Multiply": "·"}
_MOVED = frozenset(
    {
        "Concatenate", "Split", "Select", "SliceChannels", "ChannelShuffle", "PixelShuffle", "Flatten", "Unflatten",
        "Permute", "ZeroPad2d", "ReflectionPad2d", "Subsample", "Upsample", "Crop", "Flip", "Unsqueeze", "Squeeze",
    }
)  # fmt: skip
DRAWN = frozenset(_SIGNS) | _MOVED
_AXES = ("channel", "row", "column")


def flow_of(moment: Moment, place: Place, made: Made) -> Flow | None:
    """What went into a value as maps; None of another kind of layer, and where no single values went in, as at a border
    or between neighbours."""
    if place.node not in moment.graph or not made.operands:
        return None
    placed = moment.placed(place.node)
    if placed.kind not in DRAWN:
        return None
    tiles = [_tile(moment, operand.place) for operand in made.operands]
    given = _tile(moment, place)
    if given is None or None in tiles:
        return None
    taken = tuple(tile for tile in tiles if tile is not None)
    divisor = len(taken) if placed.kind == "Mean" else 1
    return Flow(taken, _SIGNS.get(placed.kind, ""), given, divisor, _slices(moment, placed, place, taken[0].place))


def _tile(moment: Moment, place: Place) -> Tile | None:
    """The map that a value lies in; None of values that form neither maps nor a row."""
    output, index = moment.output(place.node, place.part), place.index
    if len(index) == 3:
        return Tile(place, numbers(output[index[0]]), (index[1], index[2]))
    if len(index) == 2:
        return Tile(place, numbers(output), (index[0], index[1]))
    return Tile(place, numbers(output)[None], (0, index[0])) if len(index) == 1 else None


def _slices(moment: Moment, placed: Placed, place: Place, source: Place) -> Slices | None:
    """In which pieces the layer has put an axis together, or taken it apart."""
    if placed.kind == "Concatenate":
        axis = placed.values["dim"] - 1
        sizes = tuple(moment.output(name).shape[axis] for name in placed.sources)
        at = place.index[axis]
        piece = next(n for n in range(len(sizes)) if at < sum(sizes[: n + 1]))
        return Slices(_axis(place, axis), placed.sources, sizes, piece, at)
    if placed.kind == "Split":
        sizes = tuple(placed.values["sizes"])
        names = tuple(f"part {n}" for n in range(len(sizes)))
        return Slices(_axis(place, 0), names, sizes, place.part, source.index[0])
    if placed.kind == "Select":
        sizes = tuple(part.shape[1] for part in moment.outputs[source.node])
        names = tuple(f"part {n}" for n in range(len(sizes)))
        return Slices(_axis(place, 0), names, sizes, source.part, sum(sizes[: source.part]) + source.index[0])
    if placed.kind == "SliceChannels":
        start, count = placed.values["start"], moment.output(source.node).shape[0]
        stop = start + moment.output(place.node).shape[0]
        cut = [("left out", start), ("kept", stop - start), ("left out", count - stop)]
        names, sizes = zip(*((name, size) for name, size in cut if size), strict=True)
        return Slices(_axis(place, 0), names, sizes, names.index("kept"), source.index[0])
    return None


def _axis(place: Place, axis: int) -> str:
    return "feature" if len(place.index) == 1 else _AXES[axis]
