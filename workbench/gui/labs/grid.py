"""A table of numbers as coloured cells: numbers where there is room, cells that can be pointed at and typed into."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from workbench.gui.inspection.colours import SIGNED, lookup, quantised
from workbench.gui.pixels import picture
from workbench.gui.theme import Appearance, Theme
from workbench.labs.convolution import figure

Array = np.ndarray[Any, Any]

_LEAST_CELL = 26
_LEAST_RULED = 10
"""Lines between smaller cells would lie over a photo like a veil."""


class GridView(QWidget):
    """``pointed(row, column)`` when the mouse or the arrow keys go to a cell, ``edited(row, column, value)``.

    ``chosen(row, column)`` when a cell is clicked, or Return pressed where nothing can be typed; ``left`` when the
    mouse goes away. A frame of cells around the values, as wide as ``margin``, stands for padding; so does a cell whose
    value is not a number, and where one is infinite there is nothing.
    """

    pointed = Signal(int, int)
    chosen = Signal(int, int)
    left = Signal()
    edited = Signal(int, int, float)

    def __init__(self, name: str, appearance: Appearance, editable: bool = False) -> None:
        super().__init__()
        self._theme, self._editable = appearance.theme, editable
        self._values: Array = np.full((1, 1), np.inf)
        self._colour: Array | None = None
        self._colours, self._limits = "Grey", (0.0, 1.0)
        self._margin = 0
        self._marked: tuple[tuple[int, ...], tuple[int, ...]] = ((), ())
        self._place = (0, 0)
        self._editor: QLineEdit | None = None
        self.setAccessibleName(name)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(QSize(90, 90))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        if editable:
            self.setToolTip("Double-click a cell, or press Return, to type another number.")
        appearance.changed.connect(self._set_theme)

    # what others tell

    def show_values(
        self, values: Array, colours: str = "Grey", limits: tuple[float, float] | None = None, margin: int = 0
    ) -> None:
        """Values ``(rows, columns)``; without limits the colours go from the lowest to the highest."""
        self._values, self._colour, self._colours, self._margin = values, None, colours, margin
        known = values[np.isfinite(values)]
        low, high = limits or ((float(known.min()), float(known.max())) if known.size else (0.0, 0.0))
        if colours == SIGNED:
            high = max(abs(low), abs(high)) or 1.0
            low = -high
        self._limits = (low, high)
        self.update()

    def show_picture(self, colour: Array, margin: int = 0) -> None:
        """A colour picture ``(3, rows, columns)`` of values 0 to 1."""
        self.show_values(colour.mean(0), margin=margin)
        self._colour = (np.clip(colour, 0, 1) * 255).round().astype(np.uint8)

    def mark(self, rows: tuple[int, ...], columns: tuple[int, ...]) -> None:
        """Frame the cells where these rows and columns cross; both may lie in the margin."""
        if (rows, columns) != self._marked:
            self._marked = (rows, columns)
            if rows and columns:
                self._place = (rows[0], columns[0])
            self.update()

    @property
    def values(self) -> Array:
        """What is shown, ``(rows, columns)``."""
        return self._values

    @property
    def marked(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        return self._marked

    # geometry

    def _cell(self) -> tuple[float, QPointF]:
        """The side of a cell, and where cell (0, 0) begins."""
        rows, columns = self._values.shape
        across, down = columns + 2 * self._margin, rows + 2 * self._margin
        side = min(
            (self.width() - 2) / across, (self.height() - 2) / down, max(64.0, min(self.width(), self.height()) / 6)
        )
        left = (self.width() - side * across) / 2
        return side, QPointF(left + side * self._margin, 1 + side * self._margin)  # at the top, below its title

    def cell_rect(self, row: int, column: int) -> QRectF:
        side, origin = self._cell()
        return QRectF(origin.x() + column * side, origin.y() + row * side, side, side)

    def _at(self, position: QPointF) -> tuple[int, int] | None:
        side, origin = self._cell()
        column, row = int((position.x() - origin.x()) // side), int((position.y() - origin.y()) // side)
        rows, columns = self._values.shape
        return (row, column) if 0 <= row < rows and 0 <= column < columns else None

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        side, origin = self._cell()
        rows, columns = self._values.shape
        room = QRectF(origin.x(), origin.y(), side * columns, side * rows)
        if self._margin:
            m = side * self._margin
            painter.fillRect(room.adjusted(-m, -m, m, m), QColor(self._theme.border))
        painter.drawImage(room, picture(self._pixels()))
        self._draw_holes(painter)
        if side >= _LEAST_RULED:
            self._draw_lines(painter, room, side)
            self._clear_gaps(painter, room, side)
        if side >= _LEAST_CELL:
            self._draw_numbers(painter, side)
        self._draw_mark(painter)

    def _pixels(self) -> Array:
        if self._colour is not None:
            return self._colour
        table = lookup(self._colours)
        values = np.nan_to_num(self._values.astype(np.float32), posinf=0.0, neginf=0.0)
        pixels = table[quantised(values, *self._limits)][..., :3]
        ground = QColor(self._theme.surface)
        pixels[~np.isfinite(self._values)] = (ground.red(), ground.green(), ground.blue())
        return pixels.transpose(2, 0, 1)

    def _draw_holes(self, painter: QPainter) -> None:
        hatched = QBrush(QColor(self._theme.muted), Qt.BrushStyle.BDiagPattern)
        for row, column in np.argwhere(np.isnan(self._values)).tolist():
            painter.fillRect(self.cell_rect(row, column), hatched)

    def _draw_lines(self, painter: QPainter, room: QRectF, side: float) -> None:
        painter.setPen(QPen(QColor(self._theme.border), 1))
        rows, columns = self._values.shape
        for row in range(rows + 1):
            y = room.top() + row * side
            painter.drawLine(QPointF(room.left(), y), QPointF(room.right(), y))
        for column in range(columns + 1):
            x = room.left() + column * side
            painter.drawLine(QPointF(x, room.top()), QPointF(x, room.bottom()))

    def _clear_gaps(self, painter: QPainter, room: QRectF, side: float) -> None:
        """No lines between maps that lie beside each other, where nothing is."""
        ground = QColor(self._theme.surface)
        for begin, end in _runs(np.all(np.isinf(self._values), axis=1)):
            top, high = room.top() + begin * side + 1, (end - begin) * side - 1
            painter.fillRect(QRectF(room.left(), top, room.width() + 1, high), ground)
        for begin, end in _runs(np.all(np.isinf(self._values), axis=0)):
            left, wide = room.left() + begin * side + 1, (end - begin) * side - 1
            painter.fillRect(QRectF(left, room.top(), wide, room.height() + 1), ground)

    def _draw_numbers(self, painter: QPainter, side: float) -> None:
        font = QFont(self.font())
        texts = [figure(float(value)).strip("()") for value in self._values.flat]
        font.setPixelSize(15)
        widest = max(QFontMetricsF(font).horizontalAdvance(text) for text in texts)
        font.setPixelSize(max(6, int(15 * min(max(1.0, side / 64), (side - 5) / widest))))
        painter.setFont(font)
        pixels = self._pixels().astype(np.float32).mean(0)
        for (row, column), text in zip(np.ndindex(self._values.shape), texts, strict=True):
            if not np.isfinite(self._values[row, column]):
                continue
            painter.setPen(QColor("#111111" if pixels[row, column] > 120 else "#f5f5f5"))
            painter.drawText(self.cell_rect(row, column), Qt.AlignmentFlag.AlignCenter, text)

    def _draw_mark(self, painter: QPainter) -> None:
        rows, columns = self._marked
        if not rows or not columns:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(self._theme.accent), 1.5))
        if len(rows) > 1 and rows[1] - rows[0] > 1:  # a dilated filter sees cells that lie apart
            for row in rows:
                for column in columns:
                    painter.drawRect(self.cell_rect(row, column))
        painter.setPen(QPen(QColor(self._theme.validation), 3))
        whole = self.cell_rect(rows[0], columns[0]).united(self.cell_rect(rows[-1], columns[-1]))
        painter.drawRoundedRect(whole, 3, 3)
        if self.hasFocus():
            painter.setPen(QPen(QColor(self._theme.accent), 1, Qt.PenStyle.DotLine))
            painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))

    # mouse and keys

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        found = self._at(event.position())
        if found:
            self.pointed.emit(*found)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        found = self._at(event.position())
        if found and event.button() == Qt.MouseButton.LeftButton:
            self._place = found
            self.chosen.emit(*found)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.left.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        found = self._at(event.position())
        if found and self._editable:
            self._edit(*found)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = Qt.Key
        step = {keys.Key_Left: (0, -1), keys.Key_Right: (0, 1), keys.Key_Up: (-1, 0), keys.Key_Down: (1, 0)}
        by = step.get(event.key())  # type: ignore[call-overload]
        if by is not None:
            rows, columns = self._values.shape
            row, column = self._place
            self._place = (min(max(row + by[0], 0), rows - 1), min(max(column + by[1], 0), columns - 1))
            if self._editable:
                self.mark((self._place[0],), (self._place[1],))
            self.pointed.emit(*self._place)
        elif event.key() in (keys.Key_Return, keys.Key_Enter):
            if self._editable:
                self._edit(*self._place)
            else:
                self.chosen.emit(*self._place)
        else:
            super().keyPressEvent(event)

    def _edit(self, row: int, column: int) -> None:
        self._close_editor()
        self._editor = editor = QLineEdit(figure(float(self._values[row, column])).strip("()"), self)
        rect = self.cell_rect(row, column).toRect()
        rect.setWidth(max(rect.width(), 52))
        rect.setHeight(max(rect.height(), 24))
        editor.setGeometry(rect)
        editor.setAccessibleName(f"Row {row + 1}, column {column + 1}")
        editor.selectAll()
        editor.editingFinished.connect(lambda: self._take(row, column))
        editor.show()
        editor.setFocus()

    def _take(self, row: int, column: int) -> None:
        editor = self._editor
        if editor is None:
            return
        text = editor.text().replace("−", "-").replace(",", ".")
        self._close_editor()
        try:
            value = float(text)
        except ValueError:
            return  # what is no number changes nothing
        if np.isfinite(value):
            self.edited.emit(row, column, max(-1e6, min(1e6, value)))

    def _close_editor(self) -> None:
        editor, self._editor = self._editor, None
        if editor is not None:
            editor.hide()
            editor.deleteLater()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._close_editor()

    def _set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()


def _runs(are_empty: Array) -> list[tuple[int, int]]:
    """Where rows that are empty begin and end, those beside each other taken together."""
    steps = np.flatnonzero(np.diff(np.concatenate([[False], are_empty, [False]]).astype(np.int8)))
    return list(zip(steps[::2].tolist(), steps[1::2].tolist(), strict=True))
