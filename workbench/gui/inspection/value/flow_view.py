"""What maps became a map: each with the value in it, the signs between them, and the piece of an axis it came from."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from workbench.gui.inspection.colours import lookup, quantised
from workbench.gui.theme import Appearance, Theme
from workbench.inspection import Flow, Slices, Tile
from workbench.inspection.arithmetic import figure

_SIGN_WIDE = 30.0
_BAR_HIGH = 16.0
_LEAST_FRAME = 6.0
_MOST_TILES = 6
"""Of more branches only those are drawn that give most; the list beside has them all."""

_MIDDLE, _LEFT = Qt.AlignmentFlag.AlignCenter, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft


class FlowView(QWidget):
    """``chosen(place)`` when one of the maps that went in is clicked; the list beside does the same by keys."""

    chosen = Signal(object)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._theme = appearance.theme
        self._flow: Flow | None = None
        self._shown: tuple[Tile, ...] = ()
        self.setAccessibleName("Maps that went into the value")
        self.setToolTip("Click a map to see how its value came about.")
        self.setMouseTracking(True)
        self.setMinimumSize(QSize(180, 120))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        appearance.changed.connect(self._set_theme)

    @property
    def flow(self) -> Flow | None:
        return self._flow

    @property
    def signs(self) -> list[str]:
        """What stands behind each map that is drawn."""
        flow = self._flow
        if flow is None:
            return []
        last = f"all ÷ {flow.divisor} =" if flow.divisor > 1 else "=" if flow.sign else "→"
        more = len(flow.taken) - len(self._shown)
        between = [flow.sign] * (len(self._shown) - 1)
        return [*between, f"{flow.sign} {more} more {last}" if more else last]

    def show_flow(self, flow: Flow) -> None:
        self._flow = flow
        order = sorted(range(len(flow.taken)), key=lambda n: -abs(flow.taken[n].value))[:_MOST_TILES]
        self._shown = tuple(flow.taken[n] for n in sorted(order))
        tiles = (*self._shown, flow.given)
        told = " ".join(
            f"{tile.place.node} {figure(tile.value)} {s}" for tile, s in zip(tiles, [*self.signs, ""], strict=True)
        )
        self.setAccessibleDescription(told.strip())
        self.update()

    def tile_room(self, number: int) -> QRectF:
        """Where a map is drawn, of the last the one that came of them."""
        count = len(self._shown) + 1
        signs = self._signs_wide()
        top = self._slices_high()
        line = self._line
        side = max(12.0, min((self.width() - sum(signs)) / count, self.height() - top - 2 * line - 2))
        return QRectF(number * side + sum(signs[:number]), top + line, side, side)

    # painting

    @property
    def _line(self) -> float:
        return QFontMetricsF(self.font()).height() + 2

    def _signs_wide(self) -> list[float]:
        metrics = QFontMetricsF(self.font())
        return [max(_SIGN_WIDE, metrics.horizontalAdvance(sign) + 12) for sign in self.signs]

    def _slices_high(self) -> float:
        return 2 * self._line + _BAR_HIGH + 6 if self._flow is not None and self._flow.slices is not None else 0.0

    def paintEvent(self, event: QPaintEvent) -> None:
        flow = self._flow
        if flow is None:
            return
        painter = QPainter(self)
        if flow.slices is not None:
            self._paint_slices(painter, flow.slices)
        # What is multiplied has scales of its own: a gate from 0 to 1 beside maps of any size.
        alike = None if flow.sign == "·" else _limits([tile.values for tile in (*self._shown, flow.given)])
        for number, tile in enumerate((*self._shown, flow.given)):
            self._paint_tile(painter, self.tile_room(number), tile, alike or _limits([tile.values]))
        painter.setPen(QColor(self._theme.text))
        for number, (sign, wide) in enumerate(zip(self.signs, self._signs_wide(), strict=True)):
            room = self.tile_room(number)
            painter.drawText(QRectF(room.right(), room.top(), wide, room.height()), _MIDDLE, sign)

    def _paint_tile(self, painter: QPainter, room: QRectF, tile: Tile, limits: tuple[float, float]) -> None:
        rows, columns = tile.values.shape
        scale = min(room.width() / columns, room.height() / rows)
        # A row of very many features is drawn as wide as there is room, and high enough to be seen.
        wide, high = max(columns * scale, room.width() * (rows == 1)), max(rows * scale, 14.0)
        area = QRectF(room.left() + (room.width() - wide) / 2, room.top() + (room.height() - high) / 2, wide, high)
        painter.drawImage(area, _image(tile.values, limits))
        painter.setPen(QPen(QColor(self._theme.border), 1))
        painter.drawRect(area)
        cell = QRectF(
            area.left() + tile.cell[1] * wide / columns, area.top() + tile.cell[0] * high / rows,
            wide / columns, high / rows,
        )  # fmt: skip
        grow = max(0.0, _LEAST_FRAME - min(cell.width(), cell.height())) / 2
        frame = cell.adjusted(-grow, -grow, grow, grow)
        for colour, thick in ((self._theme.surface, 4), (self._theme.validation, 2)):
            painter.setPen(QPen(QColor(colour), thick))
            painter.drawRect(frame)
        line = self._line
        metrics = painter.fontMetrics()
        painter.setPen(QColor(self._theme.muted))
        # A name may stand over half of the signs beside its map.
        above = QRectF(room.left(), room.top() - line, room.width(), line).adjusted(
            -_SIGN_WIDE / 2, 0, _SIGN_WIDE / 2, 0
        )
        above.setLeft(max(0.0, above.left()))
        name = metrics.elidedText(_named(tile), Qt.TextElideMode.ElideMiddle, int(above.width()) - 4)
        painter.drawText(above, _MIDDLE, name)
        painter.setPen(QColor(self._theme.text))
        painter.drawText(QRectF(room.left(), room.bottom() + 1, room.width(), line), _MIDDLE, figure(tile.value))

    def _paint_slices(self, painter: QPainter, slices: Slices) -> None:
        line, total = self._line, sum(slices.sizes)
        wide = self.width() - 2.0
        metrics, start = painter.fontMetrics(), 0
        told = f"{slices.axis} {slices.at} of {total:,}: {slices.names[slices.piece]}"
        painter.setPen(QColor(self._theme.text))
        painter.drawText(
            QRectF(0, 0, wide, line), _LEFT, metrics.elidedText(told, Qt.TextElideMode.ElideRight, int(wide))
        )
        for number, (name, size) in enumerate(zip(slices.names, slices.sizes, strict=True)):
            bar = QRectF(1 + wide * start / total, line, wide * size / total, _BAR_HIGH)
            ground = QColor(self._theme.accent if number == slices.piece else self._theme.muted)
            ground.setAlpha(150 if number == slices.piece else 50)
            painter.fillRect(bar, ground)
            painter.setPen(QPen(QColor(self._theme.border), 1))
            painter.drawRect(bar)
            words = f"{name}, {start}–{start + size - 1}" if size > 1 else f"{name}, {start}"
            words = metrics.elidedText(words, Qt.TextElideMode.ElideMiddle, int(bar.width()) - 4)
            painter.setPen(QColor(self._theme.text if number == slices.piece else self._theme.muted))
            painter.drawText(QRectF(bar.left() + 2, bar.bottom(), bar.width() - 4, line), _MIDDLE, words)
            start += size
        x = 1 + wide * (slices.at + 0.5) / total
        painter.fillRect(QRectF(x - 1.5, line - 2, 3, _BAR_HIGH + 4), QColor(self._theme.validation))

    # pointing

    def _tile_at(self, event: QMouseEvent) -> Tile | None:
        tiles = enumerate(self._shown)
        return next((tile for n, tile in tiles if self.tile_room(n).contains(event.position())), None)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        hand = Qt.CursorShape.PointingHandCursor if self._tile_at(event) is not None else Qt.CursorShape.ArrowCursor
        self.setCursor(hand)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        tile = self._tile_at(event)
        if tile is not None and event.button() == Qt.MouseButton.LeftButton:
            self.chosen.emit(tile.place)

    def _set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()


def _named(tile: Tile) -> str:
    """``conv2, map 3``."""
    place = tile.place
    part = f", part {place.part}" if place.part else ""
    return f"{place.node}{part}, map {place.index[0]}" if len(place.index) == 3 else f"{place.node}{part}"


def _limits(several: list[np.ndarray[Any, Any]]) -> tuple[float, float]:
    known = [values[np.isfinite(values)] for values in several]
    known = [values for values in known if values.size]
    if not known:
        return 0.0, 1.0
    return min(float(values.min()) for values in known), max(float(values.max()) for values in known)


def _image(values: np.ndarray[Any, Any], limits: tuple[float, float]) -> QImage:
    low, high = limits
    # A map of one level is as bright as it lies between zero and one, as a gate is.
    low, high = (min(0.0, low), max(1.0, high)) if low == high else (low, high)
    pixels = np.ascontiguousarray(lookup("Viridis")[quantised(np.nan_to_num(values), low, high)])
    height, width = values.shape
    return QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGBA8888).copy()
