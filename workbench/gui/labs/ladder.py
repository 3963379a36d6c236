"""Labs that climb a ladder: one setting step by step, and what came out of each beside the curves."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QSizePolicy, QSlider, QVBoxLayout

from workbench.gui.background import Background
from workbench.gui.labs.lab import told
from workbench.gui.labs.race import RaceLab
from workbench.gui.one_line import OneLine
from workbench.gui.plain_plot import plain_plot
from workbench.gui.theme import Appearance, Theme
from workbench.labs.lineups import batch_sizes, capacity, depths
from workbench.labs.race import Variant, of_step
from workbench.labs.report import Section, races

TEXT = (
    "The first ladder makes LeNet-5 wider and wider, on 100 images. Too narrow, it cannot even fit what it sees: "
    "underfitting, both losses are high. Wider, both fall; wider still, the training loss goes on falling while the "
    "validation loss rises: overfitting. Between them lies what the images can teach.\n\n"
    "Move the slider: each step up to it is trained, and the curve grows. The second ladder stacks "
    "convolutions instead: the first ones help, more are learned by heart, and sixteen without shortcuts train worse "
    "again.\n\n"
    "The third changes only the batch size. Small batches make many steps whose gradients differ much from "
    "that of all images; large ones make few steps along nearly the true gradient. The noise shown is the mean of "
    "|g − G|² / |G|² before training: it falls as one over the batch size. Some noise helps to leave what is only "
    "learned by heart; too much, with the same step, and nothing is learned."
)

_LADDERS: tuple[tuple[str, str, Callable[[], list[Variant]]], ...] = (
    ("width of the network", "width, in LeNet-5's", capacity),
    ("depth of the network", "convolutions", depths),
    ("batch size", "images in a batch", batch_sizes),
)
"""What is climbed, the words below its steps, whose names begin with what they are, and who races."""
_BATCHES = 2
_PAUSE_MILLISECONDS = 400
"""How long the slider rests before a step is trained: who drags it past others does not mean them."""


class LadderLab(RaceLab):
    """Races of one setting in steps, with losses at the end drawn over the steps."""

    def __init__(self, appearance: Appearance) -> None:
        self._steps = plain_plot("What came out over the steps")
        super().__init__(appearance, capacity, "Validation loss")
        self._measuring = Background("gradient noise", self)
        self._measuring.done.connect(self._show_noise)
        self._measuring.failed.connect(lambda message, _: self.told.setText(message))
        self._legend = told("Legend of what came out")
        self._legend.setWordWrap(False)
        self._legend.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        beside = QVBoxLayout()
        beside.addWidget(self._legend)
        beside.addWidget(self._steps, 1)
        self.plots.addLayout(beside, 3)
        self.training = self._steps.plot(symbol="o", symbolSize=7)
        self.validation = self._steps.plot(symbol="o", symbolSize=7)
        self.noises: list[float] = []
        self.noise: Any = pg.PlotDataItem(symbol="d", symbolSize=9)
        self._add_noise_axis()
        self.ladder = self.controls.choice("ladder", tuple(title for title, *_ in _LADDERS))
        self._build_slider(beside)
        self._set_theme(appearance.theme)
        self._draw()
        self.ladder.currentIndexChanged.connect(self._choose)

    def report(self) -> Callable[[], list[Section]]:
        return partial(races.ladder, *self._come_to(), tuple(self.noises))

    def _build_slider(self, beside: QVBoxLayout) -> None:
        self.step = QSlider(Qt.Orientation.Horizontal)
        self.step.setAccessibleName("Step of the ladder")
        self.step.setToolTip("Train every step up to this one, and see what came of it")
        self.step.setPageStep(1)
        self.step.setTickPosition(QSlider.TickPosition.TicksAbove)
        self.of_step, self.verdict = OneLine("heading"), OneLine("muted")
        self._here = pg.InfiniteLine(angle=90, movable=False)
        self._here.hide()
        self._steps.addItem(self._here)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_PAUSE_MILLISECONDS)
        self._rest.timeout.connect(self.climb)
        beside.addWidget(self.step)
        beside.addWidget(self.of_step)
        beside.addWidget(self.verdict)
        self._take_steps()
        self.step.valueChanged.connect(lambda _: self._go_to_step())

    def climb(self) -> None:
        """Train every step up to the slider's that has not been trained."""
        if self.running:
            self._rest.start()  # what runs goes first
            return
        lowest = self._variants[: self.step.value() + 1]
        left = [variant for variant in lowest if not self._laps.get(variant.name)]
        if left:
            self.train(left)

    def _take_steps(self) -> None:
        self.step.blockSignals(True)
        self.step.setRange(0, len(self._variants) - 1)
        self.step.setValue(0)
        self.step.blockSignals(False)
        self._here.hide()
        self._tell_step()

    def _go_to_step(self) -> None:
        self._here.setValue(self.step.value())
        self._here.show()
        self._tell_step()
        self._rest.start()

    def _tell_step(self) -> None:
        ends = {row: epochs[-1] for row, v in enumerate(self._variants) if (epochs := self._laps.get(v.name))}
        for line, words in zip(
            (self.of_step, self.verdict), of_step(self._variants, ends, self.step.value()), strict=True
        ):
            line.setText(words)

    def measured(self) -> str:
        """Both losses at the end of each step."""
        ends = {name: epochs[-1] for name, epochs in self._laps.items() if epochs}
        told = [f"{name} {end.train_loss_eval:.3f}, {end.validation_loss:.3f}" for name, end in ends.items()]
        return f"training and validation loss at the end: {'; '.join(told)}" if told else ""

    def stop(self) -> None:
        self._rest.stop()
        super().stop()

    def _add_noise_axis(self) -> None:
        """The noise is no loss: it has an axis of its own at the right, where each step is a factor."""
        item = self._steps.getPlotItem()
        self._noise_view: Any = pg.ViewBox(enableMenu=False)
        self._noise_view.setMouseEnabled(False, False)
        item.scene().addItem(self._noise_view)
        axis = item.getAxis("right")
        axis.linkToView(self._noise_view)
        axis.setLogMode(True)
        axis.setLabel("gradient noise")
        self._noise_view.setXLink(item)
        self.noise.setLogMode(False, True)
        self._noise_view.addItem(self.noise)
        item.vb.sigResized.connect(lambda box: self._noise_view.setGeometry(box.sceneBoundingRect()))
        item.setLabel("left", "loss at the end")

    def _show_legend(self) -> None:
        """Above the drawing, where no line runs through it."""
        theme = self._theme
        known = [(theme.training, "●", "training loss"), (theme.validation, "●", "validation loss")]
        if self.ladder.currentIndex() == _BATCHES:
            known.append((theme.muted, "◆", "noise (right)"))
        parts = [f"<span style='color: {colour}'>{sign}</span> {words}" for colour, sign, words in known]
        self._legend.setText(" &nbsp; ".join(parts))

    def _choose(self, index: int) -> None:
        self._measuring.forget()
        self.noises = []
        self._steps.showAxis("right", index == _BATCHES)
        self._show_legend()
        self.take(_LADDERS[index][2])
        for curve in (self.training, self.validation, self.noise):
            curve.setData([], [])
        self._take_steps()

    def _draw(self) -> None:
        super()._draw()
        if not hasattr(self, "ladder"):
            return
        laps = self._laps
        rows = [row for row, variant in enumerate(self._variants) if laps.get(variant.name)]
        last = [laps[self._variants[row].name][-1] for row in rows]
        self._steps.getAxis("left").setStyle(showValues=bool(rows))
        self.training.setData(rows, [epoch.train_loss_eval for epoch in last])
        self.validation.setData(rows, [epoch.validation_loss for epoch in last])
        _, words, _ = _LADDERS[self.ladder.currentIndex()]
        names = [variant.name.split()[0] for variant in self._variants]
        self._steps.getAxis("bottom").setTicks([list(enumerate(names))])
        self._steps.setLabel("bottom", words)
        self._steps.setXRange(-0.4, len(self._variants) - 0.6, padding=0)
        self._tell_step()

    def ended(self) -> None:
        """The batch sizes' gradient noise, which takes a moment."""
        if self.ladder.currentIndex() == _BATCHES:
            variants, check = list(self._variants), self._measuring.check
            self._measuring.ask(lambda: _noise(variants, check))

    def _show_noise(self, values: list[float]) -> None:
        self.noises = values
        self.noise.setData(list(range(len(values))), values)
        self._steps.getAxis("right").setTicks([[(math.log10(value), f"{value:.2g}") for value in values if value > 0]])

    def _set_theme(self, theme: Theme) -> None:
        super()._set_theme(theme)
        self._steps.dress(theme)
        if hasattr(self, "ladder"):
            axis = self._steps.getAxis("right")
            axis.setPen(theme.border)
            axis.setTextPen(theme.muted)
            for curve, colour in (
                (self.training, theme.training), (self.validation, theme.validation), (self.noise, theme.muted)
            ):  # fmt: skip
                self._steps.draw_with(curve, colour)
                curve.setSymbolBrush(colour)
                curve.setSymbolPen(None)
            self._here.setPen(pg.mkPen(theme.accent, width=1, style=Qt.PenStyle.DashLine))
            self._show_legend()


def _noise(variants: list[Variant], check: Callable[[], object]) -> list[float]:
    from workbench.data import load
    from workbench.labs.gradient_noise import gradient_noise

    values = []
    for variant in variants:
        check()
        project = variant.project
        dataset = load(project.data, project.graph.shape)
        values.append(gradient_noise(project.graph, dataset, project.recipe.batch_size))
    return values
