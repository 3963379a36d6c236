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
        near = nearest(name)
        raise GraphError(f"there is no preset '{name[:60]}'" + (f"; did you mean '{near}'?" if near else ""))
    preset = PRESETS[name]
    return preset.make(preset.input if input is None else tuple(input), preset.classes if classes is None else classes)


def nearest(name: str) -> str | None:
    """The preset that is meant by a name which is none, as `cifar-resnet20` by ``ResNet-20``; None if none is near."""
    plain = {_plain(known): known for known in PRESETS}
    wanted = _plain(name[:60])
    whole = [known for known in plain if wanted and wanted in known]
    near = [min(whole, key=len)] if whole else difflib.get_close_matches(wanted, plain, 1, 0.7)
    return plain[near[0]] if near else None


def _plain(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())


__all__ = ["EXPERIMENTS", "PRESETS", "Experiment", "Paper", "Preset", "build", "nearest"]
