"""A user of the document: what there is to choose from by chance, and what holds at every moment."""

from __future__ import annotations

import random

from workbench.graph import Graph
from workbench.gui.document import Document
from workbench.gui.editor.layout import place
from workbench.gui.editor.outline import blocks_of, first_closed, outline
from workbench.presets import build
from workbench.project import Project, dumps, loads

_PLAIN = ("lenet5", "cifar-resnet20", "googlenet", "se-resnet18", "nin-cifar10")


class User:
    """Somebody who chooses by chance, and knows what must hold."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.document = Document(Project(build(self.random.choice(_PLAIN))))
        self.first = self.saved = self.document.project
        self.clipboard: Graph | None = None
        self.done = 0
        self.refused = 0

    def check(self) -> None:
        """What holds at every moment."""
        graph = self.document.graph
        assert loads(dumps(self.document.project)) == self.document.project
        assert Graph(graph.inputs, graph.nodes, graph.outputs, graph.blocks, graph.name) == graph
        assert all(name in graph or graph.members(name) for name in self.document.selection)
        closed = first_closed(graph) if self.random.random() < 0.5 else frozenset(blocks_of(graph))
        shown = outline(graph, closed)
        assert sorted(n for entry in shown.entries for n in entry.nodes) == sorted(node.name for node in graph.nodes)
        placement = place(shown, {entry.name: 58.0 for entry in shown.entries})
        assert set(placement.centres) == set(shown.by_name)
        assert set(placement.lines) == set(shown.edges)

    def undo_all_and_redo_all(self) -> None:
        """Back to the very first value, and forward to the very last."""
        values = [step.project for step in self.document.steps]
        last = self.document.place
        self.document.go_to(len(values) - 1)
        while self.document.undo_title:
            assert self.document.project is values[self.document.place]
            before = self.document.place
            self.document.undo()
            assert self.document.place == before - 1
        assert self.document.project is self.first
        assert self.document.place == 0
        while self.document.redo_title:
            before = self.document.place
            self.document.redo()
            assert self.document.place == before + 1
            assert self.document.project is values[self.document.place]
        assert self.document.place == len(values) - 1
        self.document.go_to(last)

    def names(self) -> list[str]:
        return [node.name for node in self.document.graph.nodes] + list(blocks_of(self.document.graph))

    def name(self) -> str:
        names = self.names()
        return self.random.choice(names) if names else "nothing"

    def some(self) -> list[str]:
        names = [node.name for node in self.document.graph.nodes]
        if not names:
            return []
        start = self.random.randrange(len(names))
        return names[start : start + self.random.randint(1, 4)]
