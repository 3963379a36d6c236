"""The table: for each kind of layer in the catalogue, how a value comes about and what it has seen."""

from __future__ import annotations

from types import MappingProxyType

from workbench.inspection.arithmetic import activating as act
from workbench.inspection.arithmetic import filtering, joining, moving, normalizing, pooling, reach, taps
from workbench.inspection.arithmetic.activating import activation
from workbench.inspection.arithmetic.layers import Kind

_MOVED = Kind(moving.moved, reach.moved)
_CLASSES = reach.along(act.class_axis)
_DROPPED = Kind(moving.unchanged("Only training disturbs it; here every value passes."), reach.pointwise)


def _pointwise(formula: str, rule: act.Rule) -> Kind:
    return Kind(activation(formula, rule), reach.pointwise)


KINDS = MappingProxyType(
    {
        "Conv2d": Kind(filtering.convolution, reach.filtered(taps.convolution)),
        "ConvTranspose2d": Kind(filtering.transposed, reach.filtered(taps.transposed)),
        "SparseConv2d": Kind(filtering.sparse, reach.sparse),
        "Linear": Kind(filtering.linear, reach.everything),
        "PrototypeDistance": Kind(filtering.prototypes, reach.everything),
        "MaxPool2d": Kind(pooling.maximum(taps.pooling), reach.windowed(taps.pooling)),
        "AvgPool2d": Kind(pooling.average, reach.windowed(taps.pooling)),
        "LPPool2d": Kind(pooling.power, reach.windowed(taps.pooling)),
        "AdaptiveAvgPool2d": Kind(pooling.adaptive, reach.windowed(taps.bins)),
        "AdaptiveMaxPool2d": Kind(pooling.maximum(taps.bins), reach.windowed(taps.bins)),
        "TrainableSubsampling": Kind(pooling.trainable, reach.windowed(taps.pooling)),
        "BatchNorm2d": Kind(normalizing.batch, reach.pointwise),
        "BatchNorm1d": Kind(normalizing.batch, reach.pointwise),
        "InstanceNorm2d": Kind(normalizing.batch, reach.pointwise),
        "GroupNorm": Kind(normalizing.group, reach.pointwise),
        "LayerNorm": Kind(normalizing.over_channels, reach.pointwise),
        "LocalResponseNorm": Kind(normalizing.local_response, reach.across_channels),
        "ReLU": _pointwise("max(0, x)", act.relu),
        "ReLU6": _pointwise("min(max(0, x), 6)", act.relu6),
        "LeakyReLU": _pointwise("x above 0, else slope · x", act.leaky),
        "PReLU": _pointwise("x above 0, else the channel's learned slope · x", act.learned_leaky),
        "ELU": _pointwise("x above 0, else alpha · (e^x − 1)", act.elu),
        "SELU": _pointwise("1.0507 · ELU(x, 1.6733)", act.selu),
        "GELU": _pointwise("x · Φ(x)", act.gelu),
        "SiLU": _pointwise("x · σ(x)", act.silu),
        "Mish": _pointwise("x · tanh(softplus(x))", act.mish),
        "Sigmoid": _pointwise("1 / (1 + e^−x)", act.sigmoid),
        "Tanh": _pointwise("tanh(x)", act.tanh),
        "ScaledTanh": _pointwise("amplitude · tanh(slope · x)", act.scaled_tanh),
        "Hardsigmoid": _pointwise("min(max(x/6 + 1/2, 0), 1)", act.hard_sigmoid),
        "Hardswish": _pointwise("x · min(max(x/6 + 1/2, 0), 1)", act.hard_swish),
        "Softplus": _pointwise("ln(1 + e^(beta·x)) / beta", act.softplus),
        "Softmax": Kind(act.softmax, _CLASSES),
        "LogSoftmax": Kind(act.log_softmax, _CLASSES),
        "Dropout": _DROPPED,
        "Dropout2d": _DROPPED,
        "AlphaDropout": _DROPPED,
        "StochasticDepth": _DROPPED,
        "GaussianNoise": _DROPPED,
        "Identity": Kind(moving.unchanged("It gives what it takes."), reach.pointwise),
        "Flatten": _MOVED,
        "Unflatten": _MOVED,
        "Permute": _MOVED,
        "ZeroPad2d": _MOVED,
        "ReflectionPad2d": _MOVED,
        "PixelShuffle": _MOVED,
        "ChannelShuffle": _MOVED,
        "SliceChannels": _MOVED,
        "Split": _MOVED,
        "Subsample": _MOVED,
        "Crop": _MOVED,
        "Flip": _MOVED,
        "Unsqueeze": _MOVED,
        "Squeeze": _MOVED,
        "Select": Kind(moving.selected, reach.selected),
        "Upsample": Kind(moving.upsampled, reach.enlarged),
        "Add": Kind(joining.add, reach.pointwise),
        "Mean": Kind(joining.mean, reach.pointwise),
        "Multiply": Kind(joining.multiply, reach.stretched),
        "Concatenate": Kind(joining.concatenate, reach.joined),
        "LayerScale": Kind(joining.layer_scale, reach.pointwise),
        "InputAffine": Kind(joining.input_affine, reach.pointwise),
    }
)
