"""What the next training starts from, told above the network while it is edited."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QPushButton

from workbench.graph import Graph
from workbench.gui.background import Background
from workbench.gui.training.line_above import LineAbove
from workbench.gui.training.weights_dialog import WeightsDialog
from workbench.project import DataChoice, Project, Recipe
from workbench.runs import Run, RunError, discord, expected, matched, read_source
from workbench.weights import Match, WeightsFile

if TYPE_CHECKING:
    from workbench.gui.main_window import MainWindow


@dataclass(frozen=True, eq=False)
class _Known:
    """A source that was read, its tensors being shapes only, and when it was written."""

    source: str
    written: int
    file: WeightsFile


class StartBar(LineAbove):
    """A line: where the weights come from, and which layers keep them."""

    def __init__(self) -> None:
        self.normalize = QPushButton("Normalize alike")
        self.show_all, self.anew = QPushButton("Weights …"), QPushButton("Start anew")
        super().__init__("What the training starts from", self.normalize, self.show_all, self.anew)
        self.normalize.setToolTip("Normalize the pictures as they were for these weights")
        self.normalize.hide()


class StartRoom(QObject):
    """Follows the document: the graph may be edited so that other layers keep their weights."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window, self._document = window, window.document
        self._known: _Known | None = None
        self.match: Match | None = None
        self.bar = StartBar()
        self.bar.show_all.clicked.connect(lambda: self.choose())
        self.bar.normalize.clicked.connect(lambda: window.attempt(self.normalize_alike))
        self.bar.anew.clicked.connect(lambda: window.attempt(self.start_anew))
        window.editor.add_bar(self.bar)
        self._reading = Background("starting weights", self)
        self._reading.done.connect(self._show)
        self._reading.failed.connect(lambda message, details: self._say(message))
        self._document.changed.connect(self._follow)
        self._look()

    def choose(self, first: Path | None = None) -> WeightsDialog:
        """Ask what to start from, these weights being shown first."""
        window = self._window
        dialog = WeightsDialog(self._document, window.appearance, window.attempt, window, first)
        dialog.open()
        return dialog

    def start_anew(self) -> None:
        """Have the next training begin with fresh weights, and the pictures as they were before there were others."""
        document = self._document
        project, data = document.project, document.data
        if self._known is not None and data.normalization == expected(self._known.file.prepared):
            data = data.changed(normalization=self._normalization_without)
        recipe = project.recipe.changed(weights="", weights_sha256="", all_but_head=False)
        document.apply(replace(project, recipe=recipe, data=data), "Start anew")

    @property
    def _normalization_without(self) -> str:
        """How pictures were normalized before weights were chosen."""
        steps = reversed(self._document.steps[: self._document.place + 1])
        before = (step.project.data for step in steps if not step.project.recipe.weights)
        return next(before, DataChoice()).normalization

    def normalize_alike(self) -> None:
        """Have the pictures normalized as they were for the weights."""
        wanted = expected(self._known.file.prepared) if self._known else None
        if wanted is not None:
            data = self._document.data.changed(normalization=wanted)
            self._document.set_data(data, "Normalize as the weights expect")

    def go_on_from(self, directory: Path) -> None:
        """Have the next training go on from a run's weights, where it has some."""
        try:
            Run.open(directory).state_file()
        except RunError:
            return
        recipe = self._document.recipe.changed(weights=str(directory.resolve()), weights_sha256="", all_but_head=False)
        self._document.set_recipe(recipe, f"Go on from {directory.name}")

    def _follow(self, before: Project, after: Project) -> None:
        def of(recipe: Recipe) -> tuple[object, ...]:
            return recipe.weights, recipe.weights_sha256, recipe.all_but_head

        if before.data.normalization != after.data.normalization and self.match is not None:
            self._tell()
        if of(before.recipe) != of(after.recipe) or (after.recipe.weights and before.graph != after.graph):
            self._look()

    def _look(self) -> None:
        recipe, graph = self._document.recipe, self._document.graph
        self.match = None
        self.bar.normalize.hide()
        self.bar.setVisible(bool(recipe.weights))
        if not recipe.weights:
            self._reading.forget()
            if self._known is not None:
                self._window.inspection.previewer.use_weights_of(None)
            self._known = None
            return
        self._say("Looking at its weights …")
        self._reading.ask(lambda: self._read(recipe, graph, self._known))

    def _read(self, recipe: Recipe, graph: Graph, known: _Known | None) -> tuple[_Known, Match]:
        """In the background's thread."""
        written = _written(Path(recipe.weights))
        if known is None or (known.source, known.written) != (recipe.weights, written):
            file = read_source(recipe.weights, self._reading.check)
            shapes = {name: value.to("meta") for name, value in file.tensors.items()}
            known = _Known(recipe.weights, written, replace(file, tensors=shapes))
        if recipe.weights_sha256 and recipe.weights_sha256 != known.file.sha256:
            raise RunError("these are other weights now than those that were chosen; choose them again")
        return known, matched(known.file, graph, recipe.all_but_head)

    def _show(self, found: tuple[_Known, Match]) -> None:
        if self._known is not found[0]:
            self._window.inspection.previewer.use_weights_of(Path(found[0].source))
        self._known, self.match = found
        self._tell()
        self.bar.text.setToolTip(
            "\n".join(f"{layer}: {state}" for layer, state in list(self.match.layers.items())[:60])
        )

    def _tell(self) -> None:
        """Which layers keep their weights, and whether pictures come as these expect."""
        assert self.match is not None
        assert self._known is not None
        otherwise = discord(self._known.file.prepared, self._document.data)
        self.bar.normalize.setVisible(bool(otherwise))
        self._say(f"{self.match.sentence}. {otherwise}".rstrip())

    def _say(self, text: str) -> None:
        self.bar.text.setText(f"Starts from {Path(self._document.recipe.weights).name}: {text}")


def _written(path: Path) -> int:
    try:
        chosen = Run.open(path).state_file() if path.is_dir() else path
        return chosen.stat().st_mtime_ns
    except OSError:
        return 0
