"""The 1×1 lab: maps mixed into one, and what a bottleneck saves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSlider, QTabWidget, QVBoxLayout, QWidget

from workbench.gui.figures import count
from workbench.gui.labs.grid import GridView
from workbench.gui.labs.lab import Row, titled, told
from workbench.gui.labs.pictures import names, picture
from workbench.gui.theme import Appearance
from workbench.labs.bottleneck import Branch
from workbench.labs.convolution import Convolution, figure
from workbench.labs.report import Section, arithmetic

TEXT = (
    "A 1×1 filter looks at a single place, but at all maps there: its value is a weighted sum of the maps. It sees no "
    "neighbours; it mixes. Move the sliders: a colour picture becomes one map.\n\n"
    "With fewer filters than maps it makes a stack thinner. GoogLeNet does so before its expensive filters: in the "
    "block inception 3a 192 maps pass 16 1×1 filters before 32 filters of 5×5 see them. That costs a tenth, and what "
    "is lost was mostly said twice.\n\n"
    "ResNet-50 squeezes and widens again round each 3×3 filter for the same reason: the bottleneck."
)

_CHANNELS = ("red", "green", "blue")
_GREY = (0.3, 0.59, 0.11)
"""What makes a grey picture of a coloured one."""
_STEPS = 100


class OneByOneLab(QTabWidget):
    """Mixing by hand, and the price of a branch."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self.mixing, self.price = Mixing(appearance), Price()
        self.addTab(self.mixing, "Mix maps")
        self.addTab(self.price, "What a bottleneck saves")
        self.tabBar().setAccessibleName("Pages")

    def measured(self) -> str:
        """What the bottleneck that is shown saves."""
        narrowed = self.price.branch
        direct = replace(narrowed, narrow=None)
        ratio = direct.weights / narrowed.weights
        return f"{narrowed.weights:,} weights in place of {direct.weights:,}: {ratio:.1f} times fewer"

    def report(self) -> Callable[[], list[Section]]:
        """What makes the report of what both pages show now."""
        mixed, place, name = self.mixing.lab, self.mixing.place, self.mixing.pictures.currentText()
        branch = self.price.branch
        return lambda: [*arithmetic.mixing(mixed, place, name), *arithmetic.price(branch)]


class Mixing(QWidget):
    """Three maps, a weight for each, and their sum."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        controls = Row()
        self.pictures = controls.choice("picture", tuple(name for name in names() if "colour" in name))
        self.maps = [GridView(f"{name} map", appearance) for name in _CHANNELS]
        self.output = GridView("Mixed map", appearance)
        self.weights = [
            _slider(f"weight of {name}", value) for name, value in zip(_CHANNELS, (0.3, 0.59, 0.11), strict=True)
        ]
        self._told = [QLabel() for _ in _CHANNELS]
        self.sum = told("Sum", "title")
        grids = QGridLayout()
        grids.setHorizontalSpacing(18)
        for number, (name, view) in enumerate(zip(_CHANNELS, self.maps, strict=True)):
            row, column = number // 2 * 2, number % 2
            grids.addWidget(titled(name, view), row, column)
            line = QHBoxLayout()
            line.setSpacing(8)
            line.addWidget(self.weights[number], 1)
            line.addWidget(self._told[number])
            grids.addLayout(line, row + 1, column)
            grids.setRowStretch(row, 1)
        grids.addWidget(titled("mixed", self.output), 2, 1)
        layout = QVBoxLayout(self)
        layout.addWidget(controls)
        layout.addLayout(grids, 1)
        layout.addWidget(self.sum)
        self.place = (12, 12)
        self.pictures.currentTextChanged.connect(lambda _: self._show())
        for slider in self.weights:
            slider.valueChanged.connect(lambda _: self._show())
        for view in (*self.maps, self.output):
            view.pointed.connect(self.look_at)
        self._show()

    @property
    def lab(self) -> Convolution:
        """The 1×1 convolution that is shown."""
        weights = np.array([slider.value() / _STEPS for slider in self.weights])
        return Convolution(picture(self.pictures.currentText()), weights[:, None, None])

    def look_at(self, row: int, column: int) -> None:
        """Show how this value is mixed."""
        self.place = (row, column)
        window = self.lab.window(row, column)
        for view in (*self.maps, self.output):
            view.mark((row,), (column,))
        values, weights = window.patch.ravel(), self.lab.kernel.ravel()
        terms = " + ".join(f"{figure(v)}·{figure(w)}" for v, w in zip(values, weights, strict=True))
        self.sum.setText(f"{terms} = {figure(window.value).strip('()')}")

    def _show(self) -> None:
        lab = self.lab
        for view, values in zip(self.maps, lab.picture, strict=True):
            view.show_values(values, limits=(0.0, 1.0))
        for label, slider in zip(self._told, self.weights, strict=True):
            label.setText(f"{slider.value() / _STEPS:.2f}".replace("-", "−"))
        self.output.show_values(lab.map())
        self.look_at(*self.place)


class Price(QWidget):
    """Weights and multiply-adds of a branch, straight and past a bottleneck."""

    def __init__(self) -> None:
        super().__init__()
        controls = Row()
        self.maps_in = controls.number("maps in", 1, 4096, 192)
        self.narrow = controls.number("bottleneck", 1, 4096, 16)
        self.maps_out = controls.number("maps out", 1, 4096, 32)
        self.kernel = controls.number("filter", 1, 11, 5)
        self.side = controls.number("map's side", 1, 512, 28)
        self.table = told("Price")
        self.table.setTextFormat(Qt.TextFormat.RichText)
        layout = QVBoxLayout(self)
        layout.addWidget(controls)
        layout.addSpacing(18)
        layout.addWidget(self.table)
        layout.addStretch(1)
        for box in (self.maps_in, self.narrow, self.maps_out, self.kernel, self.side):
            box.valueChanged.connect(lambda _: self._show())
        self._show()

    @property
    def branch(self) -> Branch:
        """The branch with its bottleneck."""
        boxes = (self.maps_in, self.narrow, self.maps_out, self.kernel, self.side)
        return Branch(*(box.value() for box in boxes))

    def _show(self) -> None:
        narrowed = self.branch
        direct = replace(narrowed, narrow=None)
        k, n = narrowed.kernel, narrowed.narrow
        ratio = direct.macs / narrowed.macs
        verdict = f"{ratio:.1f} times less" if ratio >= 1 else f"{1 / ratio:.1f} times more: too wide to save anything"
        rows = (
            ("", "weights", "multiply-adds"),
            (f"straight: {direct.maps_in} → {k}×{k} → {direct.maps_out}", f"{direct.weights:,}", count(direct.macs)),
            (f"past a bottleneck: {direct.maps_in} → 1×1 → {n} → {k}×{k} → {direct.maps_out}",
             f"{narrowed.weights:,}", count(narrowed.macs)),
        )  # fmt: skip
        right = "<td align='right' style='padding: 6px 18px'>"
        cells = "".join(
            f"<tr><td style='padding: 6px 30px 6px 0'>{name}</td>{right}{weights}</td>{right}{macs}</td></tr>"
            for name, weights, macs in rows
        )
        self.table.setText(f"<table>{cells}</table><p style='font-size: 18px'><b>{verdict}</b></p>")


def _slider(name: str, value: float) -> QSlider:
    slider = QSlider(Qt.Orientation.Horizontal)
    slider.setRange(-_STEPS, _STEPS)
    slider.setValue(round(value * _STEPS))
    slider.setAccessibleName(name)
    return slider
