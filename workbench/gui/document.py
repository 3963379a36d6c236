"""The open project: its value, the values before it, its analysis and what is selected. Only here does it change."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from workbench.graph import Graph, blocks_above
from workbench.project import DataChoice, Project, Recipe
from workbench.project.fine_tuning import pruned

if TYPE_CHECKING:
    from workbench.compiler import Analysis

_MERGE_SECONDS = 1.5
"""Edits of the same thing that follow each other faster than this are one step to undo: a spin box being turned."""


@dataclass(frozen=True)
class Step:
    """One step of the history: what was done, and the project after it."""

    title: str
    project: Project
    merge: str = ""
    at: float = 0.0


class Document(QObject):
    """One project and its history.

    ``opened`` comes before the ``changed`` of another project, ``changed(before, after)`` follows every change of the
    project, ``analysed`` every analysis, ``selection_changed`` every other choice of cards, ``state_changed`` whatever
    titles and menus tell: file, saved or not, undo and redo.
    """

    opened = Signal()
    changed = Signal(object, object)
    analysed = Signal(object)
    selection_changed = Signal(object)
    state_changed = Signal()

    def __init__(self, project: Project, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._steps = [Step("", project)]
        self._place = 0
        self._saved: Project | None = project
        self._analysis: Analysis | None = None
        self._selection: tuple[str, ...] = ()
        self._can_analyse = False
        self.path: Path | None = None

    @property
    def project(self) -> Project:
        return self._steps[self._place].project

    @property
    def graph(self) -> Graph:
        return self.project.graph

    @property
    def recipe(self) -> Recipe:
        return self.project.recipe

    @property
    def data(self) -> DataChoice:
        return self.project.data

    @property
    def analysis(self) -> Analysis | None:
        """Of the graph as it is; None until torch has been loaded."""
        return self._analysis

    @property
    def selection(self) -> tuple[str, ...]:
        """Names of selected nodes, or of blocks whose one card stands for them."""
        return self._selection

    @property
    def modified(self) -> bool:
        return self.project != self._saved

    @property
    def title(self) -> str:
        """The file's name, or the network's."""
        return self.path.stem if self.path else self.graph.name or "Untitled"

    @property
    def steps(self) -> tuple[Step, ...]:
        return tuple(self._steps)

    @property
    def place(self) -> int:
        """Which of the steps is the project as it is."""
        return self._place

    @property
    def undo_title(self) -> str:
        return self._steps[self._place].title if self._place else ""

    @property
    def redo_title(self) -> str:
        return self._steps[self._place + 1].title if self._place + 1 < len(self._steps) else ""

    def set_graph(self, graph: Graph, title: str, merge: str = "", select: Iterable[str] = ()) -> None:
        """Another graph; what the recipe says of layers that it lacks goes with them."""
        self.apply(replace(self.project, graph=graph, recipe=pruned(self.recipe, graph)), title, merge, select)

    def set_recipe(self, recipe: Recipe, title: str, merge: str = "") -> None:
        self.apply(replace(self.project, recipe=recipe), title, merge)

    def set_data(self, data: DataChoice, title: str, merge: str = "") -> None:
        self.apply(replace(self.project, data=data), title, merge)

    def apply(self, project: Project, title: str, merge: str = "", select: Iterable[str] = ()) -> None:
        """Make this the project, as one step that can be undone, and ``select`` cards of it.

        Steps with the same ``merge`` that follow each other closely become one.
        """
        before = self.project
        if project == before:
            return
        del self._steps[self._place + 1 :]
        now, last = time.monotonic(), self._steps[-1]
        step = Step(title, project, merge, now)
        if merge and last.merge == merge and now - last.at < _MERGE_SECONDS and self._place:
            self._steps[-1] = step
        else:
            self._steps.append(step)
        self._place = len(self._steps) - 1
        self._tell(before, tuple(select))

    def undo(self) -> None:
        self.go_to(self._place - 1)

    def redo(self) -> None:
        self.go_to(self._place + 1)

    def go_to(self, place: int) -> None:
        """Make one of the steps the project again; nothing where there is none."""
        if not 0 <= place < len(self._steps) or place == self._place:
            return
        before = self.project
        self._place = place
        self._tell(before, _come_back(before.graph, self.graph))

    def open(self, project: Project, path: Path | None = None, saved: bool = True) -> None:
        """Begin anew with another project, its history empty. One that is not ``saved`` anywhere counts as changed."""
        before = self.project
        self._steps, self._place = [Step("", project)], 0
        self._saved = project if saved else None
        self.path = path
        self.opened.emit()
        self._tell(before)

    def saved_as(self, path: Path) -> None:
        """The project as it is now stands in this file."""
        self._saved, self.path = self.project, path
        self.state_changed.emit()

    def select(self, names: Iterable[str]) -> None:
        chosen = tuple(dict.fromkeys(name for name in names if name in self.graph or self.graph.members(name)))
        if chosen != self._selection:
            self._selection = chosen
            self.selection_changed.emit(chosen)

    def begin_analysing(self) -> None:
        """Torch is there: know the figures from now on."""
        self._can_analyse = True
        self._analyse()

    def _tell(self, before: Project, select: tuple[str, ...] = ()) -> None:
        if before.graph != self.graph:
            self._analyse()
        if select:
            # Before the change is told: what shows the selection would else look for cards that are gone.
            self._selection = select
        self.changed.emit(before, self.project)
        if select:
            self.selection_changed.emit(select)
        self.select(self._selection)
        self.state_changed.emit()

    def _analyse(self) -> None:
        if not self._can_analyse:
            return
        from workbench.compiler import analyse

        self._analysis = analyse(self.graph)
        self.analysed.emit(self._analysis)


def _come_back(before: Graph, now: Graph) -> tuple[str, ...]:
    """What a graph has that another lacks, by the names of the outermost blocks that are wholly new."""
    fresh = [node.name for node in now.nodes if node.name not in before] if now is not before else []
    if not fresh:
        return ()
    paths = {path for node in before.nodes for path in (*blocks_above(node.name), node.name)}
    outermost = (next(path for path in (*blocks_above(name), name) if path not in paths) for name in fresh)
    return tuple(dict.fromkeys(outermost))
