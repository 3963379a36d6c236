"""A lab that trains networks side by side: curves overlaid, a row a network with its gap, the best epoch marked."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Iterator
from functools import partial

import pyqtgraph as pg
from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from workbench.gui.background import Background
from workbench.gui.labs.lab import Row
from workbench.gui.labs.race_table import RaceTable, colour_of
from workbench.gui.plain_plot import plain_plot
from workbench.gui.roomy_axis import WholeAxis
from workbench.gui.theme import Appearance, Theme
from workbench.gui.wrapped import Wrapped
from workbench.labs.race import METRICS, Lap, Variant, race
from workbench.labs.report import Section, races
from workbench.training import Epoch

_LOOK_MILLISECONDS = 100


class RaceLab(QWidget):
    """Who races is asked of ``line_up`` when it starts; ticks say who takes part."""

    def __init__(self, appearance: Appearance, line_up: Callable[[], list[Variant]], metric: str) -> None:
        super().__init__()
        self._theme = appearance.theme
        self._line_up = line_up
        self._variants = line_up()
        self._laps: dict[str, list[Epoch]] = {}
        self._news: deque[Lap] = deque()
        self._lines: dict[str, pg.PlotDataItem] = {}
        self._stars: dict[str, pg.ScatterPlotItem] = {}
        self._background = Background("race", self)
        self._background.done.connect(lambda _: self._end("All have finished."))
        self._background.failed.connect(lambda message, details: self._end(message))
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MILLISECONDS)
        self._timer.timeout.connect(self._look)
        self._build(metric)
        appearance.changed.connect(self._set_theme)
        self._set_theme(appearance.theme)

    # what others see

    @property
    def laps(self) -> dict[str, list[Epoch]]:
        """The epochs of each network so far."""
        return self._laps

    def measured(self) -> str:
        """What each network has come to by now, of what is shown."""
        shown = self.shown.currentText()
        value = METRICS[shown]
        if shown == "Validation loss":  # what is compared there is the star
            told = [f"{name} {min(map(value, epochs)):.3g}" for name, epochs in self._laps.items()]
        else:
            told = [f"{name} {value(epochs[-1]):.3g}" for name, epochs in self._laps.items()]
        words = "best validation loss" if shown == "Validation loss" else shown.lower()
        return f"{words}: {', '.join(told)}" if told else ""

    def report(self) -> Callable[[], list[Section]]:
        """What makes the report of what the race has come to by now."""
        return partial(races.race, *self._come_to())

    def _come_to(self) -> tuple[list[Variant], dict[str, tuple[Epoch, ...]], str, bool]:
        """Who races, what they have come to, and how it is drawn; what comes later does not change it."""
        laps = {name: tuple(epochs) for name, epochs in self._laps.items()}
        return list(self._variants), laps, self.shown.currentText(), self.log.isChecked()

    @property
    def running(self) -> bool:
        return self._timer.isActive()

    # building

    def _build(self, metric: str) -> None:
        self.start = QPushButton("Start")
        self.start.setAccessibleName("Start or stop the race")
        self.start.clicked.connect(lambda: self.stop() if self.running else self.begin())
        controls = self.controls = Row()
        controls.add(self.start)
        self.shown: QComboBox = controls.choice("shown", tuple(METRICS))
        self.shown.setCurrentText(metric)
        self.shown.currentTextChanged.connect(lambda _: self._draw())
        self.log = QCheckBox("log scale")
        self.log.toggled.connect(self._set_log)
        controls.add(self.log)
        controls.push()
        self.plot = plain_plot("Curves of the race", axisItems={"bottom": WholeAxis("bottom")})
        self.plot.setLabel("bottom", "epoch")
        self.plot.setMinimumHeight(110)
        self.table = RaceTable()
        self.table.ticked.connect(self._draw)
        self.told = Wrapped("muted", "Press Start: all of them train at once, an epoch of each in turn.")
        self.told.setAccessibleName("State of the race")
        self.plots = QHBoxLayout()
        self.plots.addWidget(self.plot, 3)
        layout = QVBoxLayout(self)
        layout.addWidget(controls)
        layout.addLayout(self.plots, 1)
        layout.addWidget(self.told)
        layout.addWidget(self.table)
        self.table.fill(self._variants)
        self.plot.setLabel("left", metric.lower())
        self.plot.tell_figures(False)

    # racing

    def take(self, line_up: Callable[[], list[Variant]]) -> None:
        """Have others race from now on."""
        self.stop()
        for item in (*self._lines.values(), *self._stars.values()):
            self.plot.removeItem(item)
        self._lines, self._stars, self._laps = {}, {}, {}
        self._line_up, self._variants = line_up, line_up()
        self.table.fill(self._variants)

    def racing(self, variants: list[Variant], check: Callable[[], object]) -> Iterator[Lap]:
        """How they race; called in a thread of its own."""
        return race(variants, check)

    def begin(self) -> None:
        """Start anew with everybody who is ticked."""
        self._variants = self._line_up()
        taking_part = [variant for row, variant in enumerate(self._variants) if self.table.takes_part(row)]
        if not taking_part:
            self.told.setText("Tick at least one network.")
            return
        self._laps = {}
        self.table.forget()
        self.train(taking_part)

    def train(self, taking_part: list[Variant]) -> None:
        """Have these race beside what the others have come to."""
        self._news.clear()
        self._draw()
        laps, news = self.racing(taking_part, self._background.check), self._news
        self._background.ask(lambda: _collect(laps, news))
        self._timer.start()
        self.start.setText("Stop")
        self.told.setText("Training …")

    def stop(self) -> None:
        """End the race where it is."""
        if self.running:
            self._background.forget()
            self._end("Stopped.")

    def leave(self) -> None:
        """End the race, and have no other."""
        self.stop()
        self._background.give_up()

    def _end(self, sentence: str) -> None:
        self._look()
        self._timer.stop()
        self.start.setText("Start")
        self.told.setText(sentence)
        self.ended()

    def ended(self) -> None:
        """For labs that show something of the finished race."""

    def heard(self, lap: Lap) -> None:
        """For labs that show more of a lap than its epoch."""

    def _look(self) -> None:
        """Take what has come since the last look, and draw it."""
        if not self._news:
            return
        while self._news:
            lap = self._news.popleft()
            if lap.epoch is not None:
                self._laps.setdefault(lap.variant, []).append(lap.epoch)
            self.heard(lap)
            if lap.waits:
                self.told.setText(lap.waits)
            if lap.finished is not None:
                row = [variant.name for variant in self._variants].index(lap.variant)
                self.table.tell_end(row, lap.finished.sentence)
        self._draw()

    # drawing

    def _draw(self) -> None:
        value = METRICS[self.shown.currentText()]
        self.plot.setLabel("left", self.shown.currentText().lower())
        self.plot.tell_figures(any(self._laps.values()))
        for row, variant in enumerate(self._variants):
            epochs = self._laps.get(variant.name, [])
            if variant.name not in self._lines:
                self._lines[variant.name] = self.plot.plot()
                self.plot.draw_with(self._lines[variant.name], colour_of(row))
                self._stars[variant.name] = star = pg.ScatterPlotItem(symbol="star", size=13)
                star.setBrush(colour_of(row))
                self.plot.addItem(star)
            shown = self.table.takes_part(row)
            points = [(epoch.epoch, value(epoch)) for epoch in epochs if math.isfinite(value(epoch))]
            alone = {"symbol": "o" if len(points) == 1 else None, "symbolBrush": colour_of(row)}
            self._lines[variant.name].setData([x for x, _ in points], [y for _, y in points], **alone)
            self._lines[variant.name].setVisible(shown)
            self._mark_best(variant.name, epochs, shown and self.shown.currentText() == "Validation loss")
            if epochs:
                self.table.tell(row, epochs)

    def _set_log(self, on: bool) -> None:
        self.plot.setLogMode(y=on)
        self._draw()

    def _mark_best(self, name: str, epochs: list[Epoch], shown: bool) -> None:
        best = min(epochs, key=lambda epoch: epoch.validation_loss, default=None)
        star = self._stars[name]
        star.setVisible(shown and best is not None)
        if best is not None:
            y = math.log10(best.validation_loss) if self.log.isChecked() else best.validation_loss
            star.setData([best.epoch], [y])

    def hideEvent(self, event: QHideEvent) -> None:
        if not event.spontaneous():  # a window that is only minimized goes on
            self.stop()

    def _set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.plot.dress(theme)
        self.plot.showGrid(x=False, y=True, alpha=0.15)


def _collect(laps: Iterator[Lap], news: deque[Lap]) -> None:
    for lap in laps:
        news.append(lap)
