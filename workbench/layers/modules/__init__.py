"""Modules of our own, for what ``torch.nn`` lacks.

Each class stands alone: exported source copies it as it is.
"""

from workbench.layers.modules.learned import (
    ChannelLayerNorm,
    InputAffine,
    LayerScale,
    PrototypeDistance,
    ScaledTanh,
    SparseConv2d,
    TrainableSubsampling,
)
from workbench.layers.modules.merging import Add, Concatenate, Mean, Multiply
from workbench.layers.modules.random import GaussianNoise, StochasticDepth
from workbench.layers.modules.shaping import (
    Crop,
    Flip,
    Permute,
    Reshape,
    Select,
    SliceChannels,
    Split,
    Squeeze,
    Subsample,
    Unsqueeze,
)

__all__ = [
    "Add",
    "ChannelLayerNorm",
    "Concatenate",
    "Crop",
    "Flip",
    "GaussianNoise",
    "InputAffine",
    "LayerScale",
    "Mean",
    "Multiply",
    "Permute",
    "PrototypeDistance",
    "Reshape",
    "ScaledTanh",
    "Select",
    "SliceChannels",
    "SparseConv2d",
    "Split",
    "Squeeze",
    "StochasticDepth",
    "Subsample",
    "TrainableSubsampling",
    "Unsqueeze",
]
