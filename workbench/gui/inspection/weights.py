"""Weights, live: the filters of the chosen layer as small pictures, and how every layer's weights lie."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from workbench.gui.pixels import NOTHING, picture, see_through
from workbench.gui.theme import Appearance, Theme

if TYPE_CHECKING:
    from workbench.training import Weights

_MOST = 256


def filter_sheet(filters: np.ndarray[Any, Any], columns: int) -> tuple[np.ndarray[Any, Any], int]:
    """Filters ``(out, in, h, w)`` as one uint8 sheet and how many are on it.

    With three inputs each filter is one colour picture, ``(3, H, W)``; else each slice is a grey one, ``(1, H, W)``,
    clear where nothing is. Zero is mid-grey: the scale is the same for all and symmetrical.
    """
    reach = float(np.abs(filters).max()) or 1.0
    scaled = np.clip(127 + filters / reach * 127, 0, NOTHING - 1).astype(np.uint8)
    colour = filters.shape[1] == 3
    tiles = scaled if colour else scaled.reshape(-1, 1, *filters.shape[2:])
    tiles = tiles[:_MOST]
    count, channels, height, width = tiles.shape
    columns = max(1, min(columns, count))
    rows = -(-count // columns)
    background = 127 if colour else NOTHING
    sheet = np.full((channels, rows * (height + 1), columns * (width + 1)), background, np.uint8)
    for number in range(count):
        top, left = number // columns * (height + 1), number % columns * (width + 1)
        sheet[:, top : top + height, left : left + width] = tiles[number]
    return sheet, count


class WeightsPanel(QWidget):
    """The filters at the left, the histograms at the right."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self.filters = FiltersView(appearance)
        self.histograms = Histograms(appearance)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(self.histograms)
        self._title = QLabel("The filters of the selected layer appear here.")
        self._title.setProperty("role", "heading")
        left = QVBoxLayout()
        left.addWidget(self._title)
        left.addWidget(self.filters, 1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10, 8, 10, 8)
        layout.addLayout(left, 1)
        layout.addWidget(area, 1)

    @property
    def title(self) -> str:
        return self._title.text()

    def show_weights(self, weights: Mapping[str, Weights], layer: str) -> None:
        """Show what a probe has told of the weights, and the filters of one layer."""
        if not weights:
            return
        self.histograms.show_weights(weights)
        chosen = weights.get(layer)
        if chosen is None or chosen.filters is None or chosen.filters.ndim != 4:
            return
        count = self.filters.show_filters(chosen.filters)
        total = (
            len(chosen.filters) if chosen.filters.shape[1] == 3 else chosen.filters.shape[0] * chosen.filters.shape[1]
        )
        some = f"{count} of {total} slices" if count < total else f"{len(chosen.filters)} filters"
        shape = "×".join(map(str, chosen.filters.shape[1:]))
        self._title.setText(f"{layer}: {some} of {shape}, from {chosen.low:.3g} to {chosen.high:.3g}")


class FiltersView(QWidget):
    """One sheet of filters, as large as there is room."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._filters: np.ndarray[Any, Any] | None = None
        self._image: QImage | None = None
        self.setMinimumSize(120, 80)
        self.setAccessibleName("Filters")
        appearance.changed.connect(lambda _: self.update())

    @property
    def shown(self) -> QImage | None:
        return self._image

    def show_filters(self, filters: np.ndarray[Any, Any]) -> int:
        """Show filters ``(out, in, h, w)``; how many are on the sheet."""
        self._filters = filters
        tiles = len(filters) if filters.shape[1] == 3 else filters.shape[0] * filters.shape[1]
        tiles = min(tiles, _MOST)
        wide = max(1.0, self.width() / max(1, self.height()))
        sheet, count = filter_sheet(filters, max(1, round((tiles * wide) ** 0.5)))
        self._image = picture(sheet) if len(sheet) == 3 else see_through(sheet[0])
        self.update()
        return count

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._image is None:
            return
        painter = QPainter(self)
        scale = min(self.width() / self._image.width(), self.height() / self._image.height())
        size = QRectF(0, 0, self._image.width() * scale, self._image.height() * scale)
        painter.drawImage(size, self._image)


class Histograms(QWidget):
    """A curve a layer: how many of its weights lie where."""

    _ROW = 34

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._theme = appearance.theme
        self._weights: Mapping[str, Weights] = {}
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.setAccessibleName("Weights of every layer")
        appearance.changed.connect(self._set_theme)

    @property
    def layers(self) -> list[str]:
        return list(self._weights)

    def sizeHint(self) -> QSize:
        return QSize(220, max(60, self._ROW * len(self._weights) + 8))

    minimumSizeHint = sizeHint

    def show_weights(self, weights: Mapping[str, Weights]) -> None:
        fresh = len(weights) != len(self._weights)
        self._weights = weights
        if fresh:
            self.updateGeometry()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme = QPainter(self), self._theme
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self._weights:
            painter.setPen(QColor(theme.muted))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, "How each layer's weights lie, live")
            return
        fill = QColor(theme.training)
        fill.setAlpha(70)
        visible = event.rect()
        for number, (name, weights) in enumerate(self._weights.items()):
            top = number * self._ROW + 4
            if top > visible.bottom() or top + self._ROW < visible.top():
                continue
            painter.setPen(QColor(theme.muted))
            metrics = painter.fontMetrics()
            label = metrics.elidedText(name, Qt.TextElideMode.ElideLeft, 120)
            painter.drawText(QRectF(4, top, 124, self._ROW), Qt.AlignmentFlag.AlignVCenter, label)
            room = QRectF(132, top + 2, self.width() - 240, self._ROW - 8)
            if weights.counts is not None and room.width() > 20:
                tallest = float(weights.counts.max()) or 1.0
                step = room.width() / len(weights.counts)
                points = [QPointF(room.left(), room.bottom())]
                points += [
                    QPointF(room.left() + (place + 0.5) * step, room.bottom() - room.height() * float(value) / tallest)
                    for place, value in enumerate(weights.counts)
                ]
                points.append(QPointF(room.right(), room.bottom()))
                painter.setPen(QColor(theme.training))
                painter.setBrush(fill)
                painter.drawPolygon(QPolygonF(points))
            painter.setPen(QColor(theme.muted))
            area = QRectF(self.width() - 100, top, 96, self._ROW)
            right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            painter.drawText(area, right, f"{weights.low:.2g} … {weights.high:.2g}")

    def _set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()
