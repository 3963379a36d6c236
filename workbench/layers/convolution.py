"""Convolutions."""

from __future__ import annotations

import math
from typing import Any

from workbench.graph import Field, Shape
from workbench.layers.layer import Layer, Values, Window, pair


def _channels(shape: Shape) -> int:
    return shape[0]


def _window(values: Values) -> Window:
    kernel, stride, dilation = (pair(values[name]) for name in ("kernel_size", "stride", "dilation"))
    if values["padding"] == "same":
        padding: tuple[float, float] = tuple((d * (k - 1)) / 2 for k, d in zip(kernel, dilation, strict=True))  # type: ignore[assignment]
    else:
        padding = (0, 0) if values["padding"] == "valid" else pair(values["padding"])
    height, width = zip(kernel, stride, padding, dilation, strict=True)
    return Window(height, width)


def _macs(module: Any, taken: Shape, given: Shape) -> int:
    return math.prod(given[1:]) * module.weight.numel()


CONV2D = Layer(
    "Conv2d",
    "Convolution",
    "Slides filters over the map; each value is a filter's dot product with the patch under it.",
    (
        Field("out_channels", "int", help="filters, and so maps that come out", low=1, high=65_536),
        Field("kernel_size", "pair", help="height and width of a filter", low=1, high=4096),
        Field("stride", "pair", 1, "steps from one patch to the next", low=1, high=4096),
        Field("padding", "pair", 0, "zeros around the map", low=0, high=4096, choices=("same", "valid")),
        Field("dilation", "pair", 1, "distance between a filter's taps", low=1, high=4096),
        Field("groups", "int", 1, "parts the channels are split into; as many as channels: depthwise", 1, 65_536),
        Field("bias", "bool", True, "one number added to each map"),
        Field(
            "padding_mode", "choice", "zeros", "what stands around the map",
            choices=("zeros", "reflect", "replicate", "circular"),
        ),
    ),
    infers={"in_channels": _channels},
    ranks=(3,),
    window=_window,
    macs=_macs,
    formula="y[o] = b[o] + Σ_c w[o, c] ⋆ x[c]",
)  # fmt: skip

LAYERS = (CONV2D,)
