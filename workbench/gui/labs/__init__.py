"""Labs: one idea each, tried by hand, with a short text beside it. Their views are imported when they are opened."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Lab:
    """A lab's title and key, and the module of this package that has its view ``view`` and its ``TEXT``."""

    name: str
    title: str
    shortcut: str
    module: str
    view: str


LABS = (
    Lab("convolution", "Convolution", "Alt+1", "convolution", "ConvolutionLab"),
    Lab("pooling", "Pooling", "Alt+2", "pooling", "PoolingLab"),
    Lab("one_by_one", "1×1 convolution", "Alt+3", "one_by_one", "OneByOneLab"),
    Lab("normalization", "Normalization", "Alt+4", "descent", "NormalizationLab"),
    Lab("overfitting", "Overfitting", "Alt+5", "overfitting", "OverfittingLab"),
    Lab("depth", "Depth", "Alt+6", "depth", "DepthLab"),
    Lab("capacity", "Capacity and batch size", "Alt+7", "ladder", "LadderLab"),
    Lab("inception", "Inception", "Alt+8", "inception", "InceptionLab"),
    Lab("excitation", "Squeeze and excitation", "Alt+9", "excitation", "ExcitationLab"),
    Lab("timeline", "From LeNet to SENet", "Alt+0", "timeline", "TimelineLab"),
)  # fmt: skip
