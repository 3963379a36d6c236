"""The one map that is shown large."""

from __future__ import annotations

from dataclasses import dataclass, field

from workbench.graph import Graph
from workbench.inspection import FilterRows, Origin, Wishes, origin


@dataclass
class OpenedMap:
    """Its number, None while all are shown, and the filter that made it."""

    number: int | None = None
    origin: Origin = field(default_factory=Origin)

    def choose(self, graph: Graph, layer: str, number: int) -> None:
        self.number = number
        self.origin = origin(graph, layer, number) if layer in graph else Origin(why="The layer is gone.")

    def close(self) -> None:
        self.number, self.origin = None, Origin()

    def wishes(self, layer: str) -> Wishes:
        """What has to be looked at of a layer, of which this is a map."""
        if not layer:
            return Wishes()
        made = self.number is not None and self.origin.layer
        return Wishes((layer,), (FilterRows(self.origin.layer, self.origin.filter, 1),) if made else ())
