"""The run whose curves and figures the panels show: the one that trains, one that was opened, an epoch of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workbench.gui.training.confusion import ConfusionPanel
    from workbench.gui.training.curves import CurvesView
    from workbench.gui.training.health_room import HealthRoom
    from workbench.gui.travel.moment import Film, Moment
    from workbench.training import Epoch


class ShownRun:
    """One run at a time. While an epoch of it is looked at again, what comes meanwhile is kept for afterwards."""

    def __init__(self, curves: CurvesView, confusion: ConfusionPanel, health: HealthRoom) -> None:
        self._curves, self._confusion, self._health = curves, confusion, health
        self._is_past = False
        self._last: tuple[Epoch, tuple[str, ...]] | None = None
        self.directory: Path | None = None

    def show_run(self, film: Film) -> None:
        """Show the curves and the confusion matrix of a run that was read from its directory."""
        self._curves.show_series(film.series, film.name)
        self._curves.show_happenings(film.happened)
        self.directory = film.reel.directory
        if film.series.epochs:
            last = film.series.epochs[-1]
            self._show_epoch(last, film.classes)
            self._curves.diagnosis.show_diagnosis(last.epoch, last.diagnosis)

    def show_moment(self, moment: Moment | None) -> None:
        """Show what is looked at again, or the present."""
        self._is_past = moment is not None
        self._health.show_moment(moment)
        self._curves.look_at(*([float(moment.record.step)] if moment else []))
        shown = (moment.figures, moment.classes) if moment is not None and moment.figures is not None else self._last
        if shown is not None:
            self._confusion.show_epoch(*shown, self._name)
            self._curves.diagnosis.show_diagnosis(shown[0].epoch, shown[0].diagnosis, more_follow=self._is_past)

    def follow(self, directory: Path, epoch: Epoch, classes: tuple[str, ...]) -> None:
        """An epoch of the run that trains is over."""
        self.directory = directory
        self._show_epoch(epoch, classes)

    def follow_name(self, before: Path, now: Path) -> None:
        """A run is called otherwise, which may be this one."""
        if self.directory == before:
            self.directory = now
        if self._curves.run == before.name:
            self._curves.name_run(now.name)

    def forget(self) -> None:
        """Show none any more."""
        from workbench.gui.training.series import Series

        self._last, self._is_past = None, False
        self._curves.show_series(Series())
        self._curves.diagnosis.clear()
        self._confusion.clear()

    @property
    def _name(self) -> str:
        return self.directory.name if self.directory else ""

    def _show_epoch(self, epoch: Epoch, classes: tuple[str, ...]) -> None:
        self._last = (epoch, classes)
        if not self._is_past:
            self._confusion.show_epoch(epoch, classes, self._name)
