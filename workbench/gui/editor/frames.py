"""Frames round open blocks and braces beside equal ones, drawn under the cards as one item."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from workbench.graph import blocks_above
from workbench.gui.editor.columns import CARD_WIDTH
from workbench.gui.editor.layout import Placement
from workbench.gui.editor.outline import Outline
from workbench.gui.editor.repeats import Repeat
from workbench.gui.theme import Theme

_FRAME = 13.0
_BRACE_ROOM = 170.0
_LARGEST_DIGIT, _LARGEST_OF_TWO = 80, 58
"""How large the number beside a brace may be drawn, of one figure and of more, in pixels at life size."""
_LARGEST_UPWARDS = 140
"""How large it may be where it is turned, to read upwards along its brace: a large network is seen whole by that."""

_SMALLEST_READ = 7
"""Pixels on the screen below which no number can be read: its brace stands alone then."""

_NAME_ROOM = CARD_WIDTH / 2 - 14
"""How wide a frame's name may be: a line comes in at the middle of the card below it."""


class Frames(QGraphicsItem):
    """The frames of open blocks, their names on them, and a brace beside equal blocks that follow each other."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setZValue(-2)
        # Without it Qt says that all is exposed, and every frame of a large network would be painted each time.
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)
        self._theme = theme
        self._rects: dict[str, QRectF] = {}
        self._names: dict[str, str] = {}
        self._braces: dict[Repeat, QRectF] = {}
        self._bounds = QRectF()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def show_frames(self, rects: dict[str, QRectF], braces: Mapping[Repeat, QRectF] | None = None) -> None:
        """Show frames by their blocks' names, and braces left of what stands in these rectangles."""
        self.prepareGeometryChange()
        self._rects, self._braces = rects, dict(braces or {})
        self._names = frame_names(rects)
        bounds = QRectF()
        for rect in rects.values():
            bounds = bounds.united(rect.adjusted(-4, -16, 4, 4))
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
        for rect in self._rects.values():
            if rect.intersects(option.exposedRect.adjusted(-200, -50, 200, 50)):
                painter.setPen(QPen(QColor(self._theme.border), 1))
                painter.setBrush(fill)
                painter.drawRoundedRect(rect, 9, 9)
        for name, text in self._names.items() if zoom > 0.5 else ():
            if self._rects[name].intersects(option.exposedRect.adjusted(-200, -50, 200, 50)):
                self._paint_name(painter, self._rects[name].topLeft(), text)
        for repeat, rect in self._braces.items():
            if rect.adjusted(-_BRACE_ROOM, 0, 0, 0).intersects(option.exposedRect):
                self._paint_brace(painter, zoom, rect, len(repeat.blocks))

    def _paint_name(self, painter: QPainter, corner: QPointF, text: str) -> None:
        metrics = QFontMetricsF(painter.font())
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideLeft, _NAME_ROOM)
        plate = QRectF(corner.x() + 6, corner.y() - 6, metrics.horizontalAdvance(shown) + 8, 12)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.window))
        painter.drawRoundedRect(plate, 4, 4)
        painter.setPen(QColor(self._theme.muted))
        painter.drawText(plate, int(Qt.AlignmentFlag.AlignCenter), shown)

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
        text, wanted = f"×{count}", max(13, 12 / max(zoom, 0.01))
        upright = min(wanted, _LARGEST_DIGIT if count < 10 else _LARGEST_OF_TWO)
        turned = min(wanted, _LARGEST_UPWARDS, rect.height() / len(text))
        if max(upright, turned) * zoom < _SMALLEST_READ:
            return
        font.setPixelSize(round(max(upright, turned)))
        painter.setFont(font)
        painter.setPen(colour)
        end = QPointF(outer - 6, rect.center().y())
        if turned > upright:
            painter.save()
            painter.translate(end)
            painter.rotate(-90)
            room = QRectF(-rect.height() / 2, -_BRACE_ROOM, rect.height(), _BRACE_ROOM)
            painter.drawText(room, int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom), text)
            painter.restore()
            return
        room = QRectF(rect.left() - _BRACE_ROOM, end.y() - 50, end.x() - rect.left() + _BRACE_ROOM, 100)
        painter.drawText(room, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), text)


def frame_rects(outline: Outline, placement: Placement) -> dict[str, QRectF]:
    """Where the frames of an outline's open blocks stand: round their cards, the outer ones round the inner."""
    found: dict[str, QRectF] = {}
    deepest = max((name.count(".") for name, _ in outline.frames), default=0)
    for name, members in outline.frames:
        margin = _FRAME / 2 + 3.0 * (deepest - name.count("."))
        found[name] = _round(placement, members).adjusted(-margin, -margin, margin, margin)
    return found


def frame_names(rects: Mapping[str, QRectF]) -> dict[str, str]:
    """What stands on each frame: its name within the frame round it; where both begin at one card, on the inner one."""
    found: dict[str, str] = {}
    for name in sorted(rects, key=lambda name: name.count(".")):
        outer = next((path for path in reversed(tuple(blocks_above(name))) if path != name and path in rects), "")
        text = name[len(outer) + 1 :] if outer else name
        if outer:
            away = rects[name].topLeft() - rects[outer].topLeft()
            if max(away.x(), away.y()) < CARD_WIDTH / 4 and outer in found:
                text = f"{found.pop(outer)}.{text}"
        found[name] = text
    return found


def brace_rects(outline: Outline, placement: Placement, found: Sequence[Repeat]) -> dict[Repeat, QRectF]:
    """Round what is shown of each run of equal blocks, open or closed; none where it is folded or hidden."""
    runs = {block: number for number, repeat in enumerate(found) for block in repeat.blocks}
    shown: dict[int, list[str]] = {}
    for entry in outline.entries if runs else ():
        if entry.blocks:
            continue
        for path in (entry.name, *blocks_above(entry.name)) if entry.is_block else blocks_above(entry.name):
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
