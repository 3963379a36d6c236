"""What can be known before the first step, as a panel: memory, labels, ten images by heart, a learning rate."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from workbench.gui.background import Background
from workbench.gui.data.images import Images
from workbench.gui.document import Document
from workbench.gui.figures import plain, size
from workbench.gui.own_keys import OwnKeys
from workbench.gui.plain_plot import plain_plot
from workbench.gui.theme import Appearance, Theme
from workbench.gui.training.session import TrainingSession
from workbench.project import Project
from workbench.runs import start_of
from workbench.training import Control
from workbench.training.preflight import (
    LabelReport,
    MemoryReport,
    OverfitReport,
    RangeReport,
    examine_labels,
    examine_memory,
    overfit_few,
    range_test,
)

_LOOK_MILLISECONDS = 100
_CHANGED = "The network or its images have changed since: examine them again."
_NOTHING = (
    "Before the first step: memory, labels, ten images by heart, and a learning rate.", "Memory: not examined yet.",
    "Labels: not examined yet.", "Ten images by heart: not tried yet.", "Learning rate: not tried yet.",
)  # fmt: skip
_SHIFT = 0.05
"""By how much a key moves the line, in powers of ten."""

Report = MemoryReport | LabelReport | OverfitReport | RangeReport


class PreflightPanel(QWidget):
    """Examines the project as it is; what it recommends is taken over with a button, as one step to undo.

    ``offered`` when there are other recommendations, or none any more.
    """

    offered = Signal()

    def __init__(
        self,
        document: Document,
        images: Images,
        session: TrainingSession,
        appearance: Appearance,
        attempt: Callable[[Callable[[], object]], None],
    ) -> None:
        super().__init__()
        self._document, self._images, self._session, self._attempt = document, images, session, attempt
        self._control = Control()
        self._heart: list[tuple[float, float]] = []
        self._rates: list[tuple[float, float]] = []
        self.reports: list[Report] = []
        self._told = 0
        self._examined = document.project
        self._sentence = ""
        self._build(appearance)
        self._background = Background("pre-flight", self)
        self._background.done.connect(lambda _: self._end("Done. Nothing of the network that is open was touched."))
        self._background.failed.connect(lambda message, details: self._end(message))
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MILLISECONDS)
        self._timer.timeout.connect(self._look)
        document.opened.connect(self._forget)
        document.changed.connect(lambda *_: self._follow())
        appearance.changed.connect(self._set_theme)
        self._set_theme(appearance.theme)
        self._forget()

    @property
    def running(self) -> bool:
        return self._timer.isActive()

    @property
    def state(self) -> str:
        """What the panel says of itself."""
        return self._state.text()

    # building

    def _build(self, appearance: Appearance) -> None:
        self.start = QPushButton("Examine")
        self.start.clicked.connect(lambda: self.stop() if self.running else self.begin())
        self._labels = self._state, self.memory, self.labels, self.heart, self.range = tuple(QLabel() for _ in _NOTHING)
        for label in self._labels:
            label.setWordWrap(True)
            label.setAlignment(Qt.AlignmentFlag.AlignVCenter if label is self._state else Qt.AlignmentFlag.AlignTop)
        self._state.setProperty("role", "muted")
        self.use_batch, self.use_rate = QPushButton(), QPushButton()
        self.use_batch.clicked.connect(lambda: self._attempt(self._take_batch))
        self.use_rate.clicked.connect(lambda: self._attempt(self._take_rate))
        self.heart_plot = _plot("step", "loss")
        self.range_plot = _plot("learning rate", "loss")
        self.range_plot.setLogMode(x=True, y=False)
        self._heart_line, self._range_line = self.heart_plot.plot(), self.range_plot.plot()
        self.chosen: Any = pg.InfiniteLine(angle=90, movable=True)
        self.chosen.sigPositionChanged.connect(lambda _: self._name_rate())
        self.range_plot.addItem(self.chosen)
        self.range_plot.scene().sigMouseClicked.connect(self._choose_rate)
        OwnKeys(self.range_plot, {"Left": lambda: self._shift_rate(-1), "Right": lambda: self._shift_rate(1)})
        top = QHBoxLayout()
        top.addWidget(self.start)
        top.addWidget(self._state, 1)
        words = QVBoxLayout()
        for widget in (self.memory, self.use_batch, self.labels):
            words.addWidget(widget)
        words.addStretch(1)
        grid = QGridLayout()
        grid.setHorizontalSpacing(14)
        grid.addLayout(words, 0, 0, 2, 1)
        grid.addWidget(self.heart, 0, 1)
        grid.addWidget(self.heart_plot, 1, 1)
        rate = QVBoxLayout()
        rate.addWidget(self.range, 1)
        rate.addWidget(self.use_rate)
        grid.addLayout(rate, 0, 2)
        grid.addWidget(self.range_plot, 1, 2)
        grid.setRowStretch(1, 1)
        for column, stretch in enumerate((3, 4, 4)):
            grid.setColumnStretch(column, stretch)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 6, 10, 6)
        layout.addLayout(top)
        layout.addLayout(grid, 1)

    # examining

    def begin(self) -> None:
        """Examine the project as it is now; networks of their own are trained for it."""
        if self._session.active:
            self._state.setText("A training runs: it would lose time to this. Pause is not enough; stop it first.")
            return
        self._forget()
        self._control = Control()
        self.heart.setText("Ten images by heart …")
        self.range.setText("Learning rate …")
        project, control = self._document.project, self._control
        self._examined = project
        self._background.ask(lambda: self._examine(project, control))
        self._timer.start()
        self.start.setText("Stop")
        self._state.setText("Examining …")

    def stop(self) -> None:
        """End the examination where it is."""
        if self.running:
            self._control.stop()
            self._background.forget()
            self._end("Stopped.")

    def _forget(self) -> None:
        """Show nothing: what was found was another project's, or is to be found anew."""
        self.stop()
        self._heart, self._rates, self.reports, self._told = [], [], [], 0
        for line, plot in ((self._heart_line, self.heart_plot), (self._range_line, self.range_plot)):
            line.setData([], [])
            plot.tell_figures(False)
        for shown in (self.use_batch, self.use_rate, self.chosen):
            shown.hide()
        for label, text in zip(self._labels, _NOTHING, strict=True):
            label.setText(text)
        self.offered.emit()

    def _follow(self) -> None:
        """Say so where what was found is of another network or other images than those that are here now."""
        if self.reports and not self.running:
            now, then = self._document.project, self._examined
            self._state.setText(self._sentence if (now.graph, now.data) == (then.graph, then.data) else _CHANGED)

    def _examine(self, project: Project, control: Control) -> None:
        """In the background's thread: appends, and touches no widget."""
        graph, recipe, found = project.graph, project.recipe, self.reports
        heart, rates = self._heart, self._rates
        found.append(examine_memory(graph, recipe))
        dataset = self._images.lend(project.data, graph.shape, lambda *_: control.check())
        found.append(examine_labels(dataset, control))
        begins = start_of(project, control.check)
        weights = begins.match.tensors if begins else None
        found.append(overfit_few(graph, dataset, recipe, control, lambda x, y: heart.append((x, y)), weights))
        found.append(range_test(graph, dataset, recipe, control, lambda x, y: rates.append((x, y)), weights))

    def _end(self, sentence: str) -> None:
        self._look()
        self._timer.stop()
        self.start.setText("Examine")
        self._sentence = sentence
        self._state.setText(sentence)
        self._follow()

    # showing

    def _look(self) -> None:
        for report in self.reports[self._told :]:
            self._told += 1
            self._show(report)
        if self._heart:
            steps, losses = zip(*self._heart, strict=True)
            self._heart_line.setData(steps, losses)
            self.heart_plot.tell_figures(True)
        if self._rates:
            points = np.array(self._rates)
            # What the loss does once it explodes would flatten all that matters.
            self._range_line.setData(points[:, 0], np.minimum(points[:, 1], 2 * points[0, 1]))
            self.range_plot.tell_figures(True)

    def _show(self, report: Report) -> None:
        match report:
            case MemoryReport():
                batch = self._document.recipe.batch_size
                fits = "which fits" if report.needed <= report.free else "<b>which does not fit</b>"
                self.memory.setText(
                    f"A step of {batch} images needs about {size(report.needed)} of {size(report.free)}, {fits}. The "
                    f"largest batch that fits is {report.fitting_batch:,}."
                )
                self.use_batch.setText(f"Use {report.fitting_batch:,}")
                self.use_batch.setVisible(report.needed > report.free and report.fitting_batch > 0)
            case LabelReport():
                counts = report.counts.values()
                balance = f"{len(counts)} classes with {min(counts):,} to {max(counts):,} training images each."
                warnings = "".join(f"<br>{plain(warning)}" for warning in report.warnings)
                self.labels.setText(balance + warnings)
                self.labels.setToolTip("\n".join(f"{path}: {reason}" for path, reason in report.skipped[:40]))
            case OverfitReport():
                self.heart.setText(report.sentence)
            case RangeReport():
                self._show_range(report)
        self.offered.emit()

    def _show_range(self, report: RangeReport) -> None:
        if report.suggestion is None:
            self.range.setText("The loss never fell: no learning rate can be recommended.")
            return
        self.chosen.show()
        self.chosen.setValue(math.log10(report.suggestion))
        self.range.setText("The line is at a tenth of the rate with the lowest loss: drag it, or press Left and Right.")
        self.use_rate.show()
        self._name_rate()

    @property
    def rate(self) -> float:
        """Where the line stands."""
        return float(f"{10 ** self.chosen.value():.2g}")

    def _name_rate(self) -> None:
        self.use_rate.setText(f"Use {self.rate:g}")

    def _choose_rate(self, event: Any) -> None:
        box = self.range_plot.getPlotItem().getViewBox()
        if self.chosen.isVisible() and box.sceneBoundingRect().contains(event.scenePos()):
            self.chosen.setValue(box.mapSceneToView(event.scenePos()).x())

    def _shift_rate(self, by: int) -> None:
        rates = [math.log10(rate) for rate, _ in self._rates]
        if self.chosen.isVisible() and rates:
            self.chosen.setValue(min(max(float(self.chosen.value()) + by * _SHIFT, min(rates)), max(rates)))

    def _take_batch(self) -> None:
        memory = next(report for report in self.reports if isinstance(report, MemoryReport))
        recipe = self._document.recipe.changed(batch_size=memory.fitting_batch)
        self._document.set_recipe(recipe, f"Use batches of {memory.fitting_batch}")

    def _take_rate(self) -> None:
        self._document.set_recipe(self._document.recipe.changed(learning_rate=self.rate), f"Use the rate {self.rate:g}")

    def _set_theme(self, theme: Theme) -> None:
        for plot in (self.heart_plot, self.range_plot):
            plot.dress(theme)
        self.heart_plot.draw_with(self._heart_line, theme.training)
        self.range_plot.draw_with(self._range_line, theme.training)
        self.range_plot.draw_with(self.chosen, theme.validation)


def _plot(x: str, y: str) -> Any:
    plot = plain_plot(f"{y} over {x}")
    plot.setMouseEnabled(False, False)
    plot.setMinimumHeight(90)
    plot.setLabel("bottom", x)
    plot.setLabel("left", y)
    plot.tell_figures(False)
    return plot
