"""Pooling: many values become one."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from workbench.graph import Field, Shape
from workbench.layers.layer import WHOLE_MAP, Axis, Layer, Looks, Values, Window, pair
from workbench.layers.windows import does_not_fit, window

_KERNEL = Field("kernel_size", "pair", help="height and width of the window", low=1, high=4096)
_STRIDE = Field("stride", "pair", None, "steps between windows; null: the window's size", 1, 4096, optional=True)
_PADDING = Field("padding", "pair", 0, "border around the map, at most half the window", low=0, high=2048)
_CEIL = Field("ceil_mode", "bool", False, "a last window that hangs over the edge counts too")
_SIZE = Field("output_size", "pair", help="height and width that come out", low=1, high=4096)


def _problem(values: Values, shapes: tuple[Any, ...]) -> str | None:
    kernel, padding = pair(values["kernel_size"]), pair(values.get("padding", 0))
    if any(2 * p > k for k, p in zip(kernel, padding, strict=True)):
        return f"padding {values['padding']} is more than half the window of {values['kernel_size']}"
    return does_not_fit(values, shapes[0])


def _adaptive(values: Values, shape: Shape) -> Looks:
    size = pair(values["output_size"])
    if size == (1, 1):
        return WHOLE_MAP
    height, width = map(_bins, shape[1:], size)
    return Window(height, width)


def _bins(count: int, bins: int) -> Axis:
    # Bin i reaches from floor(i · step) to ceil((i + 1) · step): by up to 1 − 1/denominator too far at either end.
    step = Fraction(count, bins)
    over = 1 - Fraction(1, step.denominator)
    return step + 2 * over, step, over, 1


def _pooling(kind: str, help: str, fields: tuple[Field, ...], formula: str) -> Layer:
    return Layer(
        kind, "Pooling", help, fields, ranks=(3,), window=window, problem=_problem, formula=formula
    )  # fmt: skip


def _adaptive_pooling(kind: str, help: str) -> Layer:
    return Layer(kind, "Pooling", help, (_SIZE,), ranks=(3,), window=_adaptive)


LAYERS = (
    _pooling(
        "MaxPool2d",
        "The largest value in each window.",
        (_KERNEL, _STRIDE, _PADDING, Field("dilation", "pair", 1, "distance between taps", 1, 4096), _CEIL),
        "y = max over the window of x",
    ),
    _pooling(
        "AvgPool2d",
        "The mean of each window.",
        (
            _KERNEL,
            _STRIDE,
            _PADDING,
            _CEIL,
            Field("count_include_pad", "bool", True, "zeros of the border count in the mean"),
            Field("divisor_override", "int", None, "divide by this instead of the window's size", 1, optional=True),
        ),
        "y = mean over the window of x",
    ),
    _pooling(
        "LPPool2d",
        "The p-norm of each window: p = 1 is a sum, a large p nearly the maximum.",
        (Field("norm_type", "float", 2.0, "p", low=1, high=64), _KERNEL, _STRIDE, _CEIL),
        "y = (Σ over the window of xᵖ)^(1/p)",
    ),
    _adaptive_pooling("AdaptiveAvgPool2d", "The mean of bins that cover the map, whatever its size."),
    _adaptive_pooling("AdaptiveMaxPool2d", "The maximum of bins that cover the map, whatever its size."),
    Layer(
        "TrainableSubsampling",
        "Pooling",
        "LeNet-5's sub-sampling: the sum of each window, times a coefficient, plus a bias, both learned.",
        (_KERNEL,),
        infers={"num_features": lambda shape: shape[0]},
        ranks=(3,),
        module_class="TrainableSubsampling",
        window=window,
        problem=_problem,
        formula="y[c] = w[c] · Σ over the window of x[c] + b[c]",
    ),
)
