"""The inception lab: branches on and off, their maps before they join, and what bottlenecks save."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from functools import partial

import numpy as np
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QCheckBox, QGridLayout, QPushButton, QVBoxLayout, QWidget

from workbench.gui.background import Background
from workbench.gui.figures import count
from workbench.gui.inspection.mosaic import Mosaic
from workbench.gui.inspection.photos import PHOTOS, content
from workbench.gui.labs.grid import GridView
from workbench.gui.labs.lab import Row, told
from workbench.gui.labs.pictures import Array
from workbench.gui.theme import Appearance
from workbench.labs.inception import BRANCHES, Inception
from workbench.labs.inception_digits import Learnt, learn, maps_of_digit, network
from workbench.labs.report import Section, blocks

TEXT = (
    "Which size should a filter have? GoogLeNet takes several side by side, and a pooling, and lets the next layer "
    "choose: all of them keep the map's size, so their maps are simply stacked.\n\n"
    "Straight on 192 maps that would be dear: the 5×5 filters alone need 120 million multiply-adds a photo, and the "
    "pooling would hand on all its maps, so that each block were wider than the last. 1×1 filters before the large "
    "ones and after the pooling make the stack thin first.\n\n"
    "Switch branches and bottlenecks on and off. Small filters keep what is fine, large ones and the pooling what is "
    "coarse. A photo is seen by filters at random, as before any training. Train the block on digits, and what its "
    "branches have learnt to look for is seen of a digit."
)

_SHOWN = 21
_DIGITS = {"Digit 3": 3, "Digit 7": 7}
_LOOK_MILLISECONDS = 100


class InceptionLab(QWidget):
    """Four branches side by side."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self.maps: dict[str, Array] = {}
        self._learnt: list[Learnt] = []
        self._news: deque[str] = deque(maxlen=1)
        controls = Row()
        self.pictures = controls.choice("picture", (*(photo.title for photo in PHOTOS[:4]), *_DIGITS))
        self.train = QPushButton("Train on digits")
        self.train.setAccessibleName("Train the block on digits, or stop")
        self.train.clicked.connect(lambda: self.stop() if self.training else self.begin())
        controls.add(self.train)
        self.bottlenecks = QCheckBox("1×1 bottlenecks")
        self.bottlenecks.setChecked(True)
        controls.add(self.bottlenecks)
        self.told = told("Which filters are shown", "muted")
        self.branches = {branch: QCheckBox(branch) for branch in BRANCHES}
        self.views = {branch: GridView(f"maps of the {branch} branch", appearance) for branch in BRANCHES}
        self.prices = {branch: told(f"price of the {branch} branch", "muted") for branch in BRANCHES}
        grid = QGridLayout()
        grid.setHorizontalSpacing(14)
        for column, branch in enumerate(BRANCHES):
            box = self.branches[branch]
            box.setChecked(True)
            box.toggled.connect(lambda _: self._show())
            room = self.views[branch].sizePolicy()
            room.setRetainSizeWhenHidden(True)
            self.views[branch].setSizePolicy(room)
            self.views[branch].hide()
            grid.addWidget(box, 0, column, Qt.AlignmentFlag.AlignHCenter)
            grid.addWidget(self.views[branch], 1, column)
            grid.addWidget(self.prices[branch], 2, column, Qt.AlignmentFlag.AlignTop)
        grid.setRowStretch(1, 1)
        self.words = told("Price of the block", "heading")
        layout = QVBoxLayout(self)
        layout.addWidget(controls)
        layout.addWidget(self.told)
        layout.addLayout(grid, 1)
        layout.addWidget(self.words)
        self._background = Background("inception", self)
        self._background.done.connect(self._show_maps)
        self._background.failed.connect(lambda message, details: self.words.setText(message))
        self._training = Background("inception on digits", self)
        self._training.done.connect(self._keep)
        self._training.failed.connect(lambda message, details: self._end(message))
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MILLISECONDS)
        self._timer.timeout.connect(self._look)
        self.pictures.currentIndexChanged.connect(lambda _: self._show())
        self.bottlenecks.toggled.connect(lambda _: self._show())
        self._show()

    @property
    def block(self) -> Inception:
        """The block as it is switched now."""
        chosen = tuple(branch for branch, box in self.branches.items() if box.isChecked())
        return Inception(chosen, self.bottlenecks.isChecked())

    @property
    def learnt(self) -> Learnt | None:
        """What the block, as it is switched now, has learnt; None while its filters are at random."""
        return next((found for found in reversed(self._learnt) if found.fits(self.block)), None)

    @property
    def training(self) -> bool:
        return self._timer.isActive()

    @property
    def busy(self) -> bool:
        """Whether maps are still to come."""
        return self._background.busy

    def measured(self) -> str:
        """How many maps leave the block as it is switched, and what it has learnt."""
        if not self.block.branches:
            return ""
        maps = sum(price[2] for price in self.block.price().values())
        made = self.learnt
        right = ""
        if made is not None and made.block == self.block:
            right = f", and {made.epochs[-1].validation_accuracy:.1%} of new digits are called right"
        return f"{maps} maps leave the block {_with(self.block)}{right}"

    def report(self) -> Callable[[], list[Section]]:
        """What makes the report of what is shown now."""
        block, name = self.block, self.pictures.currentText()
        ran, made = (network(block), self.learnt) if name in _DIGITS else (block.graph(), None)
        return partial(blocks.inception, block, name, dict(self.maps), self._origin(), ran, made)

    def begin(self) -> None:
        """Train the block, as it is switched, on the digits."""
        block, news, check = self.block, self._news, self._training.check
        if not block.branches:
            return
        news.clear()
        self.train.setText("Stop")
        self.told.setText("Training …")
        self._timer.start()
        self._training.ask(lambda: learn(block, check=check, tell=news.append))

    def stop(self) -> None:
        """End the training; what was learnt is lost."""
        if self.training:
            self._training.forget()
            self._end("Stopped.")

    def _keep(self, made: Learnt) -> None:
        self._learnt.append(made)
        self._end("")
        if self.pictures.currentText() not in _DIGITS:
            self.pictures.setCurrentText(next(iter(_DIGITS)))  # shows it
        else:
            self._show()

    def _look(self) -> None:
        if self._news:
            self.told.setText(f"{self._news.popleft()} …")

    def _end(self, message: str) -> None:
        self._timer.stop()
        self.train.setText("Train on digits")
        self.told.setText(message or self._origin())

    def _origin(self) -> str:
        """Whose filters made the maps that are shown."""
        if self.pictures.currentText() not in _DIGITS:
            return "Filters at random, as before any training."
        made = self.learnt
        if made is None:
            return f"Filters at random: the block was not trained {_with(self.block)}."
        last, count = made.epochs[-1], len(made.block.branches)
        is_whole = count == len(self.block.branches) == len(BRANCHES)
        how = "" if is_whole else f" with {count} of {len(BRANCHES)} branches"
        return f"Learnt{how} in {last.epoch} epochs: {last.validation_accuracy:.1%} of new digits right."

    def hideEvent(self, event: QHideEvent) -> None:
        if not event.spontaneous():  # a window that is only minimized goes on
            self.stop()

    def _show(self) -> None:
        block = self.block
        for branch, view in self.views.items():
            if branch not in block.branches:
                view.hide()
                self.prices[branch].setText("left out")
        self.train.setEnabled(bool(block.branches) or self.training)
        if not block.branches:
            self.words.setText("Switch at least one branch on.")
            return
        prices = block.price()
        for branch, (weights, macs, maps) in prices.items():
            self.prices[branch].setText(f"{maps} maps\n{weights:,} weights\n{count(macs)} multiply-adds")
        weights, macs, maps = (sum(column) for column in zip(*prices.values(), strict=True))
        other = Inception(block.branches, not block.bottlenecks).price()
        ratio = sum(price[1] for price in other.values()) / max(1, macs)
        how = (
            f"without bottlenecks {ratio:.1f} times as many" if block.bottlenecks else f"with them {ratio:.2f} of that"
        )
        self.words.setText(f"{maps} maps together, {weights:,} weights, {count(macs)} multiply-adds; {how}.")
        if not self.training:
            self.told.setText(self._origin())
        chosen, made = self.pictures.currentText(), self.learnt
        if chosen in _DIGITS:
            self._background.ask(lambda: maps_of_digit(block, _DIGITS[chosen], made))
            return
        photo = PHOTOS[self.pictures.currentIndex()]
        self._background.ask(lambda: block.maps(_photo(content(photo))))

    def _show_maps(self, maps: dict[str, Array]) -> None:
        self.maps = maps
        for branch, values in maps.items():
            if branch not in self.block.branches:
                continue
            shown = values[:_SHOWN].astype(np.float32)
            low, high = shown.min((1, 2), keepdims=True), shown.max((1, 2), keepdims=True)
            even = (shown - low) / np.maximum(high - low, 1e-12)
            mosaic = Mosaic(len(even), even.shape[1], even.shape[2], columns=3, gap=2)
            self.views[branch].show_values(_sheet(mosaic, even), "Viridis", (0.0, 1.0))
            self.views[branch].show()


def _with(block: Inception) -> str:
    return "with bottlenecks" if block.bottlenecks else "without bottlenecks"


def _sheet(mosaic: Mosaic, maps: Array) -> Array:
    """Maps in rows, with nothing between them: beside maps of zeros a gap of any value would not be seen."""
    rows = -(-mosaic.count // mosaic.columns)
    down, across = mosaic.height + mosaic.gap, mosaic.width + mosaic.gap
    sheet = np.full((rows * down - mosaic.gap, mosaic.columns * across - mosaic.gap), np.inf, np.float32)
    for number, values in enumerate(maps):
        top, left = number // mosaic.columns * down, number % mosaic.columns * across
        sheet[top : top + mosaic.height, left : left + mosaic.width] = values
    return sheet


def _photo(data: bytes) -> Array:
    from workbench.data import read_picture
    from workbench.data.fit import fit_images

    return fit_images(read_picture(data)[None], (3, 224, 224), "crop")[0].numpy()
