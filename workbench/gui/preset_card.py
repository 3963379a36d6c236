"""A preset's card on the start page."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontInfo, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QTextLayout
from PySide6.QtWidgets import QWidget

from workbench.graph import Graph
from workbench.gui.editor.outline import first_closed, outline
from workbench.gui.figures import count
from workbench.gui.theme import Appearance, Theme
from workbench.layers import CATALOGUE
from workbench.presets import build

if TYPE_CHECKING:
    from workbench.presets import Preset

_WRITTEN = 12
"""The system's font size that the card is drawn for, pixels; all of it grows with a larger one."""
_SIZE = QSize(190, 178)
_MARGIN = 14


class PresetCard(QWidget):
    """A preset: a drawn miniature of its stack, its name, year and size, what was new."""

    chosen = Signal(str)

    def __init__(self, preset: Preset, appearance: Appearance) -> None:
        super().__init__()
        self._preset, self._theme = preset, appearance.theme
        self._figures = ""
        self._hovered = False
        self._scale = max(1.0, QFontInfo(self.font()).pixelSize() / _WRITTEN)
        self.setMinimumSize((_SIZE.toSizeF() * self._scale).toSize())
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(f"{preset.title}, {preset.year}")
        self.setAccessibleDescription(preset.new)
        self.setToolTip(preset.new)
        appearance.changed.connect(self._set_theme)

    @property
    def measured(self) -> bool:
        return bool(self._figures)

    def measure(self) -> None:
        """Count the preset's parameters."""
        self._figures = f" · {count(_parameters_of(self._preset.name))} parameters"
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.chosen.emit(self._preset.name)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.chosen.emit(self._preset.name)
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: object) -> None:
        self._hovered = True
        self.update()

    def leaveEvent(self, event: object) -> None:
        self._hovered = False
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        graph = _graph_of(self._preset.name)
        theme, painter = self._theme, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        active = self._hovered or self.hasFocus()
        painter.setPen(QColor(theme.accent if active else theme.border))
        painter.setBrush(QColor(theme.raised if active else theme.surface))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 9, 9)
        painter.scale(self._scale, self._scale)
        width, height = self.width() / self._scale, self.height() / self._scale
        draw_miniature(painter, QRectF(_MARGIN, _MARGIN, width - 2 * _MARGIN, 52), graph, theme)
        bold = QFont(self.font())
        bold.setPixelSize(15)
        bold.setWeight(QFont.Weight.DemiBold)
        painter.setFont(bold)
        painter.setPen(QColor(theme.text))
        painter.drawText(QPointF(_MARGIN, 90), self._preset.title)
        plain = QFont(self.font())
        plain.setPixelSize(11)
        painter.setFont(plain)
        painter.setPen(QColor(theme.muted))
        painter.drawText(QPointF(_MARGIN, 107), f"{self._preset.year}{self._figures}")
        painter.setPen(QColor(theme.text))
        _paragraph(painter, QRectF(_MARGIN, 116, width - 2 * _MARGIN, height - 126), self._preset.new)

    def _set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()


@cache
def _graph_of(preset: str) -> Graph:
    return build(preset)


@cache
def _parameters_of(preset: str) -> int:
    from workbench.compiler import analyse

    return analyse(_graph_of(preset)).inference().parameters


def _paragraph(painter: QPainter, room: QRectF, text: str) -> None:
    """As many whole lines as there is room for, the last one shortened."""
    layout = QTextLayout(text, painter.font())
    metrics = painter.fontMetrics()
    layout.beginLayout()
    y, step = room.top(), metrics.lineSpacing()
    while (line := layout.createLine()).isValid():
        line.setLineWidth(room.width())
        start = line.textStart()
        last = y + 2 * step > room.bottom()
        shown = text[start : start + line.textLength()]
        if last:
            shown = _whole_words(text[start:], painter, room.width())
        painter.drawText(QPointF(room.left(), y + metrics.ascent()), shown.rstrip())
        y += step
        if last:
            break
    layout.endLayout()


def _whole_words(text: str, painter: QPainter, width: float) -> str:
    """The text, without as many of its last words as there is no room for, and dots."""
    metrics = painter.fontMetrics()
    if metrics.horizontalAdvance(text) <= width:
        return text
    while text and metrics.horizontalAdvance(f"{text} …") > width:
        text = text.rpartition(" ")[0]
    return f"{text} …"


def draw_miniature(painter: QPainter, room: QRectF, graph: Graph, theme: Theme) -> None:
    """The stack lying on its side: a bar a layer in its category's colour, convolutions high, the rest low."""
    entries = [e for e in outline(graph, first_closed(graph, 60)).entries if not e.is_input]
    if not entries:
        return
    width = room.width() / len(entries)
    heights = {"Convolution": 1.0, "Shape": 0.75, "Block": 1.0, "Pooling": 0.5}
    painter.save()
    painter.setPen(Qt.PenStyle.NoPen)
    for number, entry in enumerate(entries):
        category = "Block" if entry.is_block else CATALOGUE[entry.kind].category
        shown = "Convolution" if entry.is_block else category
        height = room.height() * heights.get(category, 0.32)
        painter.setBrush(theme.category(shown))
        gap = min(2.0, width * 0.25)
        bar = QRectF(room.left() + number * width, room.center().y() - height / 2, width - gap, height)
        painter.drawRoundedRect(bar, min(2.0, width / 4), min(2.0, width / 4))
    painter.restore()
