"""The famous networks, each as a graph."""

from __future__ import annotations

import difflib
from types import MappingProxyType

from workbench.graph import Graph, GraphError, Shape
from workbench.presets import alexnet, googlenet, lenet, nin, resnet, senet, vgg
from workbench.presets.experiments import EXPERIMENTS, Experiment
from workbench.presets.preset import Paper, Preset

_FAMILIES = (lenet, alexnet, nin, vgg, googlenet, resnet, senet)

PRESETS = MappingProxyType({preset.name: preset for family in _FAMILIES for preset in family.PRESETS})


def build(name: str, classes: int | None = None, input: Shape | None = None) -> Graph:
    """The preset as a graph, for its own input ``(C, H, W)`` and classes or for others.

    Raises `GraphError` for an unknown name. An input too small makes a graph whose analysis says so.
    """
    if name not in PRESETS:
        near = difflib.get_close_matches(name[:60], PRESETS, 1, 0.5)
        raise GraphError(f"there is no preset '{name[:60]}'" + (f"; did you mean '{near[0]}'?" if near else ""))
    preset = PRESETS[name]
    return preset.make(preset.input if input is None else tuple(input), preset.classes if classes is None else classes)


__all__ = ["EXPERIMENTS", "PRESETS", "Experiment", "Paper", "Preset", "build"]
