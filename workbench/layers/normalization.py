"""Normalization: values brought to a common mean and spread."""

from __future__ import annotations

from typing import Any

from workbench.graph import Field
from workbench.layers.layer import Layer, Values, channels

_EPS = Field("eps", "float", 1e-5, "added to the variance", low=0, high=1)
_AFFINE = Field("affine", "bool", True, "learn a scale and a shift for each channel")
_BATCH = (
    _EPS,
    Field("momentum", "float", 0.1, "share of the new batch in the running mean; null: a plain mean", 0, 1,
          optional=True),
    _AFFINE,
    Field("track_running_stats", "bool", True, "keep running mean and variance for evaluation"),
)  # fmt: skip
_BATCH_FORMULA = "y = γ · (x − mean over the batch) / √(variance + eps) + β"


def _groups(values: Values, shapes: tuple[Any, ...]) -> str | None:
    groups, count = values["num_groups"], shapes[0][0]
    return f"num_groups={groups} does not divide the {count} channels that come" if count % groups else None


LAYERS = (
    Layer(
        "BatchNorm2d",
        "Normalization",
        "Each map is normalized over the batch; in evaluation with running means.",
        _BATCH,
        infers={"num_features": channels},
        ranks=(3,),
        formula=_BATCH_FORMULA,
    ),
    Layer(
        "BatchNorm1d",
        "Normalization",
        "Each feature is normalized over the batch; in evaluation with running means.",
        _BATCH,
        infers={"num_features": channels},
        ranks=(1, 2),
        formula=_BATCH_FORMULA,
    ),
    Layer(
        "GroupNorm",
        "Normalization",
        "Groups of channels are normalized within each example.",
        (Field("num_groups", "int", help="groups of channels", low=1, high=65_536), _EPS, _AFFINE),
        infers={"num_channels": channels},
        problem=_groups,
        formula="y = γ · (x − mean of the group) / √(variance + eps) + β",
    ),
    Layer(
        "InstanceNorm2d",
        "Normalization",
        "Each map of each example is normalized by itself.",
        (
            _EPS,
            Field("momentum", "float", 0.1, "share of the new batch in the running mean", low=0, high=1),
            Field("affine", "bool", False, "learn a scale and a shift for each channel"),
            Field("track_running_stats", "bool", False, "keep running mean and variance for evaluation"),
        ),
        infers={"num_features": channels},
        ranks=(3,),
        formula="y = γ · (x − mean of the map) / √(variance + eps) + β",
    ),
    Layer(
        "LayerNorm",
        "Normalization",
        "All values at one place (channels first or last), normalized over the channels.",
        (
            Field("eps", "float", 1e-6, "added to the variance", low=0, high=1),
            Field("channels_first", "bool", True, "channels stand first (C, H, W), else last (H, W, C)"),
            _AFFINE,
        ),
        infers={"shape": tuple},
        module_class="ChannelLayerNorm",
        formula="y = γ · (x − mean over channels) / √(variance + eps) + β",
    ),
    Layer(
        "LocalResponseNorm",
        "Normalization",
        "Each value is damped by its neighbours across channels (AlexNet).",
        (
            Field("size", "int", help="channels that are summed", low=1, high=65_536),
            Field("alpha", "float", 1e-4, "weight of the sum, divided by size", low=0, high=1000),
            Field("beta", "float", 0.75, "exponent", low=0, high=100),
            Field("k", "float", 1.0, "added to the sum", low=0, high=1000),
        ),
        ranks=(3,),
        formula="y = x / (k + alpha/size · Σ over neighbours x²)^beta",
    ),
)
