"""Names that are free."""

from __future__ import annotations

from workbench.graph.graph import Graph
from workbench.graph.wiring import block_paths


def free_name(graph: Graph, wanted: str) -> str:
    """The name itself, or with the first number that makes it free: ``conv1`` gives ``conv2``."""
    return FreeNames(graph).take(wanted)


class FreeNames:
    """The names that no node, input or block has, of which one after the other may be taken."""

    def __init__(self, graph: Graph) -> None:
        self._taken = {node.name for node in graph.nodes} | {entry.name for entry in graph.inputs}
        self._taken |= block_paths(graph.nodes)

    def take(self, wanted: str) -> str:
        """The name itself, or with the first number that makes it free."""
        name = wanted
        if name in self._taken:
            stem = wanted.rstrip("0123456789")
            digits = wanted[len(stem) :]
            if not stem:
                stem, digits = f"{wanted}_", ""
            number = int(digits) + 1 if digits else 2
            while f"{stem}{number}" in self._taken:
                number += 1
            name = f"{stem}{number}"
        self._taken.add(name)
        return name
