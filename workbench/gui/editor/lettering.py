"""Words on cards: their fonts, and how they are made to fit."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter


def fonts(painter: QPainter) -> tuple[QFont, QFont]:
    """Bold and plain."""
    plain = QFont(painter.font())
    plain.setPixelSize(11)
    bold = QFont(plain)
    bold.setPixelSize(12)
    bold.setWeight(QFont.Weight.DemiBold)
    return bold, plain


def draw_line(painter: QPainter, font: QFont, colour: QColor, text: str, x: float, y: float, width: float) -> float:
    """Draw one line of text, shortened to the width; how wide it came out."""
    if not text:
        return 0.0
    metrics = QFontMetricsF(font)
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)
    painter.setFont(font)
    painter.setPen(colour)
    painter.drawText(QPointF(x, y), shown)
    return metrics.horizontalAdvance(shown)


def shortened_path(name: str, font: QFont, width: float) -> str:
    """A layer's name without as many of the outer blocks as there is no room for: its end is what tells it apart."""
    metrics = QFontMetricsF(font)
    shown = name
    while metrics.horizontalAdvance(shown) > width and "." in shown:
        shown = "…" + shown.removeprefix("…").partition(".")[2]
    return metrics.elidedText(shown, Qt.TextElideMode.ElideLeft, width)


def in_two_lines(text: str, font: QFont, width: float) -> tuple[str, str]:
    """As many words as fit, and the rest."""
    metrics = QFontMetricsF(font)
    words = text.split(" ")
    count = len(words)
    while count > 1 and metrics.horizontalAdvance(" ".join(words[:count])) > width:
        count -= 1
    return " ".join(words[:count]), " ".join(words[count:])
