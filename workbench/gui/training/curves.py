"""The loss and accuracy curves, live and lean: at most a thousand points drawn of all that are kept."""

from __future__ import annotations

import math

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLabel, QSlider, QToolButton, QVBoxLayout, QWidget

from workbench.gui.theme import Appearance, Theme
from workbench.gui.training.diagnosis_bar import DiagnosisBar
from workbench.gui.training.series import Series, binned, smoothed

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
        self._plot = _Plot("loss")
        self._second = _Plot("accuracy")
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
        self._plot.begin()
        self._second.begin()
        self.refresh()

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
        epochs = self._series.epochs
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
        self._read_out.setText(told)

    def _set_theme(self, theme: Theme) -> None:
        self._theme = theme
        for plot in (self._plot, self._second):
            plot.set_theme(theme)
        self._redraw()


class _Plot(pg.PlotWidget):
    """A plot whose range doubles when it is full instead of following every point."""

    pointed = Signal(float, float)

    def __init__(self, title: str) -> None:
        super().__init__()
        self._title = title
        self._lines: dict[str, pg.PlotDataItem] = {}
        self._marks: dict[str, pg.InfiniteLine] = {}
        self._fill: pg.FillBetweenItem | None = None
        self._reach = 0.0
        self._following = True
        self.setMenuEnabled(False)
        self.hideButtons()
        self.setMinimumHeight(110)
        item = self.getPlotItem()
        item.setContentsMargins(2, 4, 8, 2)
        self._legend = item.addLegend(offset=(-8, 6), labelTextSize="8pt", verSpacing=-4)
        item.getViewBox().sigRangeChangedManually.connect(self._moved_by_hand)
        self.scene().sigMouseMoved.connect(self._tell_point)

    def begin(self, title: str = "") -> None:
        """Forget every line."""
        self._title = title or self._title
        self.clear()
        self._legend.clear()
        self._lines, self._marks, self._fill, self._reach = {}, {}, None, 0.0
        self.follow()
        self.set_theme(self._theme)

    def follow(self) -> None:
        """Let the range follow the data again."""
        self._following = True
        self.enableAutoRange("y", True)
        if self._reach:
            self.setXRange(0, self._reach, padding=0.01)

    def reach(self, step: float) -> None:
        """Make room up to a step: twice as much as is needed, so that there is rarely anything to do."""
        if step <= self._reach:
            return
        self._reach = max(64.0, step * 1.6)
        if self._following:
            self.setXRange(0, self._reach, padding=0.01)

    def set_log(self, on: bool) -> None:
        self.setLogMode(False, on)

    def line(self, name: str, x: np.ndarray, y: np.ndarray, number: int = -1) -> None:
        """Draw, or draw anew, the line of that name."""
        if name not in self._lines:
            shown = None if name == "raw" else name
            self._lines[name] = self.plot(
                pen=self._pen(name, number), name=shown, skipFiniteCheck=False, connect="finite"
            )
        self._lines[name].setData(x, y)

    def gap(self, x: np.ndarray, low: np.ndarray, high: np.ndarray) -> None:
        """Fill the generalization gap between the two curves."""
        if self._fill is None and "validation" in self._lines:
            self._fill = pg.FillBetweenItem(self._lines["training, eval mode"], self._lines["validation"])
            self._fill.setZValue(-5)
            self._fill.setBrush(self._gap_brush())
            self.addItem(self._fill)

    def mark(self, name: str, x: float | None, text: str) -> None:
        """A dashed upright at x."""
        if name not in self._marks:
            if x is None:
                return
            self._marks[name] = pg.InfiniteLine(
                x, 90, label=text, labelOpts={"position": 0.92, "color": self._theme.muted}
            )
            self._marks[name].setPen(pg.mkPen(self._theme.muted, style=Qt.PenStyle.DashLine))
            self.addItem(self._marks[name])
        elif x is not None:
            self._marks[name].setValue(x)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.setBackground(theme.surface)
        item = self.getPlotItem()
        item.setLabel("left", self._title, color=theme.muted)
        item.setLabel("bottom", "step", color=theme.muted)
        for side in ("left", "bottom"):
            axis = item.getAxis(side)
            axis.setPen(theme.border)
            axis.setTextPen(theme.muted)
        item.showGrid(x=False, y=True, alpha=0.15)
        self._legend.setLabelTextColor(theme.text)
        for _, label in self._legend.items:
            label.setText(label.text, color=theme.text)
        for number, (name, line) in enumerate(self._lines.items()):
            line.setPen(self._pen(name, number))
        if self._fill is not None:
            self._fill.setBrush(self._gap_brush())

    def _gap_brush(self) -> object:
        colour = QColor(self._theme.gap)
        colour.setAlpha(40)
        return pg.mkBrush(colour)

    def _pen(self, name: str, number: int) -> object:
        theme = self._theme
        pale = QColor(theme.training)
        pale.setAlpha(80)
        known: dict[str, object] = {
            "raw": pg.mkPen(pale, width=1),
            "training": pg.mkPen(theme.training, width=2),
            "training, eval mode": pg.mkPen(theme.training, width=1, style=Qt.PenStyle.DashLine),
            "validation": pg.mkPen(theme.validation, width=2),
        }
        shades = list(theme.categories.values())
        return known.get(name) or pg.mkPen(shades[(number + 1) % len(shades)], width=1.5)

    def _moved_by_hand(self, *_: object) -> None:
        self._following = False

    def _tell_point(self, position: object) -> None:
        box = self.getPlotItem().getViewBox()
        if box.sceneBoundingRect().contains(position):
            point = box.mapSceneToView(position)
            self.pointed.emit(point.x(), point.y())
