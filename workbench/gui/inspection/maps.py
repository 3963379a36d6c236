"""Activation maps, live: all maps of one layer as one mosaic, in one image."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from workbench.gui.pixels import NOTHING
from workbench.gui.theme import Appearance, Theme

if TYPE_CHECKING:
    from workbench.training import Probe

_COLOURS = {"Grey": None, "Viridis": "viridis", "Inferno": "inferno", "Plasma": "plasma", "Cividis": "cividis"}


def mosaic(maps: np.ndarray, columns: int, gap: int = 1) -> np.ndarray:
    """Maps ``(C, H, W)`` side by side in rows, uint8 ``(rows · (H + gap), columns · (W + gap))``.

    255 means 'nothing here': a map's highest value is drawn as 254.
    """
    count, height, width = maps.shape
    rows = -(-count // columns)
    sheet = np.full((rows * columns, height + gap, width + gap), NOTHING, np.uint8)
    np.minimum(maps, NOTHING - 1, out=sheet[:count, :height, :width])
    return sheet.reshape(rows, columns, height + gap, width + gap).swapaxes(1, 2).reshape(rows * (height + gap), -1)


def _lookup(name: str | None) -> np.ndarray[Any, Any]:
    """Colours of the values 0 to 254, RGBA; 255 is transparent."""
    grey = np.repeat(np.arange(256, dtype=np.uint8)[:, None], 4, 1)
    table = grey if name is None else pg.colormap.get(name).getLookupTable(nPts=256, alpha=True).copy()
    table[:, 3] = 255
    table[NOTHING] = 0
    return table


class ActivationMaps(QWidget):
    """The maps of the chosen layer for the chosen picture."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._maps: np.ndarray | None = None
        self._raw: np.ndarray | None = None
        self._range = (0.0, 0.0)
        self._order: np.ndarray | None = None
        self._columns = 1
        self._layer = ""
        self._step = -1
        self._title = QLabel("Select a layer to watch its maps.")
        self._title.setProperty("role", "heading")
        self._value = QLabel()
        self._value.setProperty("role", "muted")
        self._colour = QComboBox()
        self._colour.addItems(list(_COLOURS))
        self._colour.setCurrentText("Viridis")
        self._colour.setAccessibleName("Colours of the maps")
        self._each = QCheckBox("each by itself")
        self._each.setToolTip("Scale each map from its own lowest to its own highest value, instead of the layer's")
        self._strong = QCheckBox("strongest first")
        self._graphics = pg.GraphicsView()
        self._box = pg.ViewBox(lockAspect=True, invertY=True, enableMenu=False)
        self._image = pg.ImageItem(axisOrder="row-major")
        self._box.addItem(self._image)
        self._graphics.setCentralItem(self._box)
        self._title.setWordWrap(True)
        top = QHBoxLayout()
        for widget in (self._strong, self._each, self._colour):
            top.addWidget(widget)
        top.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 8, 10, 8)
        layout.addWidget(self._title)
        layout.addWidget(self._graphics, 1)
        layout.addLayout(top)
        layout.addWidget(self._value)
        self._colour.currentTextChanged.connect(lambda _: self._draw(True))
        self._each.toggled.connect(lambda _: self._draw(True))
        self._strong.toggled.connect(lambda _: self._draw(True))
        self._graphics.scene().sigMouseMoved.connect(self._point)
        appearance.changed.connect(self._set_theme)
        self._set_theme(appearance.theme)

    @property
    def layer(self) -> str:
        return self._layer

    @property
    def shown(self) -> np.ndarray | None:
        """The mosaic as it is drawn, uint8; None before there is one."""
        return self._image.image

    def watch(self, layer: str) -> None:
        """Show this layer from the next probe on."""
        if layer != self._layer:
            self._layer, self._step = layer, -1

    def show_probe(self, probe: Probe | None) -> None:
        """Draw the layer's maps of a probe, if it has some that were not drawn yet."""
        if probe is None or self._layer not in probe.maps or probe.step == self._step or not self.isVisible():
            return
        self._step = probe.step
        maps = probe.maps[self._layer]
        fresh = self._maps is None or maps.shape != self._maps.shape
        self._raw = maps
        self._maps = maps if maps.ndim == 3 else maps.reshape(1, 1, -1) if maps.ndim == 1 else maps[None]
        if maps.ndim == 1:
            side = math.ceil(math.sqrt(len(maps)))
            square = np.zeros(side * side, np.uint8)
            square[: len(maps)] = maps
            self._maps = square.reshape(1, side, side)
        self._range = probe.ranges[self._layer]
        self._draw(fresh)

    def _draw(self, fit: bool) -> None:
        maps = self._maps
        if maps is None:
            return
        strength = maps.reshape(len(maps), -1).max(1)
        lowest = maps.reshape(len(maps), -1).min(1)
        dead = int((strength == lowest).sum()) if len(maps) > 1 else 0
        self._order = None
        if self._strong.isChecked():
            self._order = np.argsort(-maps.reshape(len(maps), -1).mean(1), kind="stable")
            maps = maps[self._order]
        if self._each.isChecked():
            low = maps.min((1, 2), keepdims=True).astype(np.float32)
            span = np.maximum(maps.max((1, 2), keepdims=True) - low, 1)
            maps = ((maps - low) * (255 / span)).astype(np.uint8)
        room = self._graphics.size()
        wide = max(1.0, room.width() / max(1, room.height()))
        height, width = maps.shape[1:]
        self._columns = max(1, min(len(maps), round(math.sqrt(len(maps) * wide * height / width))))
        table = _COLOURS[self._colour.currentText()]
        self._image.setImage(mosaic(maps, self._columns), autoLevels=False, levels=(0, 255))
        self._image.setLookupTable(_lookup(table))
        if fit:
            self._box.autoRange(padding=0.02)
        count = len(maps)
        note = f", {dead} dead" if dead else ""
        shape = "×".join(map(str, self._raw.shape)) if self._raw is not None else ""
        self._title.setText(f"{self._layer}: {count} map{'s' if count > 1 else ''} of {shape}{note}")

    def _point(self, position: object) -> None:
        maps, raw = self._maps, self._raw
        if maps is None or raw is None:
            return
        point = self._box.mapSceneToView(position)
        height, width = maps.shape[1:]
        row, column = int(point.y() // (height + 1)), int(point.x() // (width + 1))
        y, x = int(point.y()) - row * (height + 1), int(point.x()) - column * (width + 1)
        number = row * self._columns + column
        if not (0 <= number < len(maps) and 0 <= y < height and 0 <= x < width and 0 <= column < self._columns):
            self._value.setText("")
            return
        number = int(self._order[number]) if self._order is not None else number
        low, high = self._range
        value = low + (high - low) * float(maps[number, y, x]) / 255
        self._value.setText(f"map {number}, row {y}, column {x}: {value:.4g}   (from {low:.4g} to {high:.4g})")

    def _set_theme(self, theme: Theme) -> None:
        self._graphics.setBackground(theme.surface)
        self._value.setAlignment(Qt.AlignmentFlag.AlignLeft)
