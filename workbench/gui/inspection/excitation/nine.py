"""The images that excite a map most, three by three: what it looked at in each, or the image with a frame round it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from workbench.gui.figures import plain
from workbench.gui.inspection.colours import figure
from workbench.gui.inspection.excitation.looking import COUNT, Exciting
from workbench.gui.pixels import picture
from workbench.gui.theme import Appearance, Theme

_GAP = 6
_AXES = 3


class NineView(QWidget):
    """``picked(part, place)`` when an image is chosen."""

    picked = Signal(str, int)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._theme = appearance.theme
        self._images: tuple[Exciting, ...] = ()
        self._whole = False
        self._here = -1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Images that excite the map most")
        appearance.changed.connect(self._set_theme)

    @property
    def images(self) -> tuple[Exciting, ...]:
        return self._images

    def minimumSizeHint(self) -> QSize:
        return QSize(150, 150)

    def sizeHint(self) -> QSize:
        return QSize(300, 280)

    def show_images(self, images: tuple[Exciting, ...]) -> None:
        self._images, self._here = images[:COUNT], -1
        told = "; ".join(f"{one.label} {figure(one.value)}" for one in self._images)
        self.setAccessibleDescription(told)
        self.update()

    def show_whole(self, on: bool) -> None:
        """Show whole images, with a frame round what the map looked at."""
        self._whole = on
        self.update()

    def cell(self, place: int) -> QRectF:
        """Where the image of this place stands, with the words below it."""
        across = (self.width() - _GAP * (_AXES - 1)) / _AXES
        down = (self.height() - _GAP * (_AXES - 1)) / _AXES
        return QRectF(place % _AXES * (across + _GAP), place // _AXES * (down + _GAP), across, down)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        for place, image in enumerate(self._images):
            self._paint(painter, self.cell(place), image, place == self._here)

    def _paint(self, painter: QPainter, cell: QRectF, image: Exciting, is_here: bool) -> None:
        theme, line = self._theme, self.fontMetrics().height()
        top, left, bottom, right = image.patch
        shown = picture(image.pixels if self._whole else image.pixels[:, top:bottom, left:right])
        room = cell.adjusted(0, 0, 0, -line - 1)
        scale = min(room.width() / shown.width(), room.height() / shown.height())
        width, height = shown.width() * scale, shown.height() * scale
        area = QRectF(room.left() + (room.width() - width) / 2, room.bottom() - height, width, height)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, scale < 1)
        painter.drawImage(area, shown)
        painter.setPen(QPen(QColor(theme.accent if is_here else theme.border), 2 if is_here else 1))
        painter.drawRect(area)
        if self._whole:
            painter.setPen(QPen(QColor(theme.accent), 2))
            corner = QPointF(area.left() + left * scale, area.top() + top * scale)
            painter.drawRect(QRectF(corner.x(), corner.y(), (right - left) * scale, (bottom - top) * scale))
        painter.setPen(QColor(theme.muted))
        words = f"{image.label}  {figure(image.value)}"
        words = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideMiddle, int(cell.width()))
        below = QRectF(cell.left(), cell.bottom() - line, cell.width(), line)
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, words)

    def _at(self, position: QPointF) -> int:
        return next((n for n in range(len(self._images)) if self.cell(n).contains(position)), -1)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._go(self._at(event.position()))
        over = Qt.CursorShape.PointingHandCursor if self._here >= 0 else Qt.CursorShape.ArrowCursor
        self.setCursor(over)

    def leaveEvent(self, event: QEvent) -> None:
        self._go(-1)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pick(self._at(event.position()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrow keys go from image to image, Return takes one as the picture."""
        keys = Qt.Key
        step = {keys.Key_Left: -1, keys.Key_Right: 1, keys.Key_Up: -_AXES, keys.Key_Down: _AXES}.get(
            Qt.Key(event.key())
        )
        if event.key() in (keys.Key_Return, keys.Key_Enter, keys.Key_Space):
            self._pick(self._here)
        elif step is not None and self._images:
            wanted = self._here + step if self._here >= 0 else 0
            self._go(wanted if 0 <= wanted < len(self._images) else self._here)
        else:
            event.ignore()

    def _go(self, place: int) -> None:
        if place != self._here:
            self._here = place
            self.update()

    def _pick(self, place: int) -> None:
        if 0 <= place < len(self._images):
            self.picked.emit(self._images[place].part, self._images[place].place)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            place = self._at(QPointF(event.pos()))
            if place < 0:
                QToolTip.hideText()
                return True
            image = self._images[place]
            top, left, bottom, right = image.patch
            words = (
                f"{image.label}, {image.part} image {image.place}: {figure(image.value)}, from rows {top} to "
                f"{bottom - 1} and columns {left} to {right - 1}. Click to look at this image."
            )
            QToolTip.showText(event.globalPos(), plain(words), self)
            return True
        return super().event(event)

    def _set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()
