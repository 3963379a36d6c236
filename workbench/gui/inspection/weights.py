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

    _ROW, _HIGH_ROW = 34, 48
    _NAMES, _LEAST_CURVE = 132, 40

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._theme = appearance.theme
        self._weights: Mapping[str, Spread] = {}
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName("Weights of every layer")
        appearance.changed.connect(self._set_theme)

    @property
    def layers(self) -> list[str]:
        return list(self._weights)

    def sizeHint(self) -> QSize:
        return QSize(220, self.heightForWidth(self.width()))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._told + self._LEAST_CURVE, self.heightForWidth(self.width()))

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return max(60, self._row(width) * len(self._weights) + 8)

    @property
    def _told(self) -> int:
        """How wide the figures are."""
        return max(100, self.fontMetrics().horizontalAdvance("−0.0001 … 0.0001") + 4)

    def _row(self, width: int) -> int:
        """Height of a layer's row: where words and curve have no room beside each other, the curve stands below."""
        return self._ROW if width >= self._NAMES + self._LEAST_CURVE + self._told + 8 else self._HIGH_ROW

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
        visible, row, told = event.rect(), self._row(self.width()), self._told
        for number, (name, weights) in enumerate(self._weights.items()):
            top = number * row + 4
            if top > visible.bottom() or top + row < visible.top():
                continue
            painter.setPen(QColor(theme.muted))
            metrics = painter.fontMetrics()
            words = row if row == self._ROW else metrics.height()
            names = min(self._NAMES - 8, self.width() - told - 4)
            label = metrics.elidedText(name, Qt.TextElideMode.ElideLeft, names - 4)
            painter.drawText(QRectF(4, top, names, words), Qt.AlignmentFlag.AlignVCenter, label)
            if row == self._ROW:
                room = QRectF(self._NAMES, top + 2, self.width() - self._NAMES - 8 - told, row - 8)
            else:
                room = QRectF(4, top + words, self.width() - 8, row - words - 6)
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
            area = QRectF(self.width() - told, top, told - 4, words)
            right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            painter.drawText(area, right, f"{weights.low:.2g} … {weights.high:.2g}".replace("-", "−"))

    def _set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()
