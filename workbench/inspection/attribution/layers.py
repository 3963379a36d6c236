"""Which layers' maps can be asked for what they tell of a class."""

from __future__ import annotations

from workbench.compiler import Analysis, LayerReport, analyse
from workbench.graph import Graph

_CONVOLUTIONS = ("Conv2d", "ConvTranspose2d", "SparseConv2d")


def layers_with_maps(graph: Graph) -> tuple[str, ...]:
    """The layers whose output is maps ``(C, H, W)``, in order, that have a part in the network's answer.

    A layer that runs several times, because others share its weights, is not among them: it has no single output.
    """
    analysis = analyse(graph).inference()
    several = {node.shares for node in analysis.graph.nodes if node.shares}
    shared = {node.name for node in analysis.graph.nodes if node.shares} | several
    return tuple(report.name for report in analysis.layers if _has_maps(report) and report.name not in shared)


def last_convolution(graph: Graph) -> str:
    """The layer that Grad-CAM is asked of by itself; '' where there are no maps.

    It is the last convolution whose maps still have places: gates and classifiers that convolve a single value are
    passed over. Where it is one of several branches that are put together, it is what they are put together to.
    """
    known = layers_with_maps(graph)
    analysis = analyse(graph).inference()
    reports = [analysis.by_name[name] for name in known]
    convolutions = [report for report in reports if report.kind in _CONVOLUTIONS]
    with_places = [report for report in convolutions if report.output and report.output[1:] != (1, 1)]
    found = (with_places or convolutions or reports)[-1:]
    return _joined(analysis, found[0].name, known) if found else ""


def _joined(analysis: Analysis, name: str, known: tuple[str, ...]) -> str:
    """The concatenation to which the maps come through layers that only they go through, or the layer itself."""
    graph, at = analysis.graph, name
    while len(users := graph.consumers.get(at, ())) == 1:
        (at,) = users
        node = graph.node(at)
        if node.kind == "Concatenate":
            return at if at in known else name
        if len(graph.sources(node)) > 1:
            break
    return name


def _has_maps(report: LayerReport) -> bool:
    return isinstance(report.output, tuple) and len(report.output) == 3 and isinstance(report.output[0], int)
