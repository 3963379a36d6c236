"""The room where networks are trained: what is done with a training, and what its panels show of it."""

from __future__ import annotations

import math
import time
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from workbench.gui import places
from workbench.gui.scrolled import Scrolled
from workbench.gui.training.confusion import ConfusionPanel
from workbench.gui.training.curve_export import export_curves
from workbench.gui.training.curves import CurvesView
from workbench.gui.training.frames import Frames
from workbench.gui.training.hardest import HardestPanel
from workbench.gui.training.health_room import HealthRoom
from workbench.gui.training.history import HistoryPanel
from workbench.gui.training.mistakes import Mistakes
from workbench.gui.training.mistakes_panel import MistakesPanel
from workbench.gui.training.offer_room import OfferRoom
from workbench.gui.training.other_network import OtherNetworkBar
from workbench.gui.training.preflight import PreflightPanel
from workbench.gui.training.remedy import apply_remedy
from workbench.gui.training.shown_run import ShownRun
from workbench.gui.training.start_room import StartRoom
from workbench.gui.training.variants import VariantsWindow
from workbench.project import make_folders
from workbench.runs import Review, Run, new_directory

if TYPE_CHECKING:
    from workbench.gui.main_window import MainWindow
    from workbench.training import Finished

_GLANCE_SECONDS = 0.1
"""Between two looks at the maps, at least."""

_SECONDS_BETWEEN_WORDS = 0.2
"""Of the five that tell something in words or figures each has its turn once a second."""


class TrainingRoom(QObject):
    """Curves, confusion matrix and runs of one window, and the training that they show."""

    def __init__(self, window: MainWindow, curves: CurvesView, preflight: PreflightPanel) -> None:
        super().__init__(window)
        self._window, self._document, self._session = window, window.document, window.session
        self._epochs_seen = self._told = 0
        self._told_at = 0.0
        self.curves: CurvesView = curves
        self.preflight: PreflightPanel = preflight
        self.other_network = OtherNetworkBar(self._document, self._session)
        self.other_network.open.clicked.connect(lambda: window.attempt(self.open_trained))
        window.editor.add_bar(self.other_network)
        self.confusion = ConfusionPanel(window.appearance)
        self.history: HistoryPanel = HistoryPanel(places.runs, window.attempt)
        self.mistakes = Mistakes(self)
        self.mistakes_panel = MistakesPanel(window.appearance)
        self.hardest: HardestPanel = HardestPanel(self._document, window.attempt)
        self.health = HealthRoom(window)
        self.shown = ShownRun(self.curves, self.confusion, self.health)
        self.start: StartRoom = StartRoom(window)
        self.offer: OfferRoom = OfferRoom(window)
        self._frames = Frames(self)
        self._frames.timeout.connect(self._frame)
        self._connect()
        window.workspace.put("Curves", self.curves)
        window.workspace.put("Confusion", self.confusion)
        window.workspace.put("Mistakes", self.mistakes_panel)
        window.workspace.put("Runs", self.history)
        window.workspace.put("Pre-flight", Scrolled(self.preflight))
        window.workspace.put("Hardest", self.hardest)
        self.history.refresh()

    # what actions and buttons call

    def train(self, steps: float = math.inf, epochs: float = math.inf) -> None:
        """Train the project as it is now; later edits do not touch the run. Pauses after so many steps or epochs."""
        if self._session.active:
            self._session.go_on(steps, epochs)
            return
        window, images = self._window, self._window.images
        if images.state in ("away", "cancelled", "failed"):
            window.complain(images.sentence)
            window.workspace.reveal("Data")
            return
        window.pages.show_editor()
        make_folders(places.runs())
        directory = new_directory(places.runs(), self._document.title)
        self._session.start(self._document.project, directory, images.lend, steps, epochs)
        window.inspection.watch_layer()
        self.curves.diagnosis.say("Training …")
        window.workspace.reveal("Curves")

    def one_step(self) -> None:
        """Train for a single batch, then pause."""
        self.train(steps=1)

    def one_epoch(self) -> None:
        """Train to the end of the epoch, then pause."""
        self.train(epochs=1)

    def resume(self, directory: Path) -> None:
        """Go on with a run from its last checkpoint."""
        window = self._window
        if self._session.active:
            window.complain("A training runs already; stop it before going on with another.")
            return
        window.pages.show_editor()
        self._session.resume(directory, window.images.lend)
        window.inspection.watch_layer()
        window.workspace.reveal("Curves")

    def compare_variants(self, directory: Path | None = None) -> VariantsWindow:
        """Have variants of a run, or of the project as it is now, race in a window of their own."""
        project = self._document.project if directory is None else Run.open(directory).project
        of = self._document.title if directory is None else directory.name
        for before in self._window.findChildren(VariantsWindow):
            if not before.isVisible():
                before.deleteLater()
        opened = VariantsWindow(project, of, places.runs, self._window.appearance, self._window)
        opened.kept.connect(self.history.refresh)
        opened.show()
        return opened

    def examine(self) -> None:
        """What can be known before the first step."""
        self._window.pages.show_editor()
        self._window.workspace.reveal("Pre-flight")
        self.preflight.begin()

    def pause_or_go_on(self) -> None:
        if self._session.state == "paused":
            self._session.go_on()
        else:
            self._session.pause()

    def open_run(self, directory: Path) -> None:
        """Open the network that a run was made from, with its weights, from which it can go on."""
        if self._window.files.open_project(Run.open(directory).project):
            self.start.go_on_from(directory)
            self._window.travel.open(directory)
            self.mistakes_panel.show_run(directory)
            self.hardest.show_run(directory)
        self._window.inspection.previewer.use_weights_of(directory)

    def open_trained(self) -> None:
        """Open the network that is trained, or was last, as it was when its training began."""
        if self._session.project is not None:
            self._window.files.open_project(self._session.project)

    def export_curves(self) -> None:
        name = str(Path.home() / f"{self._document.title}.png")
        kinds = "Picture (*.png);;Drawing (*.svg);;Every number (*.csv)"
        given, _ = QFileDialog.getSaveFileName(self._window, "Export the curves", name, kinds)
        if given:
            export_curves(self.curves, Path(given))
            self._window.tell(f"Wrote {given}.")

    # what follows from what

    def _connect(self) -> None:
        window, session = self._window, self._session
        attempt = window.attempt
        self.curves.diagnosis.chosen.connect(lambda words: attempt(lambda: apply_remedy(window, words)))
        self.history.overlaid.connect(self.curves.compare)
        self.history.network_wanted.connect(lambda path: attempt(lambda: self.open_run(Path(path))))
        self.history.renamed.connect(lambda before, now: self._follow_name(Path(before), Path(now)))
        self.history.resume_wanted.connect(lambda path: attempt(lambda: self.resume(Path(path))))
        self.history.variants_wanted.connect(lambda path: attempt(lambda: self.compare_variants(Path(path))))
        self.confusion.cell_chosen.connect(
            lambda true, called: self.mistakes.look_for(self.shown.directory, true, called)
        )
        self.confusion.picked.connect(lambda place: window.picture.take(place, "validation"))
        self.mistakes.found.connect(self.confusion.show_images)
        self.mistakes_panel.picked.connect(self._look_at)
        seen = window.workspace.is_seen
        window.workspace.seen_changed.connect(lambda: self.mistakes_panel.set_seen(seen("Mistakes")))
        for told in (self.history.chosen, self.hardest.counted, self.preflight.offered):
            told.connect(window.show_state)
        window.actions_table["train"].enabledChanged.connect(self.hardest.again.setEnabled)
        self.hardest.again_wanted.connect(lambda: attempt(self.train))
        self._document.opened.connect(self._take_leave)
        session.state_changed.connect(self._follow)
        session.finished.connect(self._finish)

    def _follow(self, state: str) -> None:
        if state == "preparing":
            self.curves.expect_more(True)
            self._show_series()
            self._epochs_seen = 0
            self._window.tell("")
            self._frames.begin()
        elif state == "running":
            self.history.refresh()
        elif state == "idle":
            self.history.refresh()
            self._frame()
            self.curves.expect_more(False)
            self._frames.stop()

    def _take_leave(self) -> None:
        """Another project is open: what a training of the one before has left is not about it; it stands under Runs."""
        if self._session.active:
            return
        self.shown.forget()
        self.mistakes.forget()
        self.mistakes_panel.show_run(None)
        self.hardest.clear()
        self._window.status.clear()

    def _follow_name(self, before: Path, now: Path) -> None:
        """A run is called otherwise, which may be the one that is shown."""
        previewer = self._window.inspection.previewer
        self.offer.follow_name(before, now)
        if self._session.directory == before:
            self._session.directory = now
        self.shown.follow_name(before, now)
        if previewer.run == before:
            previewer.use_weights_of(now)

    def _look_at(self, asked: Review, place: int) -> None:
        """Look at a validation image of a run, whose images may not be those of the open project."""
        picture, part = self._window.picture, asked.dataset.validation
        here = picture.dataset.validation if picture.dataset is not None else None
        same = picture.dataset is not None and picture.dataset.source == asked.dataset.source
        if same and here is not None and len(here) == len(part) and bool((here.indices == part.indices).all()):
            picture.take(place, "validation")
            return
        truth = asked.dataset.classes[int(asked.verdicts.labels[place])]
        picture.take_given(asked.pixels([place])[0], truth, f"validation image {place} of {asked.run.directory.name}")

    def _show_series(self) -> None:
        directory = self._session.directory
        self.curves.show_series(self._session.series, directory.name if directory else "")

    def _frame(self) -> None:
        """Take what has come since the last look, and draw it.

        What is read is told in turns: it could not be read if it changed faster, and all at once would take longer
        than a frame.
        """
        window, session = self._window, self._session
        if self.curves.series is not session.series:
            self._show_series()
        is_over = session.state == "idle"
        if is_over:
            self.curves.refresh()
        else:
            self.curves.follow()
        window.inspection.follow_training()
        self._tell(is_over)
        self._frames.end_frame()
        session.watch.seconds = max(_GLANCE_SECONDS, self._frames.seconds)

    def _tell(self, is_over: bool) -> None:
        tells = (self._tell_figures, self._tell_epochs, self.health.follow, self._tell_run, self._tell_message)
        if is_over:
            for tell in tells:
                tell()
        elif time.monotonic() >= self._told_at + _SECONDS_BETWEEN_WORDS:
            self._told, self._told_at = self._told + 1, time.monotonic()
            tells[self._told % len(tells)]()

    def _tell_figures(self) -> None:
        self._window.status.refresh()
        self._window.rate.refresh()

    def _tell_epochs(self) -> None:
        self.curves.show_happenings(self._session.happenings)
        self.curves.refresh_epochs()

    def _tell_run(self) -> None:
        """The last epoch's figures, and that it can be looked at again."""
        session = self._session
        epochs, started = session.series.epochs, session.started
        if epochs and started is not None and session.directory is not None and len(epochs) != self._epochs_seen:
            self._epochs_seen = len(epochs)
            self.shown.follow(session.directory, epochs[-1], started.classes)
        self._window.travel.refresh()

    def _tell_message(self) -> None:
        if self._session.messages:
            self._window.tell(self._session.messages.popleft())

    def _finish(self, finished: Finished) -> None:
        if finished.traceback:
            self._window.errors.show(finished.sentence, finished.traceback)
        self._window.tell(finished.sentence)
        if self._session.directory is not None and finished.reason != "failed":
            self.hardest.show_run(self._session.directory)
            self.mistakes_panel.show_run(self._session.directory)
        if not self.other_network.is_of_another:
            self._window.inspection.previewer.use_weights_of(self._session.directory)
