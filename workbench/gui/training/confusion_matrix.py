"""Which classes are taken for which, as a matrix that can be read cell by cell."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import QPoint, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontInfo,
    QFontMetrics,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QWidget

from workbench.gui.theme import Appearance, Theme

_SMALLEST_CELL, _NAMED_CELL = 4, 9
_SHARE_ROOM = 46


class ConfusionMatrix(QWidget):
    """Rows are true classes, columns what they were called; at the right each row's share that is right."""

    chosen = Signal(int, int)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._theme = appearance.theme
        self._counts = np.zeros((0, 0), np.int64)
        self._here: tuple[int, int] | None = None
        self.classes: tuple[str, ...] = ()
        self.setMouseTracking(True)
        self.setMinimumSize(180, 120)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Confusion matrix")
        appearance.changed.connect(self._set_theme)

    def show_counts(self, counts: np.ndarray[Any, Any], classes: tuple[str, ...]) -> bool:
        """Show these counts ``(true, called)``; whether there are any."""
        if counts.ndim != 2 or counts.shape != (len(classes), len(classes)):
            return False
        if classes != self.classes:
            self._here = None
        self._counts, self.classes = counts, classes
        self.update()
        return True

    def worst(self) -> tuple[str, str, int] | None:
        """The two classes most often confused, and how often."""
        wrong = self._counts - np.diag(np.diag(self._counts))
        if not wrong.any():
            return None
        true, called = np.unravel_index(int(wrong.argmax()), wrong.shape)
        return self.classes[true], self.classes[called], int(wrong.max())

    def cell_at(self, position: QPoint) -> tuple[int, int] | None:
        if not len(self._counts):
            return None
        area, side = self._area()
        column, row = int((position.x() - area.left()) // side), int((position.y() - area.top()) // side)
        inside = 0 <= row < len(self._counts) and 0 <= column < len(self._counts)
        return (row, column) if inside else None

    def cell_centre(self, true: int, called: int) -> QPoint:
        area, side = self._area()
        return QPoint(round(area.left() + (called + 0.5) * side), round(area.top() + (true + 0.5) * side))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        cell = self.cell_at(event.position().toPoint())
        if cell is not None:
            self._here = cell
            self.chosen.emit(*cell)
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        cell = self.cell_at(event.position().toPoint())
        if cell is None:
            self.setToolTip("")
            return
        self.setToolTip(self._words(*cell))

    def _words(self, true: int, called: int) -> str:
        total = int(self._counts[true].sum())
        share = self._counts[true, called] / total if total else 0.0
        words = "right" if true == called else f"taken for '{self.classes[called]}'"
        return f"'{self.classes[true]}' {words}: {self._counts[true, called]} of {total} ({share:.1%})"

    def keyPressEvent(self, event: QKeyEvent) -> None:
        moves = {Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0)}
        step = moves.get(Qt.Key(event.key()))
        if not len(self._counts) or (step is None and event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Space)):
            super().keyPressEvent(event)
            return
        row, column = self._here or (0, 0)
        if step is None:
            self.chosen.emit(row, column)
            return
        last = len(self._counts) - 1
        self._here = (min(max(row + step[0], 0), last), min(max(column + step[1], 0), last))
        self.setAccessibleDescription(self._words(*self._here))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme = QPainter(self), self._theme
        if not len(self._counts):
            painter.setPen(QColor(theme.muted))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, "No epoch yet")
            return
        area, side = self._area()
        shares = self._counts / np.maximum(self._counts.sum(1, keepdims=True), 1)
        painter.setFont(self._font_of(side))
        right, wrong = QColor(theme.good), QColor(theme.error)
        if side < _SMALLEST_CELL:
            ink = np.where(self._counts > 0, np.minimum(1, 0.15 + 0.85 * shares**0.5), 0)
            image, span = _drawn_small(ink, int(area.width() * self.devicePixelRatioF()), right, wrong)
            painter.drawImage(QRectF(area.left(), area.top(), side * span, side * span), image)
        for row in range(len(shares)) if side >= _SMALLEST_CELL else ():
            for column in range(len(shares)):
                count = int(self._counts[row, column])
                cell = QRectF(area.left() + column * side, area.top() + row * side, side, side)
                if count:
                    colour = QColor(right if row == column else wrong)
                    colour.setAlphaF(float(min(1.0, 0.15 + 0.85 * shares[row, column] ** 0.5)))
                    painter.fillRect(cell.adjusted(0.5, 0.5, -0.5, -0.5), colour)
                    if side >= 16:
                        strong = shares[row, column] > 0.4
                        painter.setPen(QColor(theme.surface if strong else theme.text))
                        painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, str(count))
        self._paint_names(painter, area, side, shares)
        painter.setPen(QPen(QColor(theme.border), 1))
        painter.drawRect(area)
        here = self._here or ((0, 0) if self.hasFocus() else None)
        if here is not None and max(here) < len(shares):
            painter.setPen(QPen(QColor(theme.accent), 2))
            painter.drawRect(QRectF(area.left() + here[1] * side, area.top() + here[0] * side, side, side))

    def _paint_names(self, painter: QPainter, area: QRectF, side: float, shares: np.ndarray[Any, Any]) -> None:
        theme = self._theme
        if side < _NAMED_CELL:
            return
        metrics = painter.fontMetrics()
        upright = any(metrics.horizontalAdvance(name) > side for name in self.classes)
        along = side if not upright else self.height() - area.bottom() - 6
        vertical, right = Qt.AlignmentFlag.AlignVCenter, Qt.AlignmentFlag.AlignRight
        for number, name in enumerate(self.classes):
            top = area.top() + number * side
            painter.setPen(QColor(theme.text))
            shown = metrics.elidedText(name, Qt.TextElideMode.ElideRight, int(area.left() - 8))
            painter.drawText(QRectF(0, top, area.left() - 6, side), vertical | right, shown)
            painter.setPen(QColor(theme.muted))
            share = f"{shares[number, number]:.0%}"
            painter.drawText(QRectF(area.right() + 6, top, _SHARE_ROOM, side), vertical, share)
            shown = metrics.elidedText(name, Qt.TextElideMode.ElideRight, int(along))
            painter.save()
            painter.translate(area.left() + number * side, area.bottom() + 4)
            if upright:
                painter.rotate(-90)
                painter.drawText(QRectF(-along, 0, along, side), vertical | right, shown)
            else:
                painter.drawText(QRectF(0, 0, side, metrics.height()), Qt.AlignmentFlag.AlignCenter, shown)
            painter.restore()

    def _font_of(self, side: float) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(int(min(QFontInfo(font).pixelSize() - 1, max(7, side * 0.45))))
        return font

    def _area(self) -> tuple[QRectF, float]:
        """Where the cells stand, and how large one is. Names of columns that are wider than one stand upright."""
        count = max(1, len(self._counts))
        names = max((self.fontMetrics().horizontalAdvance(name) for name in self.classes), default=0)
        left = min(names + 10, self.width() // 4)
        across = (self.width() - left - _SHARE_ROOM - 4) / count
        flat = self.fontMetrics().height() + 6
        side = min(across, (self.height() - flat) / count)
        width = max((QFontMetrics(self._font_of(side)).horizontalAdvance(name) for name in self.classes), default=0)
        if width > side >= _NAMED_CELL:
            side = min(across, (self.height() - max(flat, min(width + 8, self.height() // 3))) / count)
        return QRectF(left, 2, side * count, side * count), side

    def _set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()


def _drawn_small(ink: np.ndarray[Any, Any], pixels: int, right: QColor, wrong: QColor) -> tuple[QImage, int]:
    """A matrix of 0..1 whose cells are too small to be drawn one by one, and how many rows the picture stands for.

    Where several cells share a pixel the strongest is seen: a single mistake among a thousand classes is not lost.
    """
    step = -(-len(ink) // max(1, pixels))
    side = -(-len(ink) // step)
    whole = np.zeros((side * step, side * step))
    whole[: len(ink), : len(ink)] = ink
    strongest = whole.reshape(side, step, side, step).max((1, 3))
    colours = np.zeros((side, side, 4), np.uint8)
    colours[..., :3] = wrong.red(), wrong.green(), wrong.blue()
    colours[np.diag_indices(side)] = right.red(), right.green(), right.blue(), 0
    colours[..., 3] = 255 * strongest
    return QImage(colours.tobytes(), side, side, 4 * side, QImage.Format.Format_RGBA8888).copy(), side * step
