"""Windows that slide over a map: what convolution and pooling have in common."""

from __future__ import annotations

import math
from fractions import Fraction

from workbench.graph import Shape
from workbench.layers.layer import Axis, Values, Window, pair, words


def geometry(values: Values) -> tuple[tuple[int, int, float, int], tuple[int, int, float, int]]:
    """``(kernel, stride, padding, dilation)`` along height and width; defaults as torch's."""
    kernel = pair(values["kernel_size"])
    stride = pair(values["stride"]) if values.get("stride") is not None else kernel
    dilation = pair(values.get("dilation", 1))
    given = values.get("padding", 0)
    if given == "same":
        padding: tuple[float, ...] = tuple(d * (k - 1) / 2 for k, d in zip(kernel, dilation, strict=True))
    else:
        padding = (0, 0) if given == "valid" else pair(given)
    height, width = zip(kernel, stride, padding, dilation, strict=True)
    return height, width


def window(values: Values, shape: Shape) -> Window:
    """The window for the receptive field. Of the border that 'same' makes, an odd pixel stands behind the map."""
    height, width = ((k, s, math.floor(p), d) for k, s, p, d in geometry(values))
    return Window(height, width)


def enlarged(scale: int, reach: int) -> Axis:
    """The window of an enlargement ``scale`` times, whose values mix places less than ``reach`` / 2 pixels away.

    Interpolation is a transposed convolution with a kernel of ``reach · scale`` taps (one less where ``scale`` is odd
    and a tap falls on a pixel), of which a value meets every ``scale``-th.
    """
    if scale == 1:
        return 1, 1, 0, 1
    taps = reach * scale - (scale % 2 if reach > 1 else 0)
    kernel = 1 + Fraction(taps - 1, scale)
    # The centre of the first value stands (1/scale − 1)/2 pixels from that of the first pixel.
    return kernel, Fraction(1, scale), (kernel - 1) / 2 + (1 - Fraction(1, scale)) / 2, 1


def does_not_fit(values: Values, shape: Shape) -> str | None:
    """Why the window does not fit the padded map, or None."""
    axes = geometry(values)
    if all(n + 2 * p >= d * (k - 1) + 1 for n, (k, _, p, d) in zip(shape[1:], axes, strict=True)):
        return None
    spans = "×".join(str(d * (k - 1) + 1) for k, _, _, d in axes)
    padded = "×".join(f"{math.floor(n + 2 * p)}" for n, (_, _, p, _) in zip(shape[1:], axes, strict=True))
    around = f", {padded} with padding" if any(p for _, _, p, _ in axes) else ""
    return f"the {spans} window does not fit the {words(shape[1:])} map{around}"
