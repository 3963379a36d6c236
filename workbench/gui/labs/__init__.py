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
)  # fmt: skip
