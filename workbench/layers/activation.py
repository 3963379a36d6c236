"""Activations: what a unit makes of its sum, value by value."""

from __future__ import annotations

from workbench.graph import Field, Shape
from workbench.layers.layer import POINTWISE, WHOLE_MAP, Layer, Looks, Values


def _activation(kind: str, help: str, formula: str, *fields: Field) -> Layer:
    return Layer(kind, "Activation", help, fields, formula=formula)


_CLASSES = Field("dim", "int", 1, "axis that sums to one; 1: channels or features", low=1, high=3)


def _outside(values: dict[str, int], shapes: tuple[Shape, ...]) -> str | None:
    return f"there is no axis {values['dim']} in what comes" if values["dim"] > len(shapes[0]) else None


def _looks(values: Values, shape: Shape) -> Looks:
    return POINTWISE if values["dim"] == 1 else WHOLE_MAP


LAYERS = (
    _activation("ReLU", "Negative values become zero.", "y = max(0, x)"),
    _activation("ReLU6", "As ReLU, but never above six.", "y = min(max(0, x), 6)"),
    _activation(
        "LeakyReLU",
        "Negative values shrink but do not vanish.",
        "y = x if x > 0 else slope · x",
        Field("negative_slope", "float", 0.01, "slope below zero", low=0, high=10),
    ),
    Layer(
        "PReLU",
        "Activation",
        "A leaky ReLU whose slope is learned, one for each channel.",
        (Field("init", "float", 0.25, "slope at the start", low=-10, high=10),),
        infers={"num_parameters": lambda shape: shape[0]},
        formula="y = x if x > 0 else a · x",
    ),
    _activation(
        "ELU",
        "Negative values bend towards −alpha.",
        "y = x if x > 0 else alpha · (eˣ − 1)",
        Field("alpha", "float", 1.0, "what large negative values become, negated", low=0, high=100),
    ),
    _activation("SELU", "An ELU scaled so that mean 0 and variance 1 persist.", "y = 1.0507 · ELU(x, 1.6733)"),
    _activation(
        "GELU",
        "x times the chance that a normal variable is below x.",
        "y = x · Φ(x)",
        Field("approximate", "choice", "none", "exact, or by tanh", choices=("none", "tanh")),
    ),
    _activation("SiLU", "x times its sigmoid, also called swish.", "y = x · σ(x)"),
    _activation("Mish", "A smooth, non-monotonic relative of SiLU.", "y = x · tanh(softplus(x))"),
    _activation("Sigmoid", "Squeezes to between 0 and 1.", "y = 1 / (1 + e⁻ˣ)"),
    _activation("Tanh", "Squeezes to between −1 and 1.", "y = tanh(x)"),
    Layer(
        "ScaledTanh",
        "Activation",
        "LeNet-5's squashing: at ±1 its value is ±1.",
        (
            Field("amplitude", "float", 1.7159, "largest value", low=0, high=100),
            Field("slope", "float", 2 / 3, "slope inside", low=0, high=100),
        ),
        module_class="ScaledTanh",
        formula="y = amplitude · tanh(slope · x)",
    ),
    _activation("Hardsigmoid", "A sigmoid of straight lines.", "y = min(max(x/6 + 1/2, 0), 1)"),
    _activation("Hardswish", "A SiLU of simple parts.", "y = x · min(max(x/6 + 1/2, 0), 1)"),
    _activation(
        "Softplus",
        "A smooth ReLU.",
        "y = ln(1 + e^(beta·x)) / beta",
        Field("beta", "float", 1.0, "sharpness", low=0.001, high=1000),
        Field("threshold", "float", 20.0, "above it a straight line is used", low=0, high=1000),
    ),
    Layer(
        "Softmax",
        "Activation",
        "Makes shares that sum to one.",
        (_CLASSES,),
        problem=_outside,
        window=_looks,
        formula="y[i] = e^x[i] / Σ_j e^x[j]",
    ),
    Layer(
        "LogSoftmax",
        "Activation",
        "The logarithm of softmax.",
        (_CLASSES,),
        problem=_outside,
        window=_looks,
        formula="y[i] = x[i] − ln Σ_j e^x[j]",
    ),
)
