"""The convolution lab: a filter slides over a picture, and every product is seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QPushButton, QSlider, QSpinBox, QVBoxLayout, QWidget

from workbench.gui.figures import count
from workbench.gui.inspection.colours import SIGNED
from workbench.gui.labs.grid import GridView
from workbench.gui.labs.lab import Row, titled, told
from workbench.gui.labs.pictures import WORKED, names, picture
from workbench.gui.theme import Appearance
from workbench.labs.convolution import KERNELS, WORKED_KERNEL, Convolution, figure, kernel, sum_in_words
from workbench.labs.report import Section, arithmetic

TEXT = (
    "A filter is a small table of weights. It lies on a patch of the picture, each weight is multiplied with the value "
    "under it, and the products are added: one value of the map. Then it moves on by its stride.\n\n"
    "The same few weights are used everywhere. That is why a 5×5×3 filter needs 75 weights, where a dense layer needs "
    "one for each pair of a pixel and a value of the map: for 65,536 pixels and 32,000 values more than 2·10⁹.\n\n"
    "Point at the map, let it slide, choose another filter, or type your own numbers into the picture and the filter."
)

_CHANNELS = ("red", "green", "blue")
_OWN = "Typed by hand"
_LARGEST = 11
"""A filter's side; AlexNet's first."""


class LabError(Exception):
    """What a lab cannot try, in one sentence."""


class ConvolutionLab(QWidget):
    """Picture × filter = map, with the products of the place that is looked at."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._lab = Convolution(picture(WORKED), WORKED_KERNEL)
        self._place = (0, 0)
        self._trained: np.ndarray | None = None
        self._build(appearance)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._slide)
        self._show()

    @property
    def lab(self) -> Convolution:
        """The convolution that is shown."""
        return self._lab

    @property
    def place(self) -> tuple[int, int]:
        """The value of the map that is looked at."""
        return self._place

    def measured(self) -> str:
        """The weights of the filter that is shown, and the size of its map."""
        if not self._lab.fits:
            return ""
        rows, columns = self._lab.size
        weights = self._lab.weights
        return f"{weights} weight{'s' * (weights != 1)}, {rows}×{columns}"

    def report(self) -> Callable[[], list[Section]]:
        """What makes the report of what is shown now."""
        name = f"{self.kernels.currentText()}, {self.number.text()}" if self._is_trained else self.kernels.currentText()
        return partial(
            arithmetic.convolution, self._lab, self._place, self.pictures.currentText(), name, self._shown_channel()
        )

    # building

    def _build(self, appearance: Appearance) -> None:
        self.pictures: QComboBox
        controls = Row()
        self.pictures = controls.choice("picture", names())
        self.kernels = controls.choice("filter", (_OWN, *KERNELS))
        self.side = controls.number("size", 1, _LARGEST, 2)
        self.number = QSpinBox()
        self.number.setAccessibleName("number of the trained filter")
        self.number.setPrefix("number ")
        self.number.valueChanged.connect(lambda _: self._choose_kernel())
        controls.add(self.number)
        self.number.setVisible(False)
        self.stride = controls.number("stride", 1, 8, 1)
        self.padding = controls.number("padding", 0, 6, 0)
        self.dilation = controls.number("dilation", 1, 6, 1)
        self.play = QPushButton("Slide")
        self.play.setCheckable(True)
        self.speed = QSlider(Qt.Orientation.Horizontal)
        self.speed.setAccessibleName("speed")
        self.speed.setRange(1, 30)
        self.speed.setValue(4)
        self.speed.setFixedWidth(110)
        controls.add(self.play, self.speed)
        controls.push()
        self.channel = controls.choice("channel shown", _CHANNELS)
        self.input = GridView("Picture", appearance, editable=True)
        self.filter = GridView("Filter", appearance, editable=True)
        self.products = GridView("Products", appearance)
        self.output = GridView("Map", appearance)
        self.sum = told("Sum", "title")
        self.formula = told("Size of the map")
        self.price = told("Weights")
        grids = QGridLayout()
        grids.setHorizontalSpacing(18)
        grids.addWidget(titled("picture", self.input), 0, 0, 2, 1)
        grids.addWidget(titled("filter", self.filter), 0, 1)
        grids.addWidget(titled("products", self.products), 1, 1)
        grids.addWidget(titled("map", self.output), 0, 2, 2, 1)
        for column, stretch in enumerate((5, 3, 5)):
            grids.setColumnStretch(column, stretch)
        layout = QVBoxLayout(self)
        layout.addWidget(controls)
        layout.addLayout(grids, 1)
        for line in (self.sum, self.formula, self.price):
            layout.addWidget(line)
        self.pictures.currentTextChanged.connect(self._choose_picture)
        self.kernels.textActivated.connect(lambda _: self._choose_kernel())
        self.side.valueChanged.connect(lambda _: self._choose_kernel())
        for box, name in ((self.stride, "stride"), (self.padding, "padding"), (self.dilation, "dilation")):
            box.valueChanged.connect(lambda value, name=name: self._change(**{name: value}))
        self.channel.currentIndexChanged.connect(lambda _: self._show())
        self.play.toggled.connect(self._let_slide)
        self.speed.valueChanged.connect(lambda _: self._let_slide(self.play.isChecked()))
        self.output.pointed.connect(self.look_at)
        self.input.pointed.connect(self._look_under)
        self.input.edited.connect(self._type_pixel)
        self.filter.edited.connect(self._type_weight)

    # what a person does

    def look_at(self, row: int, column: int) -> None:
        """Show how this value of the map is made."""
        if self._lab.fits:
            rows, columns = self._lab.size
            self._place = (min(max(row, 0), rows - 1), min(max(column, 0), columns - 1))
            self._show_place()

    def take_filters(self, layer: str, weights: np.ndarray, number: int = 0) -> None:
        """Offer a trained layer's filters ``(filters, C, k, k)``, and lay one of them on the picture.

        On a picture of another number of channels each channel gets the mean of the filter's. Raises `LabError` for
        filters that are not square, or too large for the lab.
        """
        height, width = weights.shape[2:]
        if height != width or height > _LARGEST:
            raise LabError(f"the filters of {layer} are {height}×{width}: the lab takes square ones up to {_LARGEST}")
        self._trained = weights.astype(np.float64)
        for known in range(self.kernels.count() - 1, len(KERNELS), -1):
            self.kernels.removeItem(known)
        self.kernels.addItem(f"{layer}, as it is")
        self.number.blockSignals(True)
        self.number.setRange(0, len(weights) - 1)
        self.number.setValue(number)
        self.number.blockSignals(False)
        self.kernels.setCurrentIndex(self.kernels.count() - 1)
        self._choose_kernel()

    def _choose_picture(self, name: str) -> None:
        chosen = picture(name)
        if name == WORKED:
            self._set_size(2)
            self.kernels.setCurrentText(_OWN)
            self._change(picture=chosen, kernel=WORKED_KERNEL)
            return
        if self.kernels.currentText() == _OWN:
            self.kernels.setCurrentText("Edges")
            self._set_size(3)
        self._change(picture=chosen, kernel=self._kernel(len(chosen)))

    @property
    def _is_trained(self) -> bool:
        return self._trained is not None and self.kernels.currentIndex() > len(KERNELS)

    def _choose_kernel(self) -> None:
        if self._is_trained and self._trained is not None:
            self._set_size(self._trained.shape[-1])
        self._change(kernel=self._kernel(len(self._lab.picture)))

    def _kernel(self, channels: int) -> np.ndarray:
        name, size = self.kernels.currentText(), self.side.value()
        if self._is_trained and self._trained is not None:
            weights = self._trained[self.number.value()]
            return weights if len(weights) == channels else np.repeat(weights.mean(0, keepdims=True), channels, 0)
        if name != _OWN:
            return kernel(name, size, channels)
        kept, before = np.zeros((channels, size, size)), self._lab.kernel[:channels, :size, :size]
        kept[: len(before), : before.shape[1], : before.shape[2]] = before
        return kept

    def _set_size(self, size: int) -> None:
        self.side.blockSignals(True)
        self.side.setValue(size)
        self.side.blockSignals(False)

    def _type_pixel(self, row: int, column: int, value: float) -> None:
        changed = self._lab.picture.copy()
        changed[self._shown_channel() if len(changed) > 1 else 0, row, column] = value
        self._change(picture=changed)

    def _type_weight(self, row: int, column: int, value: float) -> None:
        changed = self._lab.kernel.copy()
        changed[self._shown_channel(), row, column] = value
        self.kernels.setCurrentText(_OWN)
        self._change(kernel=changed)

    def _look_under(self, row: int, column: int) -> None:
        """The window whose first corner is nearest to where the mouse is in the picture."""
        reach = (self._lab.kernel.shape[-1] - 1) * self._lab.dilation // 2
        stride, padding = self._lab.stride, self._lab.padding
        self.look_at(round((row - reach + padding) / stride), round((column - reach + padding) / stride))

    def _change(self, **what: object) -> None:
        self._lab = replace(self._lab, **what)  # type: ignore[arg-type]
        self._show()

    # sliding

    def _let_slide(self, slides: bool) -> None:
        self.play.setText("Stop" if slides else "Slide")
        if slides:
            self._timer.start(1000 // self.speed.value())
        else:
            self._timer.stop()

    def _slide(self) -> None:
        if not self._lab.fits:
            return
        rows, columns = self._lab.size
        after = (self._place[0] * columns + self._place[1] + 1) % (rows * columns)
        self.look_at(after // columns, after % columns)

    def hideEvent(self, event: QHideEvent) -> None:
        self.play.setChecked(False)

    # showing

    def _shown_channel(self) -> int:
        return min(self.channel.currentIndex(), len(self._lab.kernel) - 1)

    def _show(self) -> None:
        lab, channel = self._lab, self._shown_channel()
        self.number.setVisible(self._is_trained)
        self.side.setEnabled(not self._is_trained)
        self.channel.setEnabled(len(lab.picture) > 1)
        if len(lab.picture) == 3:
            self.input.show_picture(lab.picture, lab.padding)
        else:
            self.input.show_values(lab.picture[0], margin=lab.padding)
        self.filter.show_values(lab.kernel[channel], SIGNED)
        self.formula.setText(f"The map's height: {lab.size_in_words()}")
        self.output.setEnabled(lab.fits)
        if not lab.fits:
            self.output.show_values(np.zeros((1, 1)))
            for view in (self.input, self.output, self.products):
                view.mark((), ())
            self.sum.setText("The filter is larger than the picture: choose a smaller one, or add padding.")
            self.price.setText("")
            return
        self.output.show_values(lab.map())
        channels, k = len(lab.kernel), lab.kernel.shape[-1]
        of = f"{k}×{k}" + (f"×{channels}" if channels > 1 else "")
        self.price.setText(
            f"The filter has {of} = <b>{lab.weights}</b> weights, wherever it lies. A dense layer from this picture to "
            f"this map would need <b>{count(lab.dense_weights)}</b>."
        )
        self.look_at(*self._place)

    def _show_place(self) -> None:
        lab, (row, column) = self._lab, self._place
        window, channel = lab.window(row, column), self._shown_channel()
        self.input.mark(window.rows, window.columns)
        self.output.mark((row,), (column,))
        self.products.show_values(window.products[channel], SIGNED)
        self.sum.setText(sum_in_words(window, lab.kernel, _CHANNELS[: len(lab.kernel)]))
        self.output.setToolTip(f"row {row}, column {column}: {figure(window.value)}")
