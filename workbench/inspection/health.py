"""How each layer of a network fares while it is trained, and what of it a person should know."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from workbench.compiler import Problem
from workbench.graph import Graph
from workbench.layers import CATALOGUE

RECTIFIERS = frozenset({"ReLU", "ReLU6"})
"""Kinds whose units fire where they give more than zero. Any other activation's unit fires where its value varies."""

_NOT_BY_UNIT = frozenset({"Softmax", "LogSoftmax"})
_FEWEST_IMAGES = 32
_DEAD = 0.5
_VANISHED = 1e-3
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


def relative_gradients(graph: Graph, layers: Mapping[str, LayerHealth]) -> dict[str, float]:
    """log10 of each layer's gradient of one weight beside the median; −inf where no gradient comes.

    Filters and matrices are compared with each other, and so are scales and shifts, whose gradients are larger.
    """
    found: dict[str, float] = {}
    for group in (True, False):
        names = [name for name in _learning(graph, layers) if _has_filters(graph, name) is group]
        values = sorted(layers[name].gradient_of_one for name in names)
        middle = values[len(values) // 2] if values else 0.0
        for name in names:
            own = layers[name].gradient_of_one
            found[name] = math.log10(own / middle) if own and middle else (-math.inf if not own else math.inf)
    return found


def remarks(graph: Graph, layers: Mapping[str, LayerHealth], images: int) -> list[Problem]:
    """What of it a person should know; of dead units nothing before enough ``images`` were looked at."""
    dead = _dead(graph, layers) if images >= _FEWEST_IMAGES else []
    return [*dead, *_uneven(graph, layers), *_leaping(graph, layers)]


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


def _uneven(graph: Graph, layers: Mapping[str, LayerHealth]) -> list[Problem]:
    """Gradients that have vanished on their way back to the picture, and such as have grown."""
    names = [name for name in _learning(graph, layers) if _has_filters(graph, name)]
    gradients = {name: layers[name].gradient_of_one for name in names}
    if not names:
        return []
    most = max(names, key=gradients.__getitem__)
    low = [name for name in names if gradients[name] < _VANISHED * gradients[most]]
    above = [name for name in low if graph.position[name] < graph.position[most]]
    below = [name for name in low if graph.position[name] > graph.position[most]]
    found = []
    if above:
        least = min(gradients[name] for name in above)
        beside = f": down to 1/{gradients[most] / least:,.0f} of that of {most}" if least else ""
        message = f"{'the gradient has vanished' if least else 'no gradient arrives'}{_and_more(above)}{beside}"
        found.append(_remark(above[0], message, "add shortcuts or batch normalization, or begin with init he"))
    if below and (least := min(gradients[name] for name in below)):
        message = f"the gradient has grown {gradients[most] / least:,.0f}-fold on its way here from below"
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


def _has_filters(graph: Graph, name: str) -> bool:
    kind = graph.by_name[name].kind
    return kind == "Linear" or CATALOGUE[kind].category == "Convolution"
