"""The lines between the cards, drawn under them as one item."""

from __future__ import annotations

import itertools
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from workbench.gui.editor.card import PORTS
from workbench.gui.editor.columns import CARD_WIDTH
from workbench.gui.editor.layout import Placement, Points
from workbench.gui.theme import Theme

_GAP_HEIGHT = 40.0
_TEXT_ROOM = 30.0
"""How far the text at a broken line may reach beyond the cards."""


class Lines(QGraphicsItem):
    """All lines between cards, and the mark of a gap, as one item under the cards."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setZValue(-1)
        # Without it Qt says that all is exposed, and every line of a large network would be drawn each time.
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)
        self._theme = theme
        self._bounds = QRectF()
        self._points: Mapping[tuple[str, str], Points] = {}
        self._in_order: _InOrder | None = None
        self._broken: list[tuple[QPainterPath, QPointF, str]] = []
        self._told = QRectF()
        self._gap: QPointF | None = None
        self._connection: tuple[QPointF, QPointF] | None = None

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def show_lines(self, placement: Placement) -> None:
        self.prepareGeometryChange()
        self._points = placement.lines
        self._in_order = None
        bounds = QRectF(placement.left, 0, placement.width, placement.height)
        self._bounds = bounds.adjusted(-_TEXT_ROOM, -PORTS, _TEXT_ROOM, PORTS)
        self.update()

    @property
    def broken(self) -> list[str]:
        """What stands at the marked edges."""
        return [text for _, _, text in self._broken]

    def show_broken(self, edges: dict[tuple[str, str], str]) -> None:
        """Mark these edges, with a text at each."""
        found, told = [], QRectF()
        metrics = QFontMetricsF(_font_of_words(QFont()))
        for edge, text in edges.items():
            points = self._points.get(edge)
            if points:
                corner = QPointF(*points[-1]) + QPointF(8, -8)
                found.append((_curve(points), corner, text))
                told |= metrics.boundingRect(text).translated(corner).adjusted(-4, -4, 4, 4)
        self.prepareGeometryChange()
        self._broken, self._told = found, told
        self.update()

    def mark(self, gap: QPointF | None) -> None:
        self._gap = gap
        self.update()

    def draw_connection(self, start: QPointF | None, end: QPointF | None) -> None:
        self._connection = (start, end) if start is not None and end is not None else None
        self.setZValue(-1 if self._connection is None else 2)
        self.update()

    def boundingRect(self) -> QRectF:
        return self._bounds | self._told

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        zoom = option.levelOfDetailFromTransform(painter.worldTransform())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, zoom > 0.3)
        painter.setPen(QPen(QColor(self._theme.muted), 1.4))
        path = QPainterPath()
        self._in_order = self._in_order or _InOrder(self._points.values())
        for points in self._in_order.between(option.exposedRect.top(), option.exposedRect.bottom()):
            _draw(path, points)
        painter.drawPath(path)
        if self._broken:
            self._paint_broken(painter, zoom)
        accent = QPen(QColor(self._theme.accent), 3)
        accent.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(accent)
        if self._gap is not None:
            # Where the card will stand that is being dragged.
            painter.setPen(QPen(QColor(self._theme.accent), 1.6, Qt.PenStyle.DashLine))
            fill = QColor(self._theme.accent)
            fill.setAlpha(28)
            painter.setBrush(fill)
            room = QRectF(-CARD_WIDTH / 2, -_GAP_HEIGHT / 2, CARD_WIDTH, _GAP_HEIGHT).translated(self._gap)
            painter.drawRoundedRect(room, 7, 7)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(accent)
        if self._connection is not None:
            painter.drawLine(*self._connection)

    def _paint_broken(self, painter: QPainter, zoom: float) -> None:
        colour = QColor(self._theme.error)
        painter.setFont(_font_of_words(painter.font()))
        for path, corner, text in self._broken:
            painter.setPen(QPen(colour, 2.4, Qt.PenStyle.DashLine))
            painter.drawPath(path)
            if zoom > 0.4:
                painter.setPen(colour)
                painter.drawText(corner, text)


class _InOrder:
    """Lines about from top to bottom, as a placement has them, to find those in sight without asking all."""

    def __init__(self, lines: Iterable[Points]) -> None:
        self._lines = list(lines)
        ends = [(points[0][1], points[-1][1]) for points in self._lines]
        # Between closed blocks that take each other's values a line may run upwards.
        tops = [first if first < last else last for first, last in ends]
        bottoms = [last if first < last else first for first, last in ends]
        self._lowest_so_far = list(itertools.accumulate(bottoms, max))
        self._highest_to_come = list(itertools.accumulate(reversed(tops), min))[::-1]

    def between(self, top: float, bottom: float) -> Sequence[Points]:
        """All that pass there, and maybe some more."""
        return self._lines[bisect_left(self._lowest_so_far, top) : bisect_right(self._highest_to_come, bottom)]


def _font_of_words(of: QFont) -> QFont:
    font = QFont(of)
    font.setPixelSize(11)
    return font


def _curve(points: Points) -> QPainterPath:
    path = QPainterPath()
    _draw(path, points)
    return path


def _draw(path: QPainterPath, points: Points) -> None:
    """Upright where it can be, bent softly where it changes its lane."""
    path.moveTo(*points[0])
    for (x0, y0), (x1, y1) in itertools.pairwise(points):
        if abs(x0 - x1) < 0.5:
            path.lineTo(x1, y1)
        else:
            middle = (y0 + y1) / 2
            path.cubicTo(x0, middle, x1, middle, x1, y1)
