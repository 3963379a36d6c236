"""How each layer of a network fares while it is trained, and what of it a person should know."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from workbench.compiler import Problem
from workbench.graph import Graph, inference_graph
from workbench.layers import CATALOGUE

RECTIFIERS = frozenset({"ReLU", "ReLU6"})
"""Kinds whose units fire where they give more than zero. Any other activation's unit fires where its value varies."""

_NOT_BY_UNIT = frozenset({"Softmax", "LogSoftmax"})
_FEWEST_IMAGES = 32
_DEAD = 0.5
_FEW = 5
_VANISHED = 3.0
"""Powers of ten between the gradients of two layers."""

_LEAPING = 0.1


@dataclass(frozen=True, slots=True)
class LayerHealth:
    """One layer at one step; what it has not is not a number.

    ``dead`` is the share of an activation's units (maps or features) that fired for none of the images looked at
    lately, ``mean`` and ``spread`` (standard deviation) are of its values. ``gradient`` is the norm of the gradient of
    its ``weights`` parameters before clipping, ``update`` how far the step moved them, |Δw| / |w|.
    """

    dead: float = math.nan
    mean: float = math.nan
    spread: float = math.nan
    gradient: float = math.nan
    update: float = math.nan
    weights: int = 0

    @property
    def gradient_of_one(self) -> float:
        """The root mean square of the gradient over the layer's parameters."""
        return self.gradient / math.sqrt(self.weights) if self.weights else math.nan


def can_die(kind: str) -> bool:
    """Whether units of this kind of layer can stop to fire."""
    known = CATALOGUE.get(kind)
    return known is not None and known.category == "Activation" and kind not in _NOT_BY_UNIT


def relative_gradients(graph: Graph, gradients: Mapping[str, Sequence[float]]) -> dict[str, float]:
    """log10 of each layer's gradient of one weight beside that of the last few before the head: what arrives of it.

    ``gradients`` are those of each layer in the same few measurements, oldest first, and the median tells: that of
    plain-56 changes ten-thousand-fold from one step to the next. −inf where no gradient comes. Filters and matrices
    are compared with each other, and so are scales and shifts, whose gradients are larger. The head is left out where
    there are three layers: it has 13 times the gradient of the convolution before it in plain-56 and 50 times in
    ResNet-56, and beside it gradients would seem to have vanished in both.
    """
    found: dict[str, float] = {}
    learning = [name for name, own in gradients.items() if name in graph and any(map(math.isfinite, own))]
    learning.sort(key=graph.position.__getitem__)
    seen = {node.name for node in inference_graph(graph).nodes}
    for group in (True, False):
        names = [name for name in learning if _has_filters(graph, name) is group]
        reached = [gradients[name] for name in names if name in seen and any(gradients[name])]
        last = reached[:-1][-_FEW:] if group and len(reached) > 2 else reached[-1:]
        usual = [median([*filter(math.isfinite, values)] or [math.nan]) for values in zip(*last, strict=True)]
        for name in names:
            pairs = zip(gradients[name], usual, strict=False)
            told = [_magnitude(own, other) for own, other in pairs if other and math.isfinite(own + other)]
            found[name] = median(told) if told else -math.inf
    return found


def remarks(
    graph: Graph, layers: Mapping[str, LayerHealth], images: int, relative: Mapping[str, float]
) -> list[Problem]:
    """What of it a person should know; of dead units nothing before enough ``images`` were looked at.

    ``relative`` are the layers' `relative_gradients`.
    """
    dead = _dead(graph, layers) if images >= _FEWEST_IMAGES else []
    return [*dead, *_uneven(graph, relative), *_leaping(graph, layers)]


def _dead(graph: Graph, layers: Mapping[str, LayerHealth]) -> list[Problem]:
    found = []
    for node in graph.nodes:
        health = layers.get(node.name)
        if health is None or not health.dead >= _DEAD:
            continue
        does = "never fire" if node.kind in RECTIFIERS else "give the same whatever comes"
        message = f"{math.floor(100 * health.dead)} % of units {does}"
        found.append(_remark(node.name, message, "lower the learning rate, begin with init he, or use LeakyReLU"))
    return found


def _uneven(graph: Graph, relative: Mapping[str, float]) -> list[Problem]:
    """Gradients that have vanished on their way back to the picture, and such as have grown."""
    names = [name for name in relative if _has_filters(graph, name)]
    if not names:
        return []
    most = max(names, key=relative.__getitem__)
    low = [name for name in names if relative[name] < relative[most] - _VANISHED]
    above = [name for name in low if graph.position[name] < graph.position[most]]
    below = [name for name in low if graph.position[name] > graph.position[most]]
    found = []
    if above:
        least = min(relative[name] for name in above)
        arrives = math.isfinite(least)
        beside = f": down to 1/{10 ** (relative[most] - least):,.0f} of that of {most}" if arrives else ""
        message = f"{'the gradient has vanished' if arrives else 'no gradient arrives'}{_and_more(above)}{beside}"
        found.append(_remark(above[0], message, "add shortcuts or batch normalization, or begin with init he"))
    if below and math.isfinite(least := min(relative[name] for name in below)):
        message = f"the gradient has grown {10 ** (relative[most] - least):,.0f}-fold on its way here from below"
        found.append(_remark(most, message, "add shortcuts, let the learning rate warm up, or clip the gradient"))
    return found


def _leaping(graph: Graph, layers: Mapping[str, LayerHealth]) -> list[Problem]:
    leaping = [n for n in _learning(graph, layers) if _has_filters(graph, n) and layers[n].update > _LEAPING]
    if not leaping:
        return []
    most = max(layers[name].update for name in leaping)
    message = f"a step moves its weights by {100 * most:.0f} % of their length{_and_more(leaping)}"
    return [_remark(leaping[0], message, "lower the learning rate, or let it warm up")]


def _remark(node: str, message: str, remedy: str) -> Problem:
    return Problem(node, message, remedy, "warning")


def _and_more(names: Sequence[str]) -> str:
    more = len(names) - 1
    return f" (here and in {more} more layer{'s' if more > 1 else ''})" if more else ""


def _learning(graph: Graph, layers: Mapping[str, LayerHealth]) -> list[str]:
    """The layers that a gradient was known of, from the first to the last."""
    return [n.name for n in graph.nodes if n.name in layers and math.isfinite(layers[n.name].gradient_of_one)]


def _magnitude(own: float, other: float) -> float:
    return math.log10(own / other) if own else -math.inf


def _has_filters(graph: Graph, name: str) -> bool:
    kind = graph.by_name[name].kind
    return kind == "Linear" or CATALOGUE[kind].category == "Convolution"
