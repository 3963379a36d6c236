"""Which network stands on a side: the open one, an earlier state of it, a file, a preset, or a run's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QMenu, QSizePolicy, QToolButton, QWidget

from workbench.graph import Graph
from workbench.gui import places
from workbench.gui.document import Document
from workbench.presets import PRESETS, build
from workbench.project import read_project

_MOST_STEPS = 30
_MOST_RUNS = 20
_PROJECT_FILES = "CNN Workbench projects (*.json);;All files (*)"


@dataclass(frozen=True)
class Side:
    """A network to be compared. ``read`` gives it, and may raise what reading a file raises; it may take a moment.

    ``belongs`` says that it is the open project's: it means nothing once another one is opened. ``follows`` that it is
    the open network as it is at any time.
    """

    title: str
    read: Callable[[], Graph]
    belongs: bool = False
    follows: bool = False


def now(document: Document) -> Side:
    """The open network, as it is at any time."""
    # The value is taken here, in the window's thread; the comparison is made in another.
    graph = document.graph
    return Side("Now", lambda: graph, belongs=True, follows=True)


def step_side(document: Document, place: int) -> Side:
    """The open network as it was after one of the steps of its history."""
    steps = document.steps
    graph = steps[place].project.graph
    title = f"After “{steps[place].title}”" if place else "As it was opened"
    return Side(title, lambda: graph, belongs=True)


def file_side(path: Path) -> Side:
    return Side(path.name, lambda: read_project(path).graph)


def preset_side(name: str) -> Side:
    return Side(PRESETS[name].title, lambda: build(name))


def run_side(directory: Path) -> Side:
    return Side(f"Run {directory.name}", lambda: _network_of_run(directory))


def _network_of_run(directory: Path) -> Graph:
    from workbench.runs import Run

    return Run.open(directory).project.graph


class SideChoice(QToolButton):
    """The name of a side's network; a click offers others. ``chosen(side)``."""

    chosen = Signal(object)

    def __init__(self, document: Document, which: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.setAccessibleName(f"The network {which}")
        self.setToolTip(f"Choose the network {which}")
        self.menu_ = QMenu(self)
        self.menu_.aboutToShow.connect(self.fill)
        self.setMenu(self.menu_)

    def show_side(self, side: Side) -> None:
        self.setText(f"{side.title}  ")

    def fill(self) -> None:
        """Offer what there is to choose now."""
        menu = self.menu_
        menu.clear()
        menu.addAction("The network as it is now", lambda: self.chosen.emit(now(self._document)))
        self._add_steps(menu)
        path = self._document.path
        if path is not None:
            menu.addAction(f"As it is saved in {path.name}", lambda: self.chosen.emit(file_side(path)))
        menu.addSeparator()
        years: dict[int, QMenu] = {}
        presets = menu.addMenu("A preset")
        for name, preset in PRESETS.items():
            if preset.year not in years:
                years[preset.year] = presets.addMenu(str(preset.year))
            years[preset.year].addAction(preset.title, partial(self._choose, partial(preset_side, name)))
        self._add_runs(menu)
        menu.addAction("A file …", self._ask_for_file)

    def _add_steps(self, menu: QMenu) -> None:
        steps, place = self._document.steps, self._document.place
        earlier = menu.addMenu("Before my last edits")
        earlier.setEnabled(place > 0)
        for back in range(1, min(place, _MOST_STEPS) + 1):
            undone = steps[place - back + 1].title
            text = f"{back} edit{'s' if back > 1 else ''} ago, before “{undone}”"
            earlier.addAction(text, partial(self._choose, partial(step_side, self._document, place - back)))
        if place > _MOST_STEPS:
            earlier.addAction("As it was opened", partial(self._choose, partial(step_side, self._document, 0)))

    def _add_runs(self, menu: QMenu) -> None:
        runs = menu.addMenu("A run's network")
        found = sorted((path for path in places.runs().glob("*/project.json")), reverse=True)
        for path in found[:_MOST_RUNS]:
            runs.addAction(path.parent.name, partial(self._choose, partial(run_side, path.parent)))
        if found:
            runs.addSeparator()
        runs.addAction("Another folder …", self._ask_for_run)

    def _choose(self, make: Callable[[], Side]) -> None:
        self.chosen.emit(make())

    def _ask_for_file(self) -> None:
        given, _ = QFileDialog.getOpenFileName(
            self.window(), "Compare with a project", str(Path.home()), _PROJECT_FILES
        )
        if given:
            self.chosen.emit(file_side(Path(given)))

    def _ask_for_run(self) -> None:
        given = QFileDialog.getExistingDirectory(self.window(), "Compare with a run", str(places.runs()))
        if given:
            self.chosen.emit(run_side(Path(given)))
