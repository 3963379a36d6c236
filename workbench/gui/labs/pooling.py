"""The pooling lab: maximum, mean and a convolution with a stride, on the same picture."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from workbench.gui.labs.grid import GridView
from workbench.gui.labs.lab import Row, titled, told
from workbench.gui.labs.pictures import WORKED, Array, names, picture
from workbench.gui.theme import Appearance
from workbench.labs.convolution import Convolution, kernel, sum_in_words
from workbench.labs.pooling import Pooling, alike, moved
from workbench.labs.report import Section, arithmetic

TEXT = (
    "Pooling makes maps smaller. It has no weights: of each window it takes the largest value, or the mean.\n\n"
    "The largest says that something was found, and forgets where exactly in the window: a picture moved by one pixel "
    "gives nearly the same. The mean keeps how much of it there was, and blurs.\n\n"
    "LeNet pools windows of 2×2 that lie side by side. AlexNet's, 3×3 with a stride of 2, overlap. Later networks "
    "often leave pooling out and let a convolution take steps of two: it has weights, and learns how to make smaller."
)


class PoolingLab(QWidget):
    """One picture, three ways to make it smaller, and the window that is looked at."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._picture = _example()
        self._place = (0, 0)
        controls = Row()
        self.pictures = controls.choice("picture", tuple(n for n in names() if "colour" not in n))
        self.window_side = controls.number("window", 1, 6, 2)
        self.stride = controls.number("stride", 1, 6, 2)
        self.input = GridView("Picture", appearance, editable=True)
        self.largest = GridView("Largest", appearance)
        self.mean = GridView("Mean", appearance)
        self.stepped = GridView("Convolution with a stride", appearance)
        self.words = told("How the value is made", "heading")
        self.size_told = told("Size of the map")
        grids = QGridLayout()
        grids.setHorizontalSpacing(18)
        places = (("picture", self.input), ("largest of each window", self.largest), ("mean of each window", self.mean),
                  ("convolution with a stride, Sobel", self.stepped))  # fmt: skip
        for number, (title, view) in enumerate(places):
            grids.addWidget(titled(title, view), number // 2, number % 2)
        layout = QVBoxLayout(self)
        layout.addWidget(controls)
        layout.addLayout(grids, 1)
        layout.addWidget(self.words)
        layout.addWidget(self.size_told)
        self.pictures.currentTextChanged.connect(self._choose)
        self.window_side.valueChanged.connect(lambda _: self._show())
        self.stride.valueChanged.connect(lambda _: self._show())
        for view in (self.largest, self.mean):
            view.pointed.connect(self.look_at)
        self.stepped.pointed.connect(self.look_at_convolution)
        self.input.edited.connect(self._type)
        self._show()

    def pooling(self, kind: str) -> Pooling:
        """What is shown, as ``max`` or ``average``."""
        return Pooling(self._picture, kind, self.window_side.value(), self.stride.value())  # type: ignore[arg-type]

    @property
    def convolved(self) -> Convolution:
        """The convolution that stands beside the poolings."""
        side = min(3, *self._picture.shape)
        return Convolution(self._picture[None], kernel("Sobel, upright edges", side), self.stride.value())

    def measured(self) -> str:
        """What stays the same when the picture that is shown is moved by one pixel."""
        lab, stepped = self.pooling("max"), self.convolved
        if not lab.fits or not self._picture.any():
            return ""
        further = replace(stepped, picture=moved(self._picture)[None])
        told = (
            ("largest values", lab.stays()),
            ("values of the convolution", alike(stepped.map(), further.map())),
            ("of the picture itself", alike(self._picture, moved(self._picture))),
        )
        same = ", ".join(f"{same} of {count} {words}" for words, (same, count) in told)
        return f"moved by one pixel to the right, as they were: {same}"

    def report(self) -> Callable[[], list[Section]]:
        """What makes the report of what is shown now."""
        name = self.pictures.currentText()
        return partial(arithmetic.pooling, self.pooling("max"), self.convolved, self._place, name)

    def look_at(self, row: int, column: int) -> None:
        """Show what this value of the maps is made of."""
        lab = self.pooling("max")
        if not lab.fits:
            return
        rows, columns = lab.size
        self._place = row, column = min(row, rows - 1), min(column, columns - 1)
        self.input.mark(*lab.cells(row, column))
        for view in (self.largest, self.mean):
            view.mark((row,), (column,))
        self.stepped.mark((), ())
        self.words.setText(f"{lab.in_words(row, column)}     {self.pooling('average').in_words(row, column)}")

    def look_at_convolution(self, row: int, column: int) -> None:
        """Show what this value of the convolution's map is made of."""
        lab = self.convolved
        if not lab.fits:
            return
        rows, columns = lab.size
        row, column = min(row, rows - 1), min(column, columns - 1)
        window = lab.window(row, column)
        self.input.mark(window.rows, window.columns)
        self.stepped.mark((row,), (column,))
        for view in (self.largest, self.mean):
            view.mark((), ())
        self.words.setText(sum_in_words(window, lab.kernel))

    def _choose(self, name: str) -> None:
        self._picture = _example() if name == WORKED else picture(name)[0].copy()
        self._show()

    def _type(self, row: int, column: int, value: float) -> None:
        self._picture = self._picture.copy()
        self._picture[row, column] = value
        self._show()

    def _show(self) -> None:
        lab, mean = self.pooling("max"), self.pooling("average")
        low, high = float(self._picture.min()), float(self._picture.max())
        self.input.show_values(self._picture, limits=(low, high))
        if not lab.fits:
            for view in (self.input, self.largest, self.mean):
                view.mark((), ())
            self.words.setText("The window is larger than the picture: choose a smaller one.")
            self.size_told.setText("")
            return
        # The same colours stand for the same values.
        self.largest.show_values(lab.map(), limits=(low, high))
        self.mean.show_values(mean.map(), limits=(low, high))
        self.stepped.show_values(self.convolved.map())
        height, rows = self._picture.shape[0], lab.size[0]
        how = "overlap" if lab.overlaps else "lie side by side" if lab.stride == lab.window else "leave gaps"
        self.size_told.setText(
            f"The map's height: ⌊({height} − {lab.window}) / {lab.stride}⌋ + 1 = {rows}. The windows {how}. "
            "Pooling has no weights, a 3×3 convolution 9."
        )
        self.look_at(*self._place)


def _example() -> Array:
    return np.array([[1.0, 3, 2, 4], [5, 6, 1, 2], [7, 2, 9, 0], [4, 8, 3, 5]])
