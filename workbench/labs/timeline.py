"""From LeNet to SENet: what each network costs, measured, and the error that its authors published."""

from __future__ import annotations

from dataclasses import dataclass

from workbench.compiler import analyse
from workbench.graph import Graph
from workbench.presets import PRESETS, build

HUMAN_ERROR = 5.1
"""Top-5 error in percent of one trained person on 1,500 images (Russakovsky et al. 2015, section 6.4)."""

_WITH_WEIGHTS = {"Conv2d", "Linear", "SparseConv2d"}


@dataclass(frozen=True)
class Published:
    """The top-5 error on ImageNet in percent as published, and how it was measured; None where there is none."""

    error: float | None
    how: str


# Every figure is of the paper named in the preset: the entry to the contest, or what comes nearest to it.
PUBLISHED = {
    "lenet5": Published(None, "0.95 % error on MNIST's digits; ImageNet came eleven years later"),
    "alexnet": Published(15.3, "seven networks together, test images"),
    "vgg16": Published(7.2, "one network, many crops of each image, validation images"),
    "googlenet": Published(6.67, "seven networks and 144 crops of each image, test images"),
    "resnet152": Published(3.57, "six networks together, test images"),
    "senet154": Published(2.251, "several networks together, test images"),
}


@dataclass(frozen=True)
class Milestone:
    """A network on the way. ``depth`` is the number of layers with weights on the longest path."""

    preset: str
    title: str
    year: int
    parameters: int
    macs: int
    depth: int
    published: Published


def milestone(name: str) -> Milestone:
    """Measure one of the networks: some hundredths of a second for the deepest."""
    graph = build(name)
    analysis = analyse(graph).inference()
    preset = PRESETS[name]
    return Milestone(name, preset.title, preset.year, analysis.parameters, analysis.macs, depth(graph), PUBLISHED[name])


def depth(graph: Graph) -> int:
    """Layers with weights on the longest path; what only makes gates for maps (squeeze and excitation) is beside it."""
    reports = analyse(graph).by_name
    longest = {entry.name: 0 for entry in graph.inputs}
    for node in graph.nodes:
        sources, report = graph.sources(node), reports[node.name]
        if node.kind == "Multiply":
            sources = tuple(s for s, shape in zip(sources, report.inputs, strict=True) if shape == report.output)
        before = max((longest[source] for source in sources), default=0)
        longest[node.name] = before + (node.kind in _WITH_WEIGHTS)
    return max((longest[output.node] for output in graph.results if not output.training_only), default=0)
