"""What has been trained is edited: which layers would keep their weights is told, and one click goes on with them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QPushButton

from workbench.graph import Graph
from workbench.gui.background import Background
from workbench.gui.training.line_above import LineAbove
from workbench.runs import Run, RunError, matched, read_source
from workbench.weights import Match, WeightsFile

if TYPE_CHECKING:
    from workbench.gui.main_window import MainWindow
    from workbench.project import Project
    from workbench.training import Finished


@dataclass(frozen=True, eq=False)
class _Trained:
    """A run of this window, its network, and once they were read the shapes of its weights."""

    directory: Path
    graph: Graph
    file: WeightsFile | None = None


class OfferBar(LineAbove):
    """A line: which layers would keep their weights, and whether they shall."""

    def __init__(self) -> None:
        self.take, self.decline = QPushButton("Go on from its weights"), QPushButton("Not now")
        super().__init__("What the edited network would keep of its training", self.take, self.decline)
        self.take.setToolTip("Start the next training from what was learnt, where name and shape still fit")
        self.decline.setToolTip("The next training begins with fresh weights")


class OfferRoom(QObject):
    """Follows the document after a training, until it starts from weights or another network is opened."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window, self._document, self._session = window, window.document, window.session
        self._trained: _Trained | None = None
        self.match: Match | None = None
        self.bar = OfferBar()
        self.bar.take.clicked.connect(lambda: window.attempt(self.take))
        self.bar.decline.clicked.connect(self._forget)
        window.editor.add_bar(self.bar)
        self._reading = Background("weights of what was trained", self)
        self._reading.done.connect(self._show)
        # A network that cannot run for now, or a run that is gone: there is nothing to offer.
        self._reading.failed.connect(lambda message, details: self._withdraw())
        self._document.changed.connect(self._follow)
        self._document.opened.connect(self._forget)
        self._session.state_changed.connect(lambda state: self._forget() if state == "preparing" else None)
        self._session.finished.connect(self._finish)

    @property
    def stands(self) -> bool:
        """Whether there is something to go on from."""
        return self.match is not None and bool(self.match.tensors)

    def take(self) -> None:
        """Have the next training go on from the run's weights."""
        if self._trained is not None:
            self._window.training.start.go_on_from(self._trained.directory)

    def follow_name(self, before: Path, now: Path) -> None:
        """A run is called otherwise."""
        if self._trained is not None and self._trained.directory == before:
            self._trained = replace(self._trained, directory=now)
            self._look()

    def _forget(self) -> None:
        self._trained = None
        self._reading.forget()
        self._withdraw()

    def _withdraw(self) -> None:
        self.match = None
        self.bar.hide()
        self._window.show_state()

    def _finish(self, finished: Finished) -> None:
        directory, project = self._session.directory, self._session.project
        if directory is not None and project is not None and finished.reason != "failed":
            self._trained = _Trained(directory, project.graph)
            self._look()

    def _follow(self, before: Project, after: Project) -> None:
        changed = before.graph != after.graph or before.recipe.weights != after.recipe.weights
        if changed and self._trained is not None:
            self._look()

    def _look(self) -> None:
        trained, graph = self._trained, self._document.graph
        if trained is None or self._document.recipe.weights or graph == trained.graph:
            self._reading.forget()
            self._withdraw()
            return
        self._reading.ask(lambda: self._read(trained, graph))

    def _read(self, trained: _Trained, graph: Graph) -> tuple[_Trained, Match] | None:
        """In the background's thread."""
        if trained.file is None:
            try:
                Run.open(trained.directory).state_file()
            except RunError:  # stopped before its first checkpoint
                return None
            file = read_source(trained.directory, self._reading.check)
            # Only shapes are looked at from here on.
            shapes = {name: value.to("meta") for name, value in file.tensors.items()}
            trained = replace(trained, file=replace(file, tensors=shapes))
        assert trained.file is not None
        return trained, matched(trained.file, graph)

    def _show(self, found: tuple[_Trained, Match] | None) -> None:
        if found is None or self._trained is None:
            return
        self._trained, self.match = found
        name = found[0].directory.name
        self.bar.text.setText(f"The network that {name} trained has changed: {_would(found[1])}.")
        self.bar.text.setToolTip("\n".join(f"{layer}: {state}" for layer, state in list(found[1].layers.items())[:60]))
        self.bar.take.setEnabled(self.stands)
        self.bar.show()
        self._window.show_state()


def _would(match: Match) -> str:
    """``4 layers keep their weights; new: conv2`` as something that has not happened yet."""
    return match.sentence.replace(" keeps ", " would keep ", 1).replace(" keep ", " would keep ", 1)
