"""One card of the stack: a single item that paints itself, with less detail when it is small."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QGraphicsRectItem, QStyleOptionGraphicsItem, QWidget

from workbench.gui.editor.columns import CARD_WIDTH
from workbench.gui.editor.faces import Face
from workbench.gui.editor.lettering import draw_line, fonts, in_two_lines, shortened_path
from workbench.gui.editor.tints import Tint, shade
from workbench.gui.figures import whole_arguments, whole_figures
from workbench.gui.pixels import see_through
from workbench.gui.theme import Theme

if TYPE_CHECKING:
    import numpy as np

HEIGHT = 58.0
STRIP = 30.0
PORT = 5.0
PORTS = PORT + 8
"""How far what is painted reaches beyond the plate."""

Strip = Callable[[], "np.ndarray"]
"""Makes a picture of some of a layer's maps, uint8 ``(height, width)``, clear where `NOTHING`: most are never seen."""

_TEXTS = 55.0
"""Down to where a card's lines of text reach."""

_RADIUS = 7.0
_BAR = 4.0
_SMALL = 0.35
"""Below this zoom a card is a coloured plate with its kind, and nothing else could be read."""


class Card(QGraphicsRectItem):
    """A card centred on its position, which asks for its face by its name when that is looked at.

    One that only ``shows`` a layer has no ports to draw lines from. Qt knows its rectangle without asking Python: with
    a ``boundingRect`` of its own, 2,000 cards that move would cost 10 ms.
    """

    def __init__(self, name: str, face_of: Callable[[str], Face], theme: Theme, shows: bool = False) -> None:
        super().__init__()
        self.setPen(QPen(Qt.PenStyle.NoPen))
        self._name, self._face_of = name, face_of
        self._shows = shows
        self._theme = theme
        self._strip: Strip | None = None
        self._drawn_strip: QImage | None = None
        self._tint: Tint | None = None
        self._height = 0.0
        self._set_height(HEIGHT)
        flags = QGraphicsItem.GraphicsItemFlag
        self.setFlags(flags.ItemIsSelectable | flags.ItemUsesExtendedStyleOption)
        self.setAcceptHoverEvents(True)
        self._hovered = False
        self._name_at = QRectF()

    @property
    def name(self) -> str:
        return self._name

    @property
    def face(self) -> Face:
        return self._face_of(self._name)

    @property
    def spoken(self) -> str:
        """What the card says, for whoever cannot see it."""
        face = self.face
        said = (face.kind or "Block", face.name, face.shape, face.problem or face.detail, face.figures)
        parts = (*said, "frozen" if face.is_frozen else "", face.rate)
        return ", ".join(part for part in parts if part)

    @property
    def height(self) -> float:
        return self._height

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def show_strip(self, strip: Strip | None) -> None:
        """Show some of the layer's maps in room below its texts; nothing is painted where they are the same."""
        if strip is not self._strip:
            is_other_height = (strip is None) != (self._strip is None)
            self._strip, self._drawn_strip = strip, None
            if is_other_height:
                self._set_height(HEIGHT if strip is None else HEIGHT + STRIP)
                self.update()
            else:
                self.update(self._strip_room())

    @property
    def has_strip(self) -> bool:
        return self._strip is not None

    @property
    def tint(self) -> Tint | None:
        return self._tint

    def show_tint(self, tint: Tint | None) -> None:
        """Colour the card by one of its figures, which stands on it; nothing is painted where it is the same."""
        if tint != self._tint:
            self._tint = tint
            self.update()

    def _set_height(self, height: float) -> None:
        if height != self._height:
            self._height = height
            self.setRect(self.plate().adjusted(-PORTS, -PORTS, PORTS, PORTS))

    def plate(self) -> QRectF:
        """The card without its ports."""
        return QRectF(-CARD_WIDTH / 2, -self._height / 2, CARD_WIDTH, self._height)

    def shape(self) -> QPainterPath:
        path = QPainterPath()
        path.addRect(self.plate().adjusted(0, -PORT, 0, PORT))
        return path

    def port_at(self, position: QPointF) -> str:
        """'in' or 'out' where the position, in the card's own coordinates, is on a port; '' elsewhere."""
        for port, y in (("in", self.plate().top()), ("out", self.plate().bottom())):
            if abs(position.x()) <= 3 * PORT and abs(position.y() - y) <= 1.6 * PORT:
                return "" if port == "in" and self.face.is_input else port
        return ""

    def name_line(self) -> QRectF:
        """The card's first line, in its own coordinates, where its name stands."""
        plate = self.plate()
        return QRectF(plate.left() + 8, plate.top() + 3, plate.width() - 16, 21)

    def is_name_at(self, position: QPointF) -> bool:
        """Whether the name is written there, in the card's own coordinates."""
        return self._name_at.contains(position)

    def hoverEnterEvent(self, event: object) -> None:
        self._hovered = True
        self.setToolTip(self.face.tip)
        self.update()

    def hoverLeaveEvent(self, event: object) -> None:
        self._hovered = False
        self.update()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        theme, face = self._theme, self.face
        zoom = option.levelOfDetailFromTransform(painter.worldTransform())
        colour = theme.category(face.category)
        plate = self.plate()
        if self._hovered:
            self.setToolTip(face.tip)
        if zoom < _SMALL:
            self._name_at = QRectF()
            ground = colour
            if self._tint is not None:
                ground = shade(theme, self._tint.value) if self._tint.text else QColor(theme.border)
            painter.fillRect(plate, ground if not face.problem or face.warning else QColor(theme.error))
            if self.isSelected():
                painter.setPen(QPen(QColor(theme.accent), 4))
                painter.drawRect(plate)
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = QColor(theme.border)
        if face.problem:
            edge = QColor(theme.warning if face.warning else theme.error)
        if self.isSelected():
            edge = QColor(theme.accent)
        painter.setPen(QPen(edge, 2 if self.isSelected() or face.problem else 1))
        ground = shade(theme, self._tint.value, 0.45) if self._tint else QColor(theme.surface)
        painter.setBrush(QColor(theme.raised) if self._hovered and ground == QColor(theme.surface) else ground)
        for depth in range(3 if face.is_folded else 1 if face.is_block else 0, 0, -1):
            painter.drawRoundedRect(plate.translated(3.5 * depth, 3.5 * depth), _RADIUS, _RADIUS)
        painter.drawRoundedRect(plate, _RADIUS, _RADIUS)
        self._paint_edge(painter, plate, colour)
        # While a network trains its strip changes once a second, and texts are most of what a card takes to paint.
        if option.exposedRect.top() < plate.top() + _TEXTS:
            self._paint_texts(painter, plate, colour)
        self._paint_shares(painter, plate, colour)
        self._paint_strip(painter)
        if (self._hovered or self.isSelected()) and not self._shows:
            self._paint_ports(painter, plate)

    def _paint_edge(self, painter: QPainter, plate: QRectF, colour: QColor) -> None:
        painter.save()
        clip = QPainterPath()
        clip.addRoundedRect(plate, _RADIUS, _RADIUS)
        painter.setClipPath(clip)
        painter.fillRect(QRectF(plate.left(), plate.top(), 5, plate.height()), colour)
        painter.restore()

    def _paint_texts(self, painter: QPainter, plate: QRectF, colour: QColor) -> None:
        theme, face = self._theme, self.face
        self._name_at = QRectF()
        bold, plain = fonts(painter)
        left, right = plate.left() + 14, plate.right() - 10
        first, second, third = (plate.top() + y for y in (18, 34, 50))
        width = right - left
        shape_font = bold
        metrics = QFontMetricsF(shape_font)
        shape_width = metrics.horizontalAdvance(face.shape)
        # A long kind has what a short name and shape leave.
        rest = width - shape_width - QFontMetricsF(plain).horizontalAdvance(face.name) - 17
        kind_width = draw_line(painter, bold, colour, face.kind or "Block", left, first, max(width * 0.62, rest))
        name_room = width - kind_width - shape_width - 16
        if name_room > 20:
            start = left + kind_width + 8
            name = shortened_path(face.name, plain, name_room)
            name_width = draw_line(painter, plain, QColor(theme.muted), name, start, first, name_room)
            self._name_at = QRectF(start - 3, plate.top() + 3, name_width + 6, 21)
        painter.setFont(shape_font)
        painter.setPen(QColor(theme.text))
        painter.drawText(QPointF(right - shape_width, first), face.shape)
        room = width - self._paint_learning(painter, bold, right, second)
        message = face.problem
        if message:
            tone = QColor(theme.warning if face.warning else theme.error)
            # What is broken has no figures, so that its message may go on in their line.
            begin, end = in_two_lines(message, plain, room) if not face.figures else (message, "")
            draw_line(painter, plain, tone, begin, left, second, room)
            draw_line(painter, plain, tone, end, left, third, width)
        else:
            detail = whole_arguments(face.detail, QFontMetricsF(plain).horizontalAdvance, room)
            draw_line(painter, plain, QColor(theme.text), detail, left, second, room)
        if self._tint is not None:
            told = QFontMetricsF(bold).horizontalAdvance(self._tint.text)
            draw_line(painter, bold, QColor(theme.text), self._tint.text, right - told, third, told + 1)
            width -= told + 8
        figures = whole_figures(face.figures, QFontMetricsF(plain).horizontalAdvance, width)
        draw_line(painter, plain, QColor(theme.text if self._tint else theme.muted), figures, left, third, width)

    def _paint_learning(self, painter: QPainter, font: QFont, right: float, line: float) -> float:
        """A lock on a frozen card, or its own learning rate, at the end of a line; how much room it takes there."""
        theme, face = self._theme, self.face
        if face.is_frozen:
            body = QRectF(right - 10, line - 6, 10, 8)
            painter.setPen(QPen(QColor(theme.accent), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawArc(QRectF(right - 8, line - 11, 6, 10), 0, 180 * 16)
            painter.setBrush(QColor(theme.accent))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawRoundedRect(body, 1.5, 1.5)
            return 18.0
        if not face.rate:
            return 0.0
        width = QFontMetricsF(font).horizontalAdvance(face.rate)
        draw_line(painter, font, QColor(theme.accent), face.rate, right - width, line, width + 1)
        return width + 8

    def _paint_shares(self, painter: QPainter, plate: QRectF, colour: QColor) -> None:
        """Two thin bars along the lower edge: parameters, and multiply-adds above them, paler."""
        if not any(self.face.share):
            return
        parameters, macs = self.face.share
        left, width = plate.left() + 14, plate.width() - 24
        bottom = plate.top() + HEIGHT - 3
        pale = QColor(colour)
        pale.setAlpha(110)
        painter.fillRect(QRectF(left, bottom - 1.5, width * macs, 1.5), pale)
        painter.fillRect(QRectF(left, bottom, width * parameters, 2), colour)

    def _strip_room(self) -> QRectF:
        plate = self.plate()
        return QRectF(plate.left() + 14, plate.top() + HEIGHT, plate.width() - 24, STRIP - 4)

    def _paint_strip(self, painter: QPainter) -> None:
        if self._strip is None:
            return
        room = self._strip_room()
        if self._drawn_strip is None:
            self._drawn_strip = see_through(self._strip())
        strip = self._drawn_strip
        scale = min(room.height() / strip.height(), room.width() / strip.width())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, scale < 1)
        painter.drawImage(QRectF(room.left(), room.top(), strip.width() * scale, strip.height() * scale), strip)

    def _paint_ports(self, painter: QPainter, plate: QRectF) -> None:
        painter.setPen(QPen(QColor(self._theme.accent), 1.5))
        painter.setBrush(QColor(self._theme.surface))
        if not self.face.is_input:
            painter.drawEllipse(QPointF(0, plate.top()), PORT, PORT)
        painter.drawEllipse(QPointF(0, plate.bottom()), PORT, PORT)
