"""An image that can be zoomed and moved with the mouse or the keyboard, and tells what is pointed at."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QGraphicsRectItem

from workbench.gui.inspection.pixel_item import PixelItem
from workbench.gui.theme import Appearance, Theme

_STEP = 0.2
_NEAREST = 3.0


class ImageView(pg.GraphicsView):
    """``pointed`` and ``clicked`` tell a place in the image's own pixels, ``pointed`` None where the mouse has left;
    ``asked`` where on the screen a menu is asked for.

    Wheel and + and - zoom, dragging and Shift with the arrow keys move, 0 and a double click show the whole again.
    """

    pointed = Signal(object)
    clicked = Signal(object)
    asked = Signal(QPoint)

    def __init__(self, name: str, appearance: Appearance, ground: str = "surface") -> None:
        """``ground`` is the theme's colour behind the image."""
        self._ground = ground
        self._size = (0, 0)
        self._whole = True
        super().__init__()
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(40, 40)
        self.box = pg.ViewBox(lockAspect=True, invertY=True, enableMenu=False)
        self.image = PixelItem()
        self.box.addItem(self.image)
        self._mark = QGraphicsRectItem()
        self._mark.setVisible(False)
        self.box.addItem(self._mark, ignoreBounds=True)
        self.setCentralItem(self.box)
        self.box.sigRangeChangedManually.connect(lambda _: self._keep_zoom())
        self.scene().sigMouseMoved.connect(lambda place: self.pointed.emit(self._inside(place)))
        self.scene().sigMouseClicked.connect(self._click)
        appearance.changed.connect(self._set_theme)
        self._set_theme(appearance.theme)

    @property
    def shows_whole(self) -> bool:
        """Whether nobody has zoomed or moved."""
        return self._whole

    @property
    def shown(self) -> np.ndarray[Any, Any] | None:
        """The pixels as they are drawn; None before there are any."""
        return self.image.image

    def show_image(self, sheet: np.ndarray[Any, Any], colours: np.ndarray[Any, Any] | None = None) -> None:
        """Draw uint8 ``(H, W)`` in these colours ``(256, 4)``, or ``(H, W, 4)`` as it is."""
        self.image.setLookupTable(colours, update=False)
        self.image.setImage(sheet, autoLevels=False, levels=(0, 255) if sheet.ndim == 2 else None)
        size = (sheet.shape[1], sheet.shape[0])
        if size != self._size:
            self._size = size
            self._whole = True
            self.fit()

    def mark(self, rect: QRectF | None) -> None:
        """Draw a frame round a part of the image."""
        self._mark.setVisible(rect is not None)
        if rect is not None:
            self._mark.setRect(rect)

    def fit(self) -> None:
        """Show the whole image."""
        self._whole = True
        width, height = self._size
        if width and height:
            self.box.setRange(QRectF(0, 0, width, height), padding=0.02)

    def zoom(self, factor: float) -> None:
        """Show as much larger, the middle staying where it is."""
        width = self.box.viewRect().width()
        if factor > 1 and width / factor < _NEAREST:
            return
        self.box.scaleBy((1 / factor, 1 / factor))
        self._keep_zoom()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys, key = Qt.Key, event.key()
        move = {keys.Key_Left: (-1, 0), keys.Key_Right: (1, 0), keys.Key_Up: (0, -1), keys.Key_Down: (0, 1)}.get(key)  # type: ignore[call-overload]
        if key in (keys.Key_Plus, keys.Key_Equal):
            self.zoom(1.25)
        elif key == keys.Key_Minus:
            self.zoom(0.8)
        elif key in (keys.Key_0, keys.Key_Home):
            self.fit()
        elif move and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            seen = self.box.viewRect()
            self.box.translateBy((move[0] * _STEP * seen.width(), move[1] * _STEP * seen.height()))
            self._keep_zoom()
        else:
            event.ignore()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._whole and any(self._size):
            self.fit()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.pointed.emit(None)

    def _click(self, event: Any) -> None:
        if event.button() == Qt.MouseButton.RightButton:
            self.asked.emit(event.screenPos().toPoint())
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if event.double():
            self.fit()
            return
        place = self._inside(event.scenePos())
        if place is not None:
            self.clicked.emit(place)

    def _inside(self, place: QPointF) -> QPointF | None:
        point = self.box.mapSceneToView(place)
        return point if 0 <= point.x() < self._size[0] and 0 <= point.y() < self._size[1] else None

    def _keep_zoom(self) -> None:
        self._whole = False

    def _set_theme(self, theme: Theme) -> None:
        self.setBackground(getattr(theme, self._ground))
        self._mark.setPen(pg.mkPen(theme.accent, width=2))
