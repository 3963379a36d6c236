"""What is taken out of a network that has run a picture: maps, a glimpse of every layer, filters, probabilities."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import torch
from torch import Tensor, nn

from workbench.graph import GraphError
from workbench.inspection.arithmetic import Explanation, Moment, Place, explain
from workbench.inspection.filters import FilterRows, Filters, filters_of
from workbench.inspection.spread import Spread, spread_of

LARGEST_MAPS = 2**23
"""Values of one layer's maps that are kept at most (32 MB); of a larger one the first maps are taken."""

GLIMPSED_MAPS = 6
GLIMPSED_SIDE = 52
_GLIMPSED_FEATURES = 104


@dataclass(frozen=True, slots=True)
class Wishes:
    """What somebody wants to see: all maps of ``layers``, a few small maps of each of ``glimpses``, filters, and
    how every layer's weights lie (``spreads``), and how one ``value`` came about."""

    layers: tuple[str, ...] = ()
    filters: tuple[FilterRows, ...] = ()
    glimpses: tuple[str, ...] = ()
    spreads: bool = False
    value: Place | None = None

    def without_slow(self) -> Wishes:
        """Only what may change ten times a second."""
        return replace(self, glimpses=(), spreads=False)


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What became of one picture. Arrays are NumPy float32 and nobody changes them any more.

    ``maps`` are ``(C, H, W)``, or ``(features,)`` of a layer without maps, by layer name; ``counts`` how many the
    layer has where they are too many to keep. ``glimpses`` are likewise, but few and small. ``spreads`` are by layer
    name. ``probabilities`` are those of the classes; none of a network that gives maps. ``strides`` are of layers of
    whose maps only each so many-th row and column is there. ``explanation`` is that of the value that was wished for;
    where there is none ``unexplained`` says why.
    """

    maps: Mapping[str, Any] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    glimpses: Mapping[str, Any] = field(default_factory=dict)
    filters: Mapping[FilterRows, Filters] = field(default_factory=dict)
    spreads: Mapping[str, Spread] = field(default_factory=dict)
    probabilities: tuple[float, ...] = ()
    strides: Mapping[str, int] = field(default_factory=dict)
    parts: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    explanation: Explanation | None = None
    unexplained: str = ""

    def explained(self, moment: Moment, place: Place | None) -> Seen:
        """The same with the value at a place explained, if one was wished for."""
        if place is None:
            return self
        try:
            return replace(self, explanation=explain(moment, place))
        except GraphError as error:
            return replace(self, unexplained=str(error))


def gather(wishes: Wishes, outputs: Mapping[str, Any], modules: Mapping[str, nn.Module], logits: Tensor | None) -> Seen:
    """Take what is wished for from the outputs ``(1, ...)`` of layers, their modules and the network's output.

    Names that are not there are left out: who wishes may be a moment behind. Of a layer that gives several tensors
    the channels of all stand one behind the other.
    """
    maps, counts, parts = {}, {}, {}
    for name in wishes.layers:
        if name in outputs:
            if isinstance(outputs[name], tuple):
                parts[name] = tuple(part.shape[1] for part in outputs[name])
            values = joined(outputs[name])[0]
            fitting = max(1, LARGEST_MAPS // max(1, values[0].numel())) if values.ndim else 1
            maps[name] = _array(values[:fitting] if values.ndim else values[None])
            if values.ndim and len(values) > fitting:
                counts[name] = len(values)
    glimpses = {name: glimpse(joined(outputs[name])[0]) for name in wishes.glimpses if outputs.get(name) is not None}
    filters = {}
    for rows in wishes.filters:
        found = filters_of(modules[rows.layer], rows) if rows.layer in modules else None
        if found is not None:
            filters[rows] = found
    spreads = {}
    if wishes.spreads:
        spreads = {name: spread for name, module in modules.items() if (spread := spread_of(module)) is not None}
    told = logits is not None and logits.ndim == 2
    probabilities = tuple(logits[0].float().softmax(0).tolist()) if told else ()  # type: ignore[index]
    return Seen(maps, counts, glimpses, filters, spreads, probabilities, parts=parts)


def joined(output: Tensor | tuple[Tensor, ...]) -> Tensor:
    """What a layer gives as one tensor ``(N, C, ...)``: of several the channels of all, one behind the other."""
    return torch.cat(output, 1) if isinstance(output, tuple) else output


def glimpse(values: Tensor) -> Any:
    """A few maps of ``(C, H, W)``, or values of ``(features,)``, with rows and columns left out of large ones."""
    if values.ndim != 3:
        return _array(values.flatten()[:_GLIMPSED_FEATURES].clone())
    step = max(1, -(-max(values.shape[1:]) // GLIMPSED_SIDE))
    return _array(values[:GLIMPSED_MAPS, ::step, ::step].clone())


def names_of(wishes: Wishes) -> Iterable[str]:
    """The layers whose outputs are needed, each once."""
    return dict.fromkeys((*wishes.layers, *wishes.glimpses))


def _array(values: Tensor) -> Any:
    return values.to("cpu", torch.float32).contiguous().numpy()
