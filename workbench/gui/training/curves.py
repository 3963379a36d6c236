"""The loss and accuracy curves, live and lean: at most a thousand points drawn of all that are kept."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLabel, QSlider, QToolButton, QVBoxLayout, QWidget

from workbench.gui.theme import Appearance, Theme
from workbench.gui.training.curve_plot import CurvePlot
from workbench.gui.training.diagnosis_bar import DiagnosisBar
from workbench.gui.training.series import Happening, Series, binned, smoothed

pg.setConfigOptions(antialias=False, useOpenGL=False)

_SHOWN = {
    "Accuracy": "accuracy",
    "Objective in its parts": "parts",
    "Learning rate": "rate",
    "Gradient norm": "norm",
}


class CurvesView(QWidget):
    """Two plots: what training says and, below it, one other figure of the person's choice."""

    exported = Signal(str)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._theme = appearance.theme
        self._series = Series()
        self._drawn = (-1, -1)
        self._smoothing = 0.6
        self._others: list[tuple[str, Series]] = []
        self._happened: Sequence[Happening] = ()
        self._told = 0
        self._plot = CurvePlot("loss")
        self._second = CurvePlot("accuracy")
        self._second.setXLink(self._plot)
        self._controls()
        plots = QHBoxLayout()
        plots.setSpacing(6)
        plots.addWidget(self._plot, 3)
        plots.addWidget(self._second, 2)
        self.diagnosis = DiagnosisBar(appearance)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 8, 10, 8)
        layout.setSpacing(6)
        layout.addWidget(self.diagnosis)
        layout.addLayout(self._row)
        layout.addLayout(plots, 1)
        appearance.changed.connect(self._set_theme)
        self._set_theme(self._theme)

    def _controls(self) -> None:
        self._log = QCheckBox("log scale")
        self._log.toggled.connect(self._set_log)
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setRange(0, 99)
        self._slider.setValue(round(self._smoothing * 100))
        self._slider.setFixedWidth(90)
        self._slider.setAccessibleName("Smoothing")
        self._slider.valueChanged.connect(self._smooth)
        self._choice = QComboBox()
        self._choice.setAccessibleName("Second plot")
        for title in _SHOWN:
            self._choice.addItem(title, _SHOWN[title])
        self._choice.currentIndexChanged.connect(self._choose_second)
        reset = QToolButton()
        reset.setText("Reset zoom")
        reset.clicked.connect(self._reset)
        self._read_out = QLabel()
        self._read_out.setProperty("role", "muted")
        self._plot.pointed.connect(self._point)
        self._row = QHBoxLayout()
        for widget in (self._log, QLabel("smoothing"), self._slider, reset, self._read_out):
            self._row.addWidget(widget)
        self._row.addStretch(1)
        self._row.addWidget(self._choice)

    @property
    def plots(self) -> tuple[pg.PlotWidget, ...]:
        return self._plot, self._second

    @property
    def series(self) -> Series:
        """What is drawn."""
        return self._series

    def show_series(self, series: Series) -> None:
        """Draw this series from now on."""
        self._series = series
        self._drawn = (-1, -1)
        self._happened, self._told = (), 0
        self._plot.begin()
        self._second.begin()
        self.refresh()

    def show_happenings(self, happened: Sequence[Happening]) -> None:
        """Mark what happened on the way: checkpoints as ticks, the rest as uprights with their words."""
        if len(happened) == self._told:
            return
        self._happened, self._told = happened, len(happened)
        self._mark_happenings()

    def _mark_happenings(self) -> None:
        self._plot.ticks([one.step for one in self._happened if one.kind == "checkpoint"])
        for number, one in enumerate(self._happened):
            if one.kind != "checkpoint":
                self._plot.mark(f"{one.kind} {number}", float(one.step), one.words)

    def compare(self, others: list[tuple[str, Series]]) -> None:
        """Lay other runs' curves under this one's, by name."""
        self._others = others
        self._redraw()

    def refresh(self) -> None:
        """Draw what has come since the last time; nothing where nothing has."""
        state = (self._series.count, len(self._series.epochs))
        if state == self._drawn or not self.isVisible():
            return
        epochs_changed = state[1] != self._drawn[1]
        self._drawn = state
        self._draw_steps()
        if epochs_changed:
            self._draw_epochs()

    def _redraw(self) -> None:
        self._drawn = (-1, -1)
        self.refresh()

    def _draw_steps(self) -> None:
        series = self._series
        steps, losses = series.column("step"), series.column("data_loss")
        count = min(len(steps), len(losses))
        if not count:
            return
        x, y = binned(steps[:count], losses[:count])
        self._plot.line("raw", x, y)
        self._plot.line("training", x, smoothed(y, self._smoothing))
        last_epoch = series.epochs[-1].step if series.epochs else 0
        self._plot.reach(max(float(steps[count - 1]), last_epoch))
        shown = self._choice.currentData()
        if shown in ("parts", "rate", "norm"):
            names = {"rate": ["learning_rate"], "norm": ["gradient_norm"], "parts": ["data_loss", "l1_term", "l2_term"]}
            for name in names[shown]:
                bx, by = binned(steps[:count], series.column(name)[:count])
                self._second.line(name, bx, smoothed(by, 0 if shown == "rate" else self._smoothing))

    def _draw_epochs(self) -> None:
        epochs = self._series.epochs.copy()  # the training may finish another one meanwhile
        if not epochs:
            return
        steps = np.array([e.step for e in epochs], float)
        training = np.array([e.train_loss_eval for e in epochs], float)
        validation = np.array([e.validation_loss for e in epochs], float)
        self._plot.line("training, eval mode", steps, training)
        self._plot.line("validation", steps, validation)
        self._plot.gap(steps, training, validation)
        best = [e for e in epochs if e.best]
        self._plot.mark("best", float(best[-1].step) if best else None, "best epoch" if best else "")
        if self._choice.currentData() == "accuracy":
            self._second.line("training", steps, np.array([e.train_accuracy_eval for e in epochs], float))
            self._second.line("validation", steps, np.array([e.validation_accuracy for e in epochs], float))
        self.diagnosis.show_diagnosis(epochs[-1].epoch, epochs[-1].diagnosis)
        for number, (name, other) in enumerate(self._others):
            x = np.array([e.step for e in other.epochs], float)
            y = np.array([e.validation_loss for e in other.epochs], float)
            self._plot.line(f"{name}", x, y, number)

    def _set_log(self, on: bool) -> None:
        self._plot.set_log(on)
        self._redraw()

    def _smooth(self, value: int) -> None:
        self._smoothing = value / 100
        self._redraw()

    def _choose_second(self) -> None:
        self._second.begin(self._choice.currentText().lower())
        self._redraw()

    def _reset(self) -> None:
        self._plot.follow()
        self._second.follow()
        self._redraw()

    def _point(self, step: float, value: float) -> None:
        steps = self._series.column("step")
        if not len(steps):
            return
        place = int(np.clip(np.searchsorted(steps, step), 0, len(steps) - 1))
        loss = float(self._series.column("data_loss")[place])
        epoch = next((e for e in self._series.epochs if e.step >= step), None)
        told = f"step {int(steps[place]):,}: training {loss:.4f}"
        if epoch is not None and not math.isnan(epoch.validation_loss):
            told += f", epoch {epoch.epoch}: validation {epoch.validation_loss:.4f} ({epoch.validation_accuracy:.1%})"
        near = [one for one in self._happened if abs(one.step - step) <= max(1.0, 0.01 * float(steps[-1]))]
        if near:
            told += f"; {near[-1].words} after step {near[-1].step:,}"
        self._read_out.setText(told)

    def _set_theme(self, theme: Theme) -> None:
        self._theme = theme
        for plot in (self._plot, self._second):
            plot.set_theme(theme)
        self._redraw()
