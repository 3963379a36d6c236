"""What is drawn under the cards: lines between them and frames round open blocks, each as one item."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from workbench.graph import blocks_above
from workbench.gui.editor.card import PORTS
from workbench.gui.editor.columns import CARD_WIDTH
from workbench.gui.editor.layout import Placement
from workbench.gui.editor.outline import Outline
from workbench.gui.editor.repeats import Repeat
from workbench.gui.theme import Theme

_FRAME = 13.0
_BRACE_ROOM = 170.0
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
        self._points: Mapping[tuple[str, str], tuple[tuple[float, float], ...]] = {}
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
        top, bottom = option.exposedRect.top(), option.exposedRect.bottom()
        for points in self._points.values():
            if _is_between(points, top, bottom):
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


def _is_between(points: tuple[tuple[float, float], ...], top: float, bottom: float) -> bool:
    """Whether a line passes there; between closed blocks that take each other's values it may run upwards."""
    (_, first), (_, last) = points[0], points[-1]
    return (first <= bottom or last <= bottom) and (first >= top or last >= top)


def _font_of_words(of: QFont) -> QFont:
    font = QFont(of)
    font.setPixelSize(11)
    return font


def _curve(points: tuple[tuple[float, float], ...]) -> QPainterPath:
    path = QPainterPath()
    _draw(path, points)
    return path


def _draw(path: QPainterPath, points: tuple[tuple[float, float], ...]) -> None:
    """Upright where it can be, bent softly where it changes its lane."""
    path.moveTo(*points[0])
    for (x0, y0), (x1, y1) in itertools.pairwise(points):
        if abs(x0 - x1) < 0.5:
            path.lineTo(x1, y1)
        else:
            middle = (y0 + y1) / 2
            path.cubicTo(x0, middle, x1, middle, x1, y1)


class Frames(QGraphicsItem):
    """The frames of open blocks, with their names, and a brace beside equal blocks that follow each other."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setZValue(-2)
        # Without it Qt says that all is exposed, and every frame of a large network would be painted each time.
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)
        self._theme = theme
        self._rects: dict[str, QRectF] = {}
        self._braces: dict[Repeat, QRectF] = {}
        self._bounds = QRectF()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def show_frames(self, rects: dict[str, QRectF], braces: Mapping[Repeat, QRectF] | None = None) -> None:
        """Show frames by their blocks' names, and braces left of what stands in these rectangles."""
        self.prepareGeometryChange()
        self._rects, self._braces = rects, dict(braces or {})
        bounds = QRectF()
        for rect in rects.values():
            bounds = bounds.united(rect.adjusted(-4, -16, 120, 4))
        for rect in self._braces.values():
            bounds = bounds.united(rect.adjusted(-_BRACE_ROOM, 0, 0, 0))
        self._bounds = bounds
        self.update()

    def brace_at(self, position: QPointF) -> Repeat | None:
        """The equal blocks whose brace, or the count beside it, is there."""
        for repeat, rect in self._braces.items():
            if QRectF(rect.left() - _BRACE_ROOM, rect.top(), _BRACE_ROOM - _FRAME, rect.height()).contains(position):
                return repeat
        return None

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        zoom = option.levelOfDetailFromTransform(painter.worldTransform())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, zoom > 0.3)
        font = QFont(painter.font())
        font.setPixelSize(10)
        painter.setFont(font)
        fill = QColor(self._theme.muted)
        fill.setAlpha(16)
        for name, rect in self._rects.items():
            if not rect.intersects(option.exposedRect.adjusted(-200, -50, 200, 50)):
                continue
            painter.setPen(QPen(QColor(self._theme.border), 1))
            painter.setBrush(fill)
            painter.drawRoundedRect(rect, 9, 9)
            if zoom > 0.5:
                painter.setPen(QColor(self._theme.muted))
                painter.drawText(rect.topRight() + QPointF(6, 12), name)
        for repeat, rect in self._braces.items():
            if rect.adjusted(-_BRACE_ROOM, 0, 0, 0).intersects(option.exposedRect):
                self._paint_brace(painter, zoom, rect, len(repeat.blocks))

    def _paint_brace(self, painter: QPainter, zoom: float, rect: QRectF, count: int) -> None:
        """A bracket left of the blocks with their number, which can also be read when all else is too small."""
        colour = QColor(self._theme.muted)
        painter.setPen(QPen(colour, 1.6 / min(1.0, max(zoom, 0.2))))
        outer, inner = rect.left() - _FRAME - 12, rect.left() - _FRAME - 5
        tips = [QPointF(inner, y) for y in (rect.top(), rect.bottom())]
        corners = [QPointF(outer, y) for y in (rect.top(), rect.bottom())]
        painter.drawPolyline([tips[0], *corners, tips[1]])
        font = QFont(painter.font())
        font.setWeight(QFont.Weight.DemiBold)
        font.setPixelSize(round(min(max(13, 12 / max(zoom, 0.01)), 80)))
        painter.setFont(font)
        painter.setPen(colour)
        room = QRectF(rect.left() - _BRACE_ROOM, rect.center().y() - 50, outer - 6 - rect.left() + _BRACE_ROOM, 100)
        painter.drawText(room, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), f"×{count}")


def frame_rects(outline: Outline, placement: Placement) -> dict[str, QRectF]:
    """Where the frames of an outline's open blocks stand: round their cards, the outer ones round the inner."""
    found: dict[str, QRectF] = {}
    deepest = max((name.count(".") for name, _ in outline.frames), default=0)
    for name, members in outline.frames:
        margin = _FRAME / 2 + 3.0 * (deepest - name.count("."))
        found[name] = _round(placement, members).adjusted(-margin, -margin, margin, margin)
    return found


def brace_rects(outline: Outline, placement: Placement, found: Sequence[Repeat]) -> dict[Repeat, QRectF]:
    """Round what is shown of each run of equal blocks, open or closed; none where it is folded or hidden."""
    runs = {block: number for number, repeat in enumerate(found) for block in repeat.blocks}
    shown: dict[int, list[str]] = {}
    for entry in outline.entries if runs else ():
        for path in () if entry.blocks else (entry.name, *blocks_above(entry.name)):
            if path in runs:
                shown.setdefault(runs[path], []).append(entry.name)
    return {found[number]: _round(placement, names) for number, names in shown.items()}


def _round(placement: Placement, names: Sequence[str]) -> QRectF:
    """Round some cards, without their ports."""
    centres = [placement.centres[name] for name in names]
    halves = [placement.heights[name] / 2 for name in names]
    left, right = min([x for x, _ in centres]) - CARD_WIDTH / 2, max([x for x, _ in centres]) + CARD_WIDTH / 2
    top = min([y - half for (_, y), half in zip(centres, halves, strict=True)])
    bottom = max([y + half for (_, y), half in zip(centres, halves, strict=True)])
    return QRectF(left, top, right - left, bottom - top)
