"""A vector as a row of bars."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter

from workbench.gui.theme import Theme


def draw_bars(
    painter: QPainter,
    room: QRectF,
    values: Any,
    theme: Theme,
    marked: int | None = None,
    most: float | None = None,
    beside: Any = None,
) -> None:
    """Bars from zero, as high as the room for the largest value, or for ``most``; the ``marked`` one stands out.

    ``beside`` are values of the same shape that each bar is held against, drawn as a short line across it.
    """
    finite = np.nan_to_num(values)
    others = finite if beside is None else np.concatenate([finite, np.nan_to_num(beside)])
    low, high = min(0.0, float(others.min())), max(most or 0.0, float(others.max())) or 1.0
    scale, step = room.height() / (high - low), room.width() / len(finite)
    zero = room.bottom() + low * scale
    painter.fillRect(QRectF(room.left(), zero, room.width(), 1), QColor(theme.border))
    colour, chosen = QColor(theme.accent), QColor(theme.validation)
    colour.setAlpha(150)

    def bar(number: int, least_wide: float, least_high: float) -> QRectF:
        value = float(finite[number])
        wide = max(least_wide, step - (1 if step > 3 else 0))
        top = zero - max(0.0, value * scale)
        return QRectF(room.left() + number * step, top, wide, max(least_high, abs(value) * scale))

    for number in range(len(finite)):
        if number != marked:
            painter.fillRect(bar(number, 1.0, 1.0), colour)
    if marked is not None:
        painter.fillRect(bar(marked, 3.0, 2.0), chosen)
    if beside is not None:
        ink = QColor(theme.text)
        for number, value in enumerate(np.nan_to_num(beside).tolist()):
            painter.fillRect(QRectF(room.left() + number * step, zero - value * scale - 1, max(2.0, step - 1), 2), ink)
