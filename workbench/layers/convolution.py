"""Convolutions."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from workbench.graph import Field, Shape
from workbench.layers.layer import Layer, Values, Window, channels, pair, words
from workbench.layers.windows import does_not_fit, window

_COMMON = (
    Field("groups", "int", 1, "parts the channels are split into; as many as channels: depthwise", 1, 65_536),
    Field("bias", "bool", True, "one number added to each map"),
)


def _groups_problem(values: Values, shapes: tuple[Any, ...]) -> str | None:
    groups, taken, given = values["groups"], shapes[0][0], values["out_channels"]
    if taken % groups or given % groups:
        return f"groups={groups} must divide both the {taken} channels that come and the {given} that go"
    return None


def _transposed_problem(values: Values, shapes: tuple[Any, ...]) -> str | None:
    """torch refuses it too, but before 2.12 only when the layer runs."""
    padded, strides, dilations = (pair(values[name]) for name in ("output_padding", "stride", "dilation"))
    if any(more >= max(s, d) for more, s, d in zip(padded, strides, dilations, strict=True)):
        return "its output_padding must be smaller than its stride or its dilation"
    return _groups_problem(values, shapes)


def _problem(values: Values, shapes: tuple[Any, ...]) -> str | None:
    if values["padding"] == "same" and pair(values["stride"]) != (1, 1):
        return "padding 'same' needs stride 1; give the padding as a number"
    if values["padding_mode"] == "reflect" and values["padding"] not in ("same", "valid"):
        padding = pair(values["padding"])
        if any(p >= n for p, n in zip(padding, shapes[0][1:], strict=True)):
            return f"reflect padding must be smaller than the map of {words(shapes[0])}"
    return _groups_problem(values, shapes) or does_not_fit(values, shapes[0])


def _macs(module: Any, taken: Shape, given: Shape) -> int:
    return math.prod(given[1:]) * module.weight.numel()


def _transposed_window(values: Values, shape: Shape) -> Window:
    # A transposed convolution spreads each value over a kernel: output o meets the inputs (o + p − d·t) / s for those
    # taps t of 0 to k − 1 where that is whole; a step is 1/s of an input's.
    height, width = (
        (1 + Fraction(d * (k - 1), s), Fraction(1, s), Fraction(d * (k - 1) - p, s), 1)
        for k, s, p, d in zip(
            *(pair(values[name]) for name in ("kernel_size", "stride", "padding", "dilation")), strict=True
        )
    )
    return Window(height, width)


LAYERS = (
    Layer(
        "Conv2d",
        "Convolution",
        "Slides filters over the map; each value is a filter's dot product with the patch under it.",
        (
            Field("out_channels", "int", help="filters, and so maps that come out", low=1, high=65_536),
            Field("kernel_size", "pair", help="height and width of a filter", low=1, high=4096),
            Field("stride", "pair", 1, "steps from one patch to the next", low=1, high=4096),
            Field("padding", "pair", 0, "zeros around the map", low=0, high=4096, choices=("same", "valid")),
            Field("dilation", "pair", 1, "distance between a filter's taps", low=1, high=4096),
            *_COMMON,
            Field(
                "padding_mode",
                "choice",
                "zeros",
                "what stands around the map",
                choices=("zeros", "reflect", "replicate", "circular"),
            ),
        ),
        infers={"in_channels": channels},
        ranks=(3,),
        window=window,
        macs=_macs,
        problem=_problem,
        formula="y[o] = b[o] + Σ_c w[o, c] ⋆ x[c]",
    ),
    Layer(
        "ConvTranspose2d",
        "Convolution",
        "A convolution's backward pass as a layer: each value spreads over a filter, enlarging the map.",
        (
            Field("out_channels", "int", help="maps that come out", low=1, high=65_536),
            Field("kernel_size", "pair", help="height and width of a filter", low=1, high=4096),
            Field("stride", "pair", 1, "how far apart two values spread", low=1, high=4096),
            Field("padding", "pair", 0, "rows and columns cut from the border", low=0, high=4096),
            Field("output_padding", "pair", 0, "rows and columns added at the end", low=0, high=4096),
            *_COMMON,
            Field("dilation", "pair", 1, "distance between a filter's taps", low=1, high=4096),
        ),
        infers={"in_channels": channels},
        ranks=(3,),
        window=_transposed_window,
        macs=lambda module, taken, given: math.prod(taken[1:]) * module.weight.numel(),
        problem=_transposed_problem,
        formula="size = (n − 1)·stride − 2·padding + dilation·(kernel − 1) + output_padding + 1",
    ),
    Layer(
        "SparseConv2d",
        "Convolution",
        "A convolution whose filters each see a chosen set of maps, as LeNet-5's layer C3 does.",
        (
            Field("kernel_size", "pair", help="height and width of a filter", low=1, high=4096),
            Field("connections", "text", help="for each map out, the maps it sees: '0 1 2; 1 2 3; …'"),
        ),
        infers={"in_channels": channels},
        ranks=(3,),
        module_class="SparseConv2d",
        window=lambda values, shape: window(values | {"stride": 1, "padding": 0, "dilation": 1}, shape),
        macs=lambda module, taken, given: math.prod(given[1:]) * sum(weight.numel() for weight in module.weight),
        problem=lambda values, shapes: (
            _connections_problem(values, shapes[0])
            or does_not_fit(values | {"stride": 1, "padding": 0, "dilation": 1}, shapes[0])
        ),
        formula="y[o] = b[o] + Σ over c in connections[o] of w[o, c] ⋆ x[c]",
    ),
)


def _connections_problem(values: Values, shape: Shape) -> str | None:
    for index, group in enumerate(values["connections"].split(";")):
        seen = group.split()
        if not seen or not all(n.isascii() and n.isdigit() and int(n) < shape[0] for n in seen):
            return f"connections of map {index} must be numbers below {shape[0]}, the channels that come"
    return None
