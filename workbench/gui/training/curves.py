"""The loss and accuracy curves, live and lean, with those of other runs under them."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

import pyqtgraph as pg
from PySide6.QtCore import QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.gui.theme import Appearance, Theme
from workbench.gui.training.curve_lines import epoch_lines, other_lines, step_lines
from workbench.gui.training.curve_plot import CurvePlot
from workbench.gui.training.curves_bar import CurvesBar
from workbench.gui.training.diagnosis_bar import DiagnosisBar
from workbench.gui.training.growing import Growing
from workbench.gui.training.happenings import Happening
from workbench.gui.training.plot_keys import PlotKeys
from workbench.gui.training.plots import Plots
from workbench.gui.training.read_above import ReadAbove
from workbench.gui.training.reading_off import nearest, told_at
from workbench.gui.training.series import Series

pg.setConfigOptions(antialias=False, useOpenGL=False)

_STILL_MILLISECONDS = 100
_LATEST_SECONDS = 0.2
"""What is drawn may be older where no line has become a pixel longer."""

_MOST_POINTS = 12_000
"""Of a line of each other run, together: more would take longer than a frame while they are moved."""


class CurvesView(QWidget):
    """Two plots: what training says and, beside it, another figure of the person's choice; the learning rate below.

    A person who zooms in sees more points of the same curves once the view stands still.
    """

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._series = Series()
        self._growing: dict[str, dict[str, Growing]] = {}
        self._drawn = self._drawn_epochs = -1
        self._drawn_at = 0.0
        self._is_growing = False
        self._smoothing = 0.6
        self._others: list[tuple[str, Series]] = []
        self._happened: Sequence[Happening] = ()
        self._told = 0
        self._looked_at: dict[float, str] = {}
        self._read_out = ""
        self._ticks: list[int] = []
        self._together = Plots()
        self._plot, self._second, self._rates = self._together.losses, self._together.second, self._together.rates
        self._still = QTimer(self)
        self._still.setSingleShot(True)
        self._still.setInterval(_STILL_MILLISECONDS)
        self._still.timeout.connect(self._redraw)
        self.bar = CurvesBar(self._smoothing)
        self._above = ReadAbove(self)
        self.log_scale, self.reset = self.bar.log_scale, self.bar.reset
        self._build(appearance)
        appearance.changed.connect(self._set_theme)
        self._set_theme(appearance.theme)

    def _build(self, appearance: Appearance) -> None:
        self.diagnosis = DiagnosisBar(appearance)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 8, 10, 8)
        layout.setSpacing(6)
        layout.addWidget(self.diagnosis)
        layout.addWidget(self.bar)
        layout.addWidget(self._together, 1)
        self._together.room_changed.connect(self._redraw)
        self.log_scale.toggled.connect(self._set_log)
        self.reset.clicked.connect(self._reset)
        self.bar.smoothing.valueChanged.connect(self._smooth)
        self.bar.second.currentIndexChanged.connect(self._choose_second)
        for plot in self.plots:
            plot.pointed.connect(lambda place, at=plot: self._point(at, place))
            plot.moved.connect(self._hold)
            PlotKeys(plot).whole.connect(self._reset)

    @property
    def plots(self) -> tuple[CurvePlot, CurvePlot, CurvePlot]:
        """Losses, what is chosen beside them, and the learning rate."""
        return self._plot, self._second, self._rates

    @property
    def series(self) -> Series:
        """What is drawn."""
        return self._series

    @property
    def told(self) -> str:
        """What is read off under the mouse."""
        return self._read_out

    @property
    def run(self) -> str:
        """Whose curves are drawn."""
        return self.bar.run.text()

    def show_series(self, series: Series, run: str = "") -> None:
        """Draw this series from now on, which is of that run."""
        self.name_run(run)
        self._series, self._growing = series, {}
        self._happened, self._told, self._ticks = (), 0, []
        for plot in self.plots:
            plot.begin()
        self._redraw()

    def name_run(self, run: str) -> None:
        """Say whose curves these are."""
        self.bar.run.setText(run)

    def show_happenings(self, happened: Sequence[Happening]) -> None:
        """Mark what happened on the way: checkpoints as ticks, the rest as uprights with their words."""
        if len(happened) == self._told:
            return
        for number, one in enumerate(happened[self._told :], self._told):
            if one.kind == "checkpoint":
                self._ticks.append(one.step)
            else:
                self._plot.uprights.mark(f"{one.kind} {number}", float(one.step), one.words)
        self._happened, self._told = happened, len(happened)
        self._plot.uprights.ticks(self._ticks)

    def look_at(self, *steps: float, words: Sequence[str] = ()) -> None:
        """Mark the steps whose epochs are looked at in every plot, each with its words; none for the present."""
        self._looked_at = dict(zip(steps, words or [""] * len(steps), strict=True))
        for plot in self.plots:
            # Of plots that share their steps one bears the words.
            plot.uprights.look_at(self._looked_at if plot is self._plot else dict.fromkeys(self._looked_at, ""))

    def compare(self, others: list[tuple[str, Series]]) -> None:
        """Lay other runs' curves under this one's, by name, in place of those that lay there."""
        self._others = others
        self._draw_others()

    def choose_second(self, shown: str) -> None:
        """Show another figure beside the losses: one of `SHOWN`."""
        self.bar.second.setCurrentIndex(self.bar.second.findData(shown))

    def follow(self) -> None:
        """Draw the steps that have come where they can be seen: a line is a pixel longer, or what is drawn is old.

        A frame costs the training a millisecond, and most steps of a long training are less than a pixel wide.
        """
        is_old = time.monotonic() >= self._drawn_at + _LATEST_SECONDS
        if is_old or self._series.count - self._drawn >= self._plot.pixel:
            self.refresh()

    def refresh(self) -> None:
        """Draw the steps that have come since the last time; nothing where none has."""
        self._drawn_at = time.monotonic()
        series, sight = self._series, self._plot.sight
        if series.count == self._drawn or not self.isVisible():
            return
        is_anew, self._drawn = self._drawn < 0, series.count
        for plot, shown in self._shown() if series.count else ():
            lines = step_lines(series, shown, self._smoothing, sight, self._growing.setdefault(shown, {}))
            for number, (name, x, y, kind, first) in enumerate(lines):
                plot.line(name, x, y, kind, number, 0 if is_anew else first)
        self._reach()
        for plot in self.plots:
            plot.settle()

    def refresh_epochs(self) -> None:
        """Draw the epochs that have come since the last time, and say what the last one says."""
        epochs = self._series.epochs.copy()  # the training may finish another one meanwhile
        if len(epochs) == self._drawn_epochs or not self.isVisible():
            return
        self._drawn_epochs = len(epochs)
        if not epochs:
            return
        for plot, shown in self._shown():
            for name, x, y, kind in epoch_lines(self._series, shown):
                plot.line(name, x, y, kind)
            plot.settle()
        self._plot.gap()
        self._second.tell_beside(set(self._second.named) <= set(self._plot.named))
        best = next((epoch for epoch in reversed(epochs) if epoch.best), None)
        if best is not None:
            self._plot.uprights.mark("best", float(best.step), f"best: epoch {best.epoch}")
        if not self._looked_at:
            self.diagnosis.show_diagnosis(epochs[-1].epoch, epochs[-1].diagnosis, more_follow=self._is_growing)

    def expect_more(self, is_growing: bool) -> None:
        """Keep room for the steps that a training will bring, or show no more than there is."""
        self._is_growing = is_growing
        if not is_growing:
            self.diagnosis.setMinimumHeight(0)
        if self.isVisible():
            self._reach()

    # drawing

    def _shown(self) -> Iterator[tuple[CurvePlot, str]]:
        yield self._plot, "loss"
        yield self._second, self.bar.second.currentData()
        if not self._rates.isHidden():
            yield self._rates, "rate"

    def _redraw(self) -> None:
        self._drawn = self._drawn_epochs = -1
        self.refresh()
        self.refresh_epochs()
        self._draw_others()

    def _draw_others(self) -> None:
        if not self.isVisible():
            return
        sight, bins = self._plot.sight, max(24, min(256, _MOST_POINTS // max(1, 2 * len(self._others))))
        for plot, shown in self._shown():
            plot.show_others(
                [
                    (*line, number)
                    for number, (run, series) in enumerate(self._others)
                    for line in other_lines(run, series, shown, self._smoothing, sight, bins)
                ]
            )
        self._second.tell_beside(set(self._second.named) <= set(self._plot.named))
        self._reach()
        for plot in self.plots:
            plot.settle()

    def _reach(self) -> None:
        """Have the last step of all curves in sight."""
        ends = [float(one.column("step")[-1]) for one in (self._series, *dict(self._others).values()) if one.count]
        if ends:
            self._plot.reach(max(ends), self._is_growing)

    def _set_log(self, on: bool) -> None:
        for plot, shown in self._shown():
            plot.set_log(on and shown != "accuracy")
        self._redraw()

    def _smooth(self, value: int) -> None:
        self._smoothing = value / 100
        self._redraw()

    def _choose_second(self) -> None:
        self._second.begin(self.bar.second.currentText().lower())
        self.look_at(*self._looked_at, words=tuple(self._looked_at.values()))
        self._set_log(self.log_scale.isChecked())

    def _hold(self) -> None:
        """A person has zoomed or moved one of the plots, which share their steps."""
        for plot in self.plots:
            plot.hold()
        self._still.start()

    def _reset(self) -> None:
        for plot in self.plots:
            plot.follow()
        self._redraw()

    # reading off

    def _point(self, at: CurvePlot, place: tuple[float, float] | None) -> None:
        """Hair lines through all plots, and in words what stands there."""
        self._read_out = "\n".join(self._told_at(at, *place)) if place else ""
        words = self._read_out if at.crosshair.has_room(at, self._read_out) else ""
        for plot in self.plots:
            is_here = place is not None and plot is at
            plot.setAccessibleDescription(self._read_out * is_here)
            plot.cross(place[0] if place else None, place[1] if place and is_here else None, words * is_here)
        self._above.tell("" if words else self._read_out, self.bar.geometry())

    def _told_at(self, at: CurvePlot, step: float, value: float) -> Iterator[str]:
        has_norm = at is not self._plot and self.bar.second.currentData() == "norm"
        yield from told_at(self._series, self._happened, step, has_norm)
        other = nearest(at.lines, {name for name, _ in self._others}, step, value, at.is_log)
        if other is not None:
            yield other

    # looks

    def showEvent(self, event: QShowEvent) -> None:
        """What came while nobody looked."""
        super().showEvent(event)
        self._redraw()

    def _set_theme(self, theme: Theme) -> None:
        for plot in self.plots:
            plot.set_theme(theme)
