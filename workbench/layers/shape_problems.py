"""What is wrong with the arguments of a layer that reshapes, cuts or pads what comes; None where nothing is."""

from __future__ import annotations

import math
from typing import Any

from workbench.layers.layer import Values, words


def sides(values: Values) -> tuple[int, int, int, int]:
    """What is put to the left, to the right, above and below."""
    padding = values["padding"]
    return (padding,) * 4 if isinstance(padding, int) else padding


def reflection_problem(values: Values, shapes: tuple[Any, ...]) -> str | None:
    left, right, top, bottom = sides(values)
    if max(left, right) >= shapes[0][2] or max(top, bottom) >= shapes[0][1]:
        return f"a reflected border must be smaller than the {words(shapes[0][1:])} map"
    return None


def unflatten_problem(values: Values, shapes: tuple[Any, ...]) -> str | None:
    if math.prod(values["shape"]) != math.prod(shapes[0]):
        return f"{words(shapes[0])} values cannot be arranged as {words(values['shape'])}"
    return None


def permute_problem(values: Values, shapes: tuple[Any, ...]) -> str | None:
    if sorted(values["dims"]) != list(range(1, len(shapes[0]) + 1)):
        return f"dims must name each axis from 1 to {len(shapes[0])} once"
    return None


def axis_problem(values: Values, shapes: tuple[Any, ...]) -> str | None:
    if values["dim"] > len(shapes[0]):
        return f"there is no axis {values['dim']} in {words(shapes[0])}"
    return None


def slice_problem(values: Values, shapes: tuple[Any, ...]) -> str | None:
    count, stop = shapes[0][0], values["stop"]
    if not values["start"] < (count if stop is None else stop) <= count:
        return f"channels {values['start']} to {stop} are not among the {count} that come"
    return None


def split_problem(values: Values, shapes: tuple[Any, ...]) -> str | None:
    total = sum(values["sizes"])
    if not values["sizes"] or total != shapes[0][0]:
        return f"the sizes sum to {total}, but {shapes[0][0]} channels come"
    return None


def crop_problem(values: Values, shapes: tuple[Any, ...]) -> str | None:
    bottom, right = values["top"] + values["height"], values["left"] + values["width"]
    if bottom > shapes[0][1] or right > shapes[0][2]:
        return f"the crop ends at {bottom}×{right}, outside the {words(shapes[0][1:])} map"
    return None


def squeeze_problem(values: Values, shapes: tuple[Any, ...]) -> str | None:
    refused = axis_problem(values, shapes)
    if refused is None and shapes[0][values["dim"] - 1] != 1:
        return f"axis {values['dim']} of {words(shapes[0])} is not 1, so it cannot be removed"
    return refused


def does_not_divide(what: str) -> Any:
    """What is wrong where that argument does not divide the channels."""

    def problem(values: Values, shapes: tuple[Any, ...]) -> str | None:
        parts = values["upscale_factor"] ** 2 if what == "upscale_factor²" else values[what]
        return (
            f"{what} = {parts} does not divide the {shapes[0][0]} channels that come" if shapes[0][0] % parts else None
        )

    return problem
