"""The inception lab: branches on and off, their maps before they join, and what bottlenecks save."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QGridLayout, QVBoxLayout, QWidget

from workbench.gui.background import Background
from workbench.gui.figures import count
from workbench.gui.inspection.mosaic import Mosaic
from workbench.gui.inspection.photos import PHOTOS, content
from workbench.gui.labs.grid import GridView
from workbench.gui.labs.lab import Row, told
from workbench.gui.labs.pictures import Array
from workbench.gui.theme import Appearance
from workbench.labs.inception import BRANCHES, Inception
from workbench.labs.report import Section, blocks

TEXT = (
    "Which size should a filter have? GoogLeNet takes several side by side, and a pooling, and lets the next layer "
    "choose: all of them keep the map's size, so their maps are simply stacked.\n\n"
    "Straight on 192 maps that would be dear: the 5×5 filters alone need 120 million multiply-adds a photo, and the "
    "pooling would hand on all its maps, so that each block were wider than the last. 1×1 filters before the large "
    "ones and after the pooling make the stack thin first.\n\n"
    "Switch branches and bottlenecks on and off. The maps are those of a photo before any training: filters at random. "
    "Small filters keep what is fine, large ones and the pooling what is coarse."
)

_SHOWN = 21


class InceptionLab(QWidget):
    """Four branches side by side."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self.maps: dict[str, Array] = {}
        controls = Row()
        self.photos = controls.choice("photo", tuple(photo.title for photo in PHOTOS[:4]))
        self.bottlenecks = QCheckBox("1×1 bottlenecks")
        self.bottlenecks.setChecked(True)
        controls.addWidget(self.bottlenecks)
        controls.addStretch(1)
        self.branches = {branch: QCheckBox(branch) for branch in BRANCHES}
        self.views = {branch: GridView(f"maps of the {branch} branch", appearance) for branch in BRANCHES}
        self.prices = {branch: told(f"price of the {branch} branch", "muted") for branch in BRANCHES}
        grid = QGridLayout()
        grid.setHorizontalSpacing(14)
        for column, branch in enumerate(BRANCHES):
            box = self.branches[branch]
            box.setChecked(True)
            box.toggled.connect(lambda _: self._show())
            grid.addWidget(box, 0, column, Qt.AlignmentFlag.AlignHCenter)
            grid.addWidget(self.views[branch], 1, column)
            grid.addWidget(self.prices[branch], 2, column)
        grid.setRowStretch(1, 1)
        self.words = told("Price of the block", "heading")
        layout = QVBoxLayout(self)
        layout.addLayout(controls)
        layout.addLayout(grid, 1)
        layout.addWidget(self.words)
        self._background = Background("inception", self)
        self._background.done.connect(self._show_maps)
        self._background.failed.connect(lambda message, details: self.words.setText(message))
        self.photos.currentIndexChanged.connect(lambda _: self._show())
        self.bottlenecks.toggled.connect(lambda _: self._show())
        self._show()

    @property
    def block(self) -> Inception:
        """The block as it is switched now."""
        chosen = tuple(branch for branch, box in self.branches.items() if box.isChecked())
        return Inception(chosen, self.bottlenecks.isChecked())

    def report(self) -> Callable[[], list[Section]]:
        """What makes the report of what is shown now."""
        return partial(blocks.inception, self.block, self.photos.currentText(), dict(self.maps))

    def _show(self) -> None:
        block = self.block
        for branch, view in self.views.items():
            view.setEnabled(branch in block.branches)
            if branch not in block.branches:
                view.show_values(np.zeros((1, 1)))
                self.prices[branch].setText("left out")
        if not block.branches:
            self.words.setText("Switch at least one branch on.")
            return
        prices = block.price()
        for branch, (weights, macs, maps) in prices.items():
            self.prices[branch].setText(f"{maps} maps, {weights:,} weights, {count(macs)} multiply-adds")
        weights, macs, maps = (sum(column) for column in zip(*prices.values(), strict=True))
        other = Inception(block.branches, not block.bottlenecks).price()
        ratio = sum(price[1] for price in other.values()) / max(1, macs)
        how = (
            f"without bottlenecks {ratio:.1f} times as many" if block.bottlenecks else f"with them {ratio:.2f} of that"
        )
        self.words.setText(f"{maps} maps together, {weights:,} weights, {count(macs)} multiply-adds; {how}.")
        photo = PHOTOS[self.photos.currentIndex()]
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


def _sheet(mosaic: Mosaic, maps: Array) -> Array:
    """Maps in rows, with gaps of the lowest value."""
    rows = -(-mosaic.count // mosaic.columns)
    down, across = mosaic.height + mosaic.gap, mosaic.width + mosaic.gap
    sheet = np.zeros((rows * down - mosaic.gap, mosaic.columns * across - mosaic.gap), np.float32)
    for number, values in enumerate(maps):
        top, left = number // mosaic.columns * down, number % mosaic.columns * across
        sheet[top : top + mosaic.height, left : left + mosaic.width] = values
    return sheet


def _photo(data: bytes) -> Array:
    from workbench.data import read_picture
    from workbench.data.fit import fit_images

    return fit_images(read_picture(data)[None], (3, 224, 224), "crop")[0].numpy()
