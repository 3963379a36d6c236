"""The normalization lab: gradient descent in a long valley and in a round bowl, and a real network with both."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QDoubleSpinBox, QHBoxLayout, QPushButton, QTabWidget, QVBoxLayout, QWidget

from workbench.gui.labs.lab import Row, titled, told
from workbench.gui.labs.race import RaceLab
from workbench.gui.plain_plot import plain_plot
from workbench.gui.screen_plot import ScreenPlot
from workbench.gui.theme import Appearance, Theme
from workbench.labs.descent import Bowl, Path, descend
from workbench.labs.lineups import normalization
from workbench.labs.report import Section
from workbench.labs.report.valley import valley

TEXT = (
    "If one feature has values ten times as large as another, the loss is a valley: a hundred times as steep across as "
    "along. Gradient descent follows the steepest way down, so it jumps from wall to wall. Its learning rate must stay "
    "below 2 / the steepest curvature, and then it creeps along the valley's floor.\n\n"
    "With normalized features, mean 0 and deviation 1, the bowl is round: the steepest way leads straight to the "
    "minimum, and large steps are safe.\n\n"
    "Momentum helps in the valley: what points to and fro cancels, what points along it adds up.\n\n"
    "On the second page a real network does the same: LeNet-5 on raw and on normalized images, with and without batch "
    "normalization, which normalizes inside the network."
)

_SIDE = 200
_EXTENT = 4.0


class NormalizationLab(QTabWidget):
    """The valley by hand, and a race with a real network."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self.valley = Valley(appearance)
        self.race = RaceLab(appearance, normalization, "Training loss")
        self.addTab(self.valley, "Two weights")
        self.addTab(self.race, "A real network")
        self.tabBar().setAccessibleName("Pages")

    def measured(self) -> str:
        """How many steps each descent took, and what the real networks have come to."""
        raw, scaled = (path.in_words() for path in self.valley.paths)
        raced = self.race.measured()
        return f"as it is {raw}; normalized {scaled}" + (f"; {raced}" if raced else "")

    def report(self) -> Callable[[], list[Section]]:
        """What makes the report of what both pages show now."""
        seen, raced = self.valley, self.race.report()
        rates = seen.rate.value(), seen.scaled_rate.value()
        descended = partial(valley, seen.scale.value(), rates, seen.momentum.value(), seen.paths)
        return lambda: descended(raced())


class Valley(QWidget):
    """Contours of the loss and the path over them, unscaled and scaled, each with a learning rate of its own."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        controls, second = Row(), Row()
        self.scale = _number(1, 30, 10, 0.5, 1)
        self.rate = _number(0.0001, 3, 0.0195, 0.001, 4)
        self.scaled_rate = _number(0.0001, 3, 0.5, 0.05, 4)
        self.momentum = _number(0, 0.99, 0, 0.05, 2)
        for row, word, box in (
            (controls, "times as large is the first feature", self.scale),
            (controls, "momentum", self.momentum),
            (second, "learning rate as it is", self.rate),
            (second, "normalized", self.scaled_rate),
        ):
            row.put(word, box)
            box.valueChanged.connect(lambda _: self._show())
        self.best = QPushButton("Best rate for the valley")
        self.best.clicked.connect(lambda: self.rate.setValue(Bowl(self.scale.value() ** 2).best_rate))
        self.play = QPushButton("Play")
        self.play.clicked.connect(self._play)
        for row, button in ((controls, self.play), (second, self.best)):
            row.push()
            row.add(button)
        self.unscaled, self.scaled = _Contours(appearance), _Contours(appearance)
        self.losses = plain_plot("Loss over steps")
        self.losses.setLogMode(x=True, y=True)
        self.losses.setLabel("left", "loss")
        self.losses.setLabel("bottom", "step")
        self._lines = [self.losses.plot(), self.losses.plot()]
        self.words = told("What came of it", "heading")
        maps = QHBoxLayout()
        maps.addWidget(titled("as it is", self.unscaled))
        maps.addWidget(titled("normalized", self.scaled))
        maps.addWidget(titled("loss, as it is and normalized", self.losses))
        layout = QVBoxLayout(self)
        layout.addWidget(controls)
        layout.addWidget(second)
        layout.addLayout(maps, 1)
        layout.addWidget(self.words)
        self.paths: tuple[Path, Path] = (descend(Bowl(), 0.01), descend(Bowl(1), 0.01))
        self._shown = 0
        self._timer = QTimer(self)
        self._timer.setInterval(40)
        self._timer.timeout.connect(self._advance)
        appearance.changed.connect(self._set_theme)
        self._set_theme(appearance.theme)
        self._show()

    def _show(self) -> None:
        self._timer.stop()
        steep, momentum = self.scale.value() ** 2, self.momentum.value()
        valley, bowl = Bowl(steep), Bowl(1.0)
        self.paths = (
            descend(valley, self.rate.value(), momentum),
            descend(bowl, self.scaled_rate.value(), momentum),
        )
        for view, surface, path in zip((self.unscaled, self.scaled), (valley, bowl), self.paths, strict=True):
            view.show_bowl(surface)
            view.show_path(path.points)
        for line, surface, path in zip(self._lines, (valley, bowl), self.paths, strict=True):
            losses = np.maximum(surface.loss(path.points), 1e-14)
            line.setData(np.arange(1, len(losses) + 1), losses)
        self.words.setText(
            f"As it is, with condition number {steep:g}: {self.paths[0].in_words()}; rates below "
            f"{valley.largest_rate:.4g} are safe.<br>Normalized: {self.paths[1].in_words()}; rates below 2 are safe."
        )

    def _play(self) -> None:
        self._shown = 0
        self._timer.start()

    def _advance(self) -> None:
        self._shown += 1
        for view, path in zip((self.unscaled, self.scaled), self.paths, strict=True):
            view.show_path(path.points[: self._shown + 1])
        if self._shown >= min(200, max(path.steps for path in self.paths)):
            self._show()

    def _set_theme(self, theme: Theme) -> None:
        self.losses.dress(theme)
        for line, colour in zip(self._lines, (theme.validation, theme.training), strict=True):
            self.losses.draw_with(line, colour)


class _Contours(ScreenPlot):
    """The loss over two weights as shades and contours, with a path on it."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self.setAccessibleName("The loss over two weights, and the path down")
        self.hideButtons()
        self.setMouseEnabled(False, False)
        # With sizes of their own, axes and a locked aspect would resize each other for ever.
        self.getAxis("left").setWidth(52)
        self.getAxis("bottom").setHeight(40)
        self.getPlotItem().setContentsMargins(0, 4, 4, 6)  # a title is written lower than its axis reaches
        self.setAspectLocked(True)
        self.setLabel("bottom", "w₁")
        self.setLabel("left", "w₂")
        self._image = pg.ImageItem()
        self._image.setColorMap(pg.colormap.get("viridis"))
        self.addItem(self._image)
        self._curves = [pg.IsocurveItem(pen=pg.mkPen("#ffffff60")) for _ in range(8)]
        for curve in self._curves:
            curve.setParentItem(self._image)
        self._path = self.plot(symbol="o", symbolSize=5, symbolPen=None)
        self.setRange(xRange=(-1.25, 1.25), yRange=(-1.25, 1.25), padding=0)
        appearance.changed.connect(self._set_theme)
        self._set_theme(appearance.theme)

    def show_bowl(self, bowl: Bowl) -> None:
        line = np.linspace(-_EXTENT, _EXTENT, _SIDE)
        points = np.stack(np.meshgrid(line, line, indexing="ij"), -1)
        shades = np.log10(bowl.loss(points) + 1e-3)
        self._image.setImage(shades)
        self._image.setRect(-_EXTENT, -_EXTENT, 2 * _EXTENT, 2 * _EXTENT)
        for curve, level in zip(self._curves, np.linspace(shades.min(), shades.max(), 12)[2:-2], strict=True):
            curve.setData(shades, level)

    def show_path(self, points: np.ndarray) -> None:
        self._path.setData(np.clip(points[:2000], -9, 9))

    def _set_theme(self, theme: Theme) -> None:
        self.dress(theme)
        self.draw_with(self._path, "#ff5a36")
        self._path.setSymbolBrush("#ff5a36")


def _number(low: float, high: float, value: float, step: float, digits: int) -> QDoubleSpinBox:
    box = QDoubleSpinBox()
    box.setDecimals(digits)
    box.setRange(low, high)
    box.setSingleStep(step)
    box.setValue(value)
    return box
