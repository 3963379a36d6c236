"""The picture with what a value has seen of it: framed in the whole, and large beside it."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from workbench.gui.pixels import picture
from workbench.gui.theme import Appearance, Theme
from workbench.inspection import Field

_GAP = 8
_LEAST_FRAME = 5.0
_KEYS = {
    Qt.Key.Key_Left: (0, 0, -1), Qt.Key.Key_Right: (0, 0, 1), Qt.Key.Key_Up: (0, -1, 0), Qt.Key.Key_Down: (0, 1, 0),
    Qt.Key.Key_PageUp: (-1, 0, 0), Qt.Key.Key_PageDown: (1, 0, 0),
}  # fmt: skip


class FieldView(QWidget):
    """``moved(channel, row, column)`` by the arrow keys and Page up and down: to a neighbouring value."""

    moved = Signal(int, int, int)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._theme = appearance.theme
        self._picture: QImage | None = None
        self._veil: QImage | None = None
        self._frame: tuple[int, int, int, int] | None = None
        self.setAccessibleName("Receptive field in the picture")
        self.setToolTip("Arrow keys look at the values beside this one, Page up and down at other channels.")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(QSize(90, 90))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        appearance.changed.connect(self._set_theme)

    @property
    def frame(self) -> tuple[int, int, int, int] | None:
        """Top, left, bottom and right of what is framed."""
        return self._frame

    def show_picture(self, pixels: np.ndarray[Any, Any] | None) -> None:
        """uint8 ``(C, H, W)`` as the network takes it."""
        self._picture = None if pixels is None else picture(pixels[: 3 if len(pixels) >= 3 else 1])
        self.update()

    def show_field(self, field: Field | None) -> None:
        """Frame what has been seen; a veil lies over pixels that were not."""
        self._frame = field.frame if field is not None else None
        self._veil = _veil(field.seen) if field is not None else None
        self.update()

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._picture is None:
            return
        painter = QPainter(self)
        whole, close = self._places()
        self._draw(painter, whole, QRect(0, 0, self._picture.width(), self._picture.height()))
        if self._frame is None:
            return
        top, left, bottom, right = self._frame
        across, down = whole.width() / self._picture.width(), whole.height() / self._picture.height()
        framed = QRectF(
            whole.left() + left * across, whole.top() + top * down, (right - left) * across, (bottom - top) * down
        )
        grown = max(0.0, (_LEAST_FRAME - min(framed.width(), framed.height())) / 2)
        painter.setPen(QPen(QColor(self._theme.validation), 2))
        painter.drawRect(framed.adjusted(-grown, -grown, grown, grown))
        if close is not None:
            self._draw(painter, close, QRect(left, top, right - left, bottom - top))
            painter.setPen(QPen(QColor(self._theme.validation), 2))
            painter.drawRect(close)
        if self.hasFocus():
            painter.setPen(QPen(QColor(self._theme.accent), 1, Qt.PenStyle.DotLine))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def _places(self) -> tuple[QRectF, QRectF | None]:
        """Where the whole picture stands, and beside or below it what was seen, where that is a small part."""
        assert self._picture is not None
        room = QRectF(self.rect()).adjusted(2, 2, -2, -2)
        frame = self._frame
        small = frame is not None and (frame[2] - frame[0]) * (frame[3] - frame[1]) < 0.5 * (
            self._picture.width() * self._picture.height()
        )
        if not small or frame is None:
            return _fitted(self._picture.size(), room), None
        if room.width() >= room.height():
            half = (room.width() - _GAP) / 2
            one = QRectF(room.left(), room.top(), half, room.height())
            other = one.translated(half + _GAP, 0)
        else:
            half = (room.height() - _GAP) / 2
            one = QRectF(room.left(), room.top(), room.width(), half)
            other = one.translated(0, half + _GAP)
        return _fitted(self._picture.size(), one), _fitted(QSize(frame[3] - frame[1], frame[2] - frame[0]), other)

    def _draw(self, painter: QPainter, place: QRectF, part: QRect) -> None:
        assert self._picture is not None
        # Pixels stay squares where they are enlarged.
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, place.width() < part.width())
        painter.drawImage(place, self._picture, QRectF(part))
        if self._veil is not None:
            painter.drawImage(place, self._veil, QRectF(part))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        by = _KEYS.get(event.key())  # type: ignore[call-overload]
        if by is None or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
        else:
            self.moved.emit(*by)

    def _set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()


def _fitted(size: QSize, room: QRectF) -> QRectF:
    scaled = size.scaled(room.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
    left = room.left() + (room.width() - scaled.width()) / 2
    return QRectF(left, room.top() + (room.height() - scaled.height()) / 2, scaled.width(), scaled.height())


def _veil(seen: np.ndarray[Any, Any]) -> QImage:
    """A dark layer over the pixels that were not seen."""
    height, width = seen.shape
    alpha = np.where(seen, 0, 120).astype(np.uint8)
    layer = np.zeros((height, width, 4), np.uint8)
    layer[..., :3] = 20
    layer[..., 3] = alpha
    return QImage(layer.data, width, height, 4 * width, QImage.Format.Format_RGBA8888).copy()
