"""The room from which one looks at any epoch of the run that is shown: which run, which epoch, and who is told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QToolBar

from workbench.gui.background import Background
from workbench.gui.travel.bar import TimeBar
from workbench.gui.travel.comparison import EpochComparison
from workbench.gui.travel.moment import Film, Moment, open_film
from workbench.runs import Run

if TYPE_CHECKING:
    from workbench.gui.main_window import MainWindow


class TravelRoom(QObject):
    """The time bar of one window: of the training that runs, of the last one, or of a run that was opened."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window, self._session = window, window.session
        self._film: Film | None = None
        self.moment: Moment | None = None
        table = window.actions_table
        self.bar: TimeBar = TimeBar(window.appearance, table["now"], table["compare_epochs"])
        self._tools = QToolBar("Epochs", window)
        self._tools.setMovable(False)
        self._tools.setAutoFillBackground(True)
        self._tools.toggleViewAction().setVisible(False)
        self._tools.addWidget(self.bar)
        self._tools.hide()
        window.addToolBar(Qt.ToolBarArea.BottomToolBarArea, self._tools)
        self._comparison: EpochComparison | None = None
        self._opening = Background("recorded epochs", self)
        self._opening.done.connect(self._have)
        self._opening.failed.connect(lambda message, _: window.complain(message))
        self._reading = Background("recorded epoch", self)
        self._reading.done.connect(self._arrive)
        self._reading.failed.connect(lambda message, _: self.bar.tell(message))
        self.bar.travelled.connect(self._travel)
        self.bar.returned.connect(self._return)
        self._session.state_changed.connect(self._follow)
        window.document.opened.connect(self._leave)
        window.pages.currentChanged.connect(lambda _: self._show())
        window.picture.changed.connect(self._follow_picture)

    @property
    def has_epochs(self) -> bool:
        """Whether there is anything to look at again."""
        return self._film is not None and bool(self._film.epochs)

    @property
    def comparison(self) -> EpochComparison:
        """The window of two epochs; made when it is first asked for, because few ask and it takes a moment."""
        if self._comparison is None:
            self._comparison = EpochComparison(self._window.appearance, self._window)
            self._window.closed.connect(self._comparison.close)
        return self._comparison

    @property
    def film(self) -> Film | None:
        """The run that the bar is of."""
        return self._film

    def open(self, directory: Path) -> None:
        """Have the bar and the curves show this run, unless another is being trained."""
        if not self._session.active:
            self._opening.ask(lambda: open_film(Run.open(directory)))

    def refresh(self) -> None:
        """Take in what the training has recorded since; called by the window's timer."""
        film, recorded = self._film, self._session.recorded
        if film is None or film.reel.directory != self._session.directory or not recorded:
            return
        if recorded[-1] not in film.epochs:
            before = tuple(epoch for epoch in film.epochs if epoch < recorded[0])
            self._show_film(self._live(replace(film, epochs=before + tuple(recorded))))

    def compare(self) -> None:
        """Show two epochs beside each other: the one that is looked at, or the first, and the last."""
        film = self._film
        if film is None or not film.epochs:
            return
        layer = self._window.inspection.maps.layer
        left = film.epochs[0] if self.bar.epoch is None else self.bar.epoch
        self.comparison.show_film(film, left, film.epochs[-1], layer)
        self.comparison.show()
        self.comparison.raise_()
        self.comparison.activateWindow()

    # what follows from what

    def _follow(self, state: str) -> None:
        directory = self._session.directory
        if state == "preparing":
            self._leave()
        elif state in ("running", "idle") and directory is not None and self._session.started is not None:
            film = self._film
            if film is None or film.reel.directory != directory:
                series = self._session.series
                self._opening.ask(lambda: open_film(Run.open(directory), series))

    def _have(self, film: Film) -> None:
        if film.reel.directory == self._session.directory:
            film = self._live(film)
        elif self._session.active:
            return
        else:
            self._window.training.health.show_kept(film.name, film.graph, film.health)
        if not self._session.active:
            self._window.training.shown.show_run(film)
        self._show_film(film)
        self.refresh()

    def _live(self, film: Film) -> Film:
        """With what the window has of its own training, which grows."""
        session = self._session
        marks = tuple(session.happenings)
        return replace(film, series=session.series, health=(), happened=marks, history=session.health_history)

    def _show_film(self, film: Film) -> None:
        self._film = film
        self.bar.show_epochs(film.epochs)
        if self._comparison is not None:
            self._comparison.follow(film)
        self._show()
        self._window.show_state()

    def _leave(self, *_: object) -> None:
        """Another network was opened, or another training begins."""
        if self._session.active and self._session.state != "preparing":
            return
        self.bar.go_back_to_now()
        self._opening.forget()
        self._film = None
        if self._comparison is not None:
            self._comparison.hide()
        self._show()
        self._window.show_state()

    def _follow_picture(self, _: object) -> None:
        """Another picture was never recorded: it is looked at now. Images that were read anew change nothing."""
        if self._window.picture.is_chosen:
            self.bar.go_back_to_now()
        elif self.moment is not None:
            self._window.inspection.show_moment(self.moment)

    def _show(self) -> None:
        self._tools.setVisible(self.has_epochs and self._window.pages.shows_editor)

    def _travel(self, epoch: int) -> None:
        film = self._film
        if film is not None:
            self._reading.ask(lambda: film.moment(epoch))

    def _arrive(self, moment: Moment) -> None:
        if self.bar.epoch is None:
            return
        self.moment = moment
        self.bar.tell(moment.told)
        self._window.inspection.show_moment(moment)
        self._window.training.shown.show_moment(moment)

    def _return(self) -> None:
        self._reading.forget()
        self.moment = None
        self._window.inspection.show_moment(None)
        self._window.training.shown.show_moment(None)
