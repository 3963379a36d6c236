"""Which weights of a file or run a network can go on with: those whose name and shape fit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import torch
from torch import Tensor

from workbench.compiler import compile_graph
from workbench.graph import Graph

State = Literal["kept", "head", "shape", "beside", "new", "cut"]
"""Fits and is kept; would fit but is left anew on purpose; has another shape; would fit, but others of its layer do
not; is not in the file; has no place here."""

ANEW: tuple[State, ...] = ("new", "shape", "head")
"""What a layer is where it does not keep its weights."""

_COUNTER = "num_batches_tracked"
"""Batch normalization counts its batches only since PyTorch 0.4.1, and needs the count for nothing by default."""

_UNLIKELY = ("ema", "average", "teacher", "momentum", "best")
"""Words in the name of a part of a checkpoint that is taken only where no other fits as well."""


@dataclass(frozen=True, slots=True)
class Row:
    """One tensor: its name in the network (or in the file, where it has no place here), and both shapes."""

    name: str
    state: State
    wanted: tuple[int, ...] | None = None
    found: tuple[int, ...] | None = None

    @property
    def layer(self) -> str:
        return self.name.rpartition(".")[0]


@dataclass(frozen=True, eq=False)
class Match:
    """Every tensor of the network in its order, then what the file has besides; ``tensors`` are those to be kept.

    ``prefix`` is what stood before every name in the file (``module.``), and ``others`` how many tensors stand beside
    those, as an optimizer's memory does.
    """

    rows: tuple[Row, ...]
    tensors: Mapping[str, Tensor]
    prefix: str = ""
    others: int = 0

    @cached_property
    def layers(self) -> dict[str, State]:
        """Each layer that has weights here, and whether it keeps them."""
        found: dict[str, State] = {}
        for row in self.rows:
            if row.state not in ("cut", "beside") and found.get(row.layer, "kept") == "kept":
                found[row.layer] = row.state
        return found

    def named(self, *states: State) -> list[str]:
        """The layers of these states; those that are only in the file for ``cut``."""
        if "cut" in states:
            return list(dict.fromkeys(row.layer for row in self.rows if row.state == "cut"))
        return [name for name, state in self.layers.items() if state in states]

    @property
    def sentence(self) -> str:
        """``60 layers keep their weights; new: fc (another shape)``."""
        kept = len(self.named("kept"))
        parts = [f"{kept} layer{'' if kept == 1 else 's'} keep{'s' if kept == 1 else ''} their weights"]
        new = self.named(*ANEW)
        if new:
            parts.append(f"new: {_listed(new)}")
        if cut := self.named("cut"):
            parts.append(f"cut: {_listed(cut)}")
        return "; ".join(parts)


def match(graph: Graph, tensors: Mapping[str, Tensor], all_but_head: bool = False) -> Match:
    """Find the network's weights among tensors of any names; only shapes and names are looked at.

    Whatever wraps them is undone: the names' longest common prefix under which most of them fit is taken away. With
    ``all_but_head`` the last layers that have weights begin anew, one above each output. Raises `GraphError` where the
    graph cannot run.
    """
    with torch.device("meta"):
        wanted = {name: tuple(value.shape) for name, value in compile_graph(graph, init=False).state_dict().items()}
    prefix = _prefix(tensors, wanted)
    found = {name[len(prefix) :]: value for name, value in tensors.items() if name.startswith(prefix)}
    heads = _heads(graph, wanted) if all_but_head else frozenset[str]()
    rows = []
    for name, shape in wanted.items():
        value = found.get(name)
        there = None if value is None else tuple(value.shape)
        layer = name.rpartition(".")[0]
        if value is None and name.endswith(_COUNTER) and f"{layer}.running_mean" in found:
            continue
        state: State = "new" if value is None else "shape" if there != shape else "head" if layer in heads else "kept"
        rows.append(Row(name, state, shape, there))
    # A layer goes on whole or not at all: a bias learnt for other filters is worth nothing.
    partial = {row.layer for row in rows if row.state in ANEW}
    rows = [replace(row, state="beside") if row.state == "kept" and row.layer in partial else row for row in rows]
    kept = {row.name: found[row.name] for row in rows if row.state == "kept"}
    rows += [Row(name, "cut", None, tuple(value.shape)) for name, value in found.items() if name not in wanted]
    return Match(tuple(rows), kept, prefix, len(tensors) - len(found))


def _prefix(names: Iterable[str], wanted: Mapping[str, object]) -> str:
    """What stands before the wanted names: that under which most are found; '' where none is."""
    counts: Counter[str] = Counter()
    for name in names:
        place = 0
        while place >= 0:
            if name[place:] in wanted:
                counts[name[:place]] += 1
            place = name.find(".", place) + 1 or -1
    if not counts:
        return ""
    most = max(counts.values())
    best = [prefix for prefix, count in counts.items() if count == most]
    return min(best, key=lambda prefix: (any(word in prefix for word in _UNLIKELY), len(prefix), prefix))


def _heads(graph: Graph, wanted: Mapping[str, object]) -> frozenset[str]:
    """The nearest layer with weights above each output."""
    weighted = {name.rpartition(".")[0] for name in wanted}
    heads = set()
    for output in graph.results:
        name = output.node
        while name in graph and not _holds(weighted, graph.by_name[name].shares or name):
            name = graph.sources(graph.by_name[name])[0]
        if name in graph:
            owner = graph.by_name[name].shares or name
            heads |= {layer for layer in weighted if layer == owner or layer.startswith(f"{owner}.")}
    return frozenset(heads)


def _holds(weighted: Iterable[str], node: str) -> bool:
    return any(layer == node or layer.startswith(f"{node}.") for layer in weighted)


def _listed(names: list[str]) -> str:
    shown = ", ".join(names[:4])
    return shown if len(names) <= 4 else f"{shown} and {len(names) - 4} more"
