"""One map large, with the spread of its values and the filter that made it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from workbench.gui.inspection.colours import figure, lookup, quantised
from workbench.gui.inspection.histogram import Histogram
from workbench.gui.inspection.image_view import ImageView
from workbench.gui.inspection.kernels import KernelPicture, kernel_picture
from workbench.gui.theme import Appearance
from workbench.inspection import Filters, Origin, in_words

if TYPE_CHECKING:
    from workbench.graph import Shape


class MapView(QWidget):
    """A map ``(H, W)`` of floats. ``left`` is asked for with Escape; ``stepped`` with the arrow keys, by −1 or 1."""

    left = Signal()
    stepped = Signal(int)
    told = Signal(str)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._values: np.ndarray[Any, Any] | None = None
        self._kernel: KernelPicture | None = None
        self._looks_at: Shape | None = None
        self.image = ImageView("The map", appearance)
        self.filter = ImageView("The filter that made the map", appearance, "border")
        self.histogram = Histogram(appearance)
        self._made_by = QLabel()
        self._made_by.setWordWrap(True)
        self._made_by.setProperty("role", "muted")
        self._made_by.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._reach = QLabel()
        self._reach.setProperty("role", "muted")
        side = QVBoxLayout()
        side.setSpacing(2)
        side.addWidget(self._made_by)
        side.addWidget(self.filter, 3)
        side.addWidget(self._reach)
        side.addWidget(self.histogram, 2)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(self.image, 3)
        layout.addLayout(side, 2)
        self.image.pointed.connect(self._point_at_map)
        self.filter.pointed.connect(self._point_at_filter)
        self.setFocusProxy(self.image)

    @property
    def kernel(self) -> KernelPicture | None:
        """The filter as it is drawn; None where none is."""
        return self._kernel

    @property
    def made_by(self) -> str:
        return self._made_by.text()

    def show_map(self, values: np.ndarray[Any, Any], colours: str, low: float, high: float) -> None:
        """Draw the map; ``low`` and ``high`` are the values of the first and last colour."""
        self._values = values
        self.image.show_image(quantised(values, low, high), lookup(colours))
        self.histogram.show_values(values)

    def show_origin(self, found: Origin) -> None:
        """Tell what made the map; its filter is shown when there is a copy of it."""
        self._made_by.setText(in_words(found))
        self._looks_at = found.looks_at
        if not found.layer:
            self.show_filter(None)

    def show_filter(self, filters: Filters | None) -> None:
        """Draw the one filter of ``filters``."""
        self.filter.setVisible(filters is not None)
        self._reach.setVisible(filters is not None)
        if filters is None:
            self._kernel = None
            return
        room = (float(self.filter.width()), float(self.filter.height()))
        self._kernel = kernel_picture(filters.weight, filters.first, room, self._looks_at)
        self.filter.show_image(*self._kernel.sheet())
        bias = "" if filters.bias is None else f", bias {figure(float(filters.bias[0]))}"
        self._reach.setText(f"±{figure(self._kernel.reach)}{bias}")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = Qt.Key
        if event.key() in (keys.Key_Escape, keys.Key_Backspace):
            self.left.emit()
        elif event.key() in (keys.Key_Left, keys.Key_Up):
            self.stepped.emit(-1)
        elif event.key() in (keys.Key_Right, keys.Key_Down):
            self.stepped.emit(1)
        else:
            event.ignore()

    def _point_at_map(self, place: QPointF | None) -> None:
        values = self._values
        if place is None or values is None:
            self.told.emit("")
            return
        row, column = int(place.y()), int(place.x())
        if row < values.shape[0] and column < values.shape[1]:
            self.told.emit(f"row {row}, column {column}: {figure(float(values[row, column]))}")

    def _point_at_filter(self, place: QPointF | None) -> None:
        found = self._kernel.at(place.x(), place.y()) if self._kernel is not None and place is not None else None
        self.told.emit(weight_in_words(found, told_filter=False) if found else "")


def weight_in_words(found: tuple[int, int | None, int, int, tuple[float, ...]], told_filter: bool = True) -> str:
    """What `KernelPicture.at` found, as a person reads it."""
    number, channel, row, column, weights = found
    where = [f"filter {number}"] if told_filter else []
    where += [f"channel {channel}"] if channel is not None else []
    return f"{', '.join([*where, f'row {row}', f'column {column}'])}: {', '.join(map(figure, weights))}"
