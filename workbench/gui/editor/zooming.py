"""A view on a scene that zooms with Ctrl and the wheel and pans with the middle button."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontInfo, QMouseEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QGraphicsScene, QGraphicsView

from workbench.gui.theme import Appearance, Theme

_SMALLEST, _LARGEST = 0.03, 3.0
_WRITTEN = 12
"""The size of the largest words on cards, pixels."""


class ZoomingView(QGraphicsView):
    """``zoomed`` follows every change of the zoom."""

    zoomed = Signal(float)

    def __init__(self, scene: QGraphicsScene, appearance: Appearance) -> None:
        super().__init__(scene)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.AnchorUnderMouse)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.SmartViewportUpdate)
        self.setOptimizationFlag(QGraphicsView.OptimizationFlag.DontAdjustForAntialiasing)
        self.setFrameShape(QGraphicsView.Shape.NoFrame)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._panning: QPoint | None = None
        self._is_fitted = False
        scene.sceneRectChanged.connect(lambda _: self._fit_again())
        appearance.changed.connect(self._set_theme)
        self._set_theme(appearance.theme)

    @property
    def zoom(self) -> float:
        return self.transform().m11()

    @property
    def life_size(self) -> float:
        """The zoom at which cards are written in the system's font size, and no smaller than they are drawn."""
        return min(max(1.0, QFontInfo(self.font()).pixelSize() / _WRITTEN), _LARGEST)

    @property
    def pans(self) -> bool:
        """Whether the middle button is held."""
        return self._panning is not None

    def set_zoom(self, zoom: float) -> None:
        self._is_fitted = False
        zoom = min(max(zoom, _SMALLEST), _LARGEST)
        factor = zoom / self.zoom
        self.scale(factor, factor)
        self.zoomed.emit(self.zoom)

    def fit(self) -> None:
        """Show the whole scene, no larger than life, until a person zooms: also where it grows, or its room does."""
        rect: QRectF = self.sceneRect()
        room = self.viewport().size()
        if rect.isEmpty() or room.isEmpty():
            return
        self.set_zoom(min(room.width() / rect.width(), room.height() / rect.height(), self.life_size))
        self.centerOn(rect.center())
        self._is_fitted = True

    def _fit_again(self) -> None:
        if self._is_fitted:
            self.fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_again()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.set_zoom(self.zoom * 1.0015 ** event.angleDelta().y())
            event.accept()
        else:
            super().wheelEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.MiddleButton:
            self._panning = event.position().toPoint()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._panning is None:
            super().mouseMoveEvent(event)
            return
        moved = event.position().toPoint() - self._panning
        self._panning = event.position().toPoint()
        self.horizontalScrollBar().setValue(self.horizontalScrollBar().value() - moved.x())
        self.verticalScrollBar().setValue(self.verticalScrollBar().value() - moved.y())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._panning is None:
            super().mouseReleaseEvent(event)
            return
        self._panning = None
        self.unsetCursor()

    def _set_theme(self, theme: Theme) -> None:
        self.setBackgroundBrush(QColor(theme.window))
