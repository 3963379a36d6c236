"""Weights, live: the filters of the chosen layer as small pictures, and how every layer's weights lie."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QSizePolicy, QWidget

from workbench.gui.inspection.filters import FiltersView
from workbench.gui.theme import Appearance, Theme
from workbench.inspection import Seen, Spread, Wishes


class WeightsPanel(QWidget):
    """The filters at the left, the histograms at the right."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self.filters = FiltersView(appearance)
        self.histograms = Histograms(appearance)
        area = QScrollArea()
        area.setAccessibleName("Weights of each layer")
        area.setWidgetResizable(True)
        area.setWidget(self.histograms)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 10, 8)
        layout.addWidget(self.filters, 1)
        layout.addWidget(area, 1)

    @property
    def wishes(self) -> Wishes:
        """What has to be looked at for this panel."""
        return replace(self.filters.wishes, spreads=True)

    def clear(self, message: str) -> None:
        """There are no weights to be shown, and why."""
        self.filters.say(message)
        self.histograms.show_spreads({})

    def show_seen(self, seen: Seen) -> None:
        """Draw what has come of filters and weights."""
        self.filters.show_seen(seen)
        if seen.spreads:
            self.histograms.show_spreads(seen.spreads)


class Histograms(QWidget):
    """A curve a layer: how many of its weights lie where."""

    _ROW = 34

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._theme = appearance.theme
        self._weights: Mapping[str, Spread] = {}
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.setAccessibleName("Weights of every layer")
        appearance.changed.connect(self._set_theme)

    @property
    def layers(self) -> list[str]:
        return list(self._weights)

    def sizeHint(self) -> QSize:
        return QSize(220, max(60, self._ROW * len(self._weights) + 8))

    minimumSizeHint = sizeHint

    def show_spreads(self, weights: Mapping[str, Spread]) -> None:
        fresh = len(weights) != len(self._weights)
        self._weights = weights
        if fresh:
            self.updateGeometry()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme = QPainter(self), self._theme
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self._weights:
            painter.setPen(QColor(theme.muted))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, "How each layer's weights lie, live")
            return
        fill = QColor(theme.training)
        fill.setAlpha(70)
        visible = event.rect()
        for number, (name, weights) in enumerate(self._weights.items()):
            top = number * self._ROW + 4
            if top > visible.bottom() or top + self._ROW < visible.top():
                continue
            painter.setPen(QColor(theme.muted))
            metrics = painter.fontMetrics()
            label = metrics.elidedText(name, Qt.TextElideMode.ElideLeft, 120)
            painter.drawText(QRectF(4, top, 124, self._ROW), Qt.AlignmentFlag.AlignVCenter, label)
            told = max(100, metrics.horizontalAdvance("−0.0001 … 0.0001") + 4)
            room = QRectF(132, top + 2, self.width() - 140 - told, self._ROW - 8)
            if weights.counts is not None and room.width() > 20:
                tallest = float(weights.counts.max()) or 1.0
                step = room.width() / len(weights.counts)
                points = [QPointF(room.left(), room.bottom())]
                points += [
                    QPointF(room.left() + (place + 0.5) * step, room.bottom() - room.height() * float(value) / tallest)
                    for place, value in enumerate(weights.counts)
                ]
                points.append(QPointF(room.right(), room.bottom()))
                painter.setPen(QColor(theme.training))
                painter.setBrush(fill)
                painter.drawPolygon(QPolygonF(points))
            painter.setPen(QColor(theme.muted))
            area = QRectF(self.width() - told, top, told - 4, self._ROW)
            right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            painter.drawText(area, right, f"{weights.low:.2g} … {weights.high:.2g}".replace("-", "−"))

    def _set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()
