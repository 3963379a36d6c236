"""What is drawn over the cards that differ: a tint, an edge and a sign, told apart by colour or without it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from workbench.compiler.differences import SIGNS, What
from workbench.gui.editor.card import Card
from workbench.gui.theme import Theme

MARKED = ("added", "removed", "changed", "moved")
"""What is marked; what is only affected or renamed is left as it is."""

_RADIUS = 7.0
_BADGE = 9.0
_SMALL = 0.35
"""Below this zoom a sign stands in the middle of its card, as large as there is room for."""


class Marks(QGraphicsItem):
    """All marks of a scene as one item above the cards."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setZValue(1)
        # Without it Qt says that all is exposed, and every mark of a large network would be painted each time.
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self._theme = theme
        self._marks: list[tuple[Card, QRectF, What]] = []
        self._bounds = QRectF()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def show_marks(self, marks: list[tuple[Card, What]]) -> None:
        """Mark these cards, each with what it is."""
        self.prepareGeometryChange()
        self._marks = [(card, card.plate().translated(card.pos()), what) for card, what in marks]
        bounds = QRectF()
        for _, plate, _ in self._marks:
            bounds = bounds.united(plate)
        self._bounds = bounds.adjusted(-14, -14, 14, 14) if marks else bounds
        self.update()

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        zoom = option.levelOfDetailFromTransform(painter.worldTransform())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, zoom >= _SMALL)
        seen = option.exposedRect.adjusted(-20, -20, 20, 20)
        for card, plate, what in self._marks:
            if plate.intersects(seen):
                if card.isSelected():
                    painter.setPen(QPen(QColor(self._theme.accent), max(3.0, 2 / zoom)))
                    painter.setBrush(Qt.BrushStyle.NoBrush)
                    painter.drawRoundedRect(plate.adjusted(-4, -4, 4, 4), _RADIUS + 3, _RADIUS + 3)
                self._paint_mark(painter, plate, what, zoom)

    def _paint_mark(self, painter: QPainter, plate: QRectF, what: What, zoom: float) -> None:
        colour = mark_colour(self._theme, what)
        tint = QColor(colour)
        tint.setAlpha(34 if zoom >= _SMALL else 150)
        # Dashes say 'removed' also to those who see no red.
        style = Qt.PenStyle.DashLine if what == "removed" else Qt.PenStyle.SolidLine
        painter.setPen(QPen(colour, 2.0 if zoom >= _SMALL else 1.5 / zoom, style))
        painter.setBrush(tint)
        painter.drawRoundedRect(plate, _RADIUS, _RADIUS)
        font = QFont(painter.font())
        font.setWeight(QFont.Weight.Bold)
        painter.setPen(QColor(self._theme.on_accent))
        if zoom < _SMALL:
            font.setPixelSize(round(min(plate.height() * 0.9, 15 / zoom)))
            room = plate
        else:
            font.setPixelSize(14)
            middle = plate.topLeft() + QPointF(1, 1)
            room = QRectF(middle.x() - _BADGE, middle.y() - _BADGE, 2 * _BADGE, 2 * _BADGE)
            painter.setBrush(colour)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawEllipse(room)
            painter.setPen(QColor(self._theme.on_accent))
        painter.setFont(font)
        painter.drawText(room, int(Qt.AlignmentFlag.AlignCenter), SIGNS[what])


def mark_colour(theme: Theme, what: str) -> QColor:
    """Green for what was added, red for what was removed, amber for what is another; muted for the rest."""
    names = {"added": theme.good, "removed": theme.error, "changed": theme.warning, "moved": theme.warning}
    return QColor(names.get(what, theme.muted))
