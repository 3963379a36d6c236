"""The window on both networks: drag to move, click a card, double-click a block."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QGraphicsView

from workbench.gui.editor.comparison.scene import ComparisonScene
from workbench.gui.editor.zooming import ZoomingView
from workbench.gui.theme import Appearance


class ComparisonView(ZoomingView):
    """Nothing can be edited here."""

    def __init__(self, scene: ComparisonScene, appearance: Appearance) -> None:
        super().__init__(scene, appearance)
        self._networks = scene
        # Always there: coming and going, it would change the room that a zoom was chosen for.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setDragMode(QGraphicsView.DragMode.ScrollHandDrag)
        self.viewport().setCursor(Qt.CursorShape.ArrowCursor)
        self.setAccessibleName("Both networks")
        self.setAccessibleDescription("The first network's layers on the left, the second's on the right")

    def show_start(self) -> None:
        """Life size where both fit beside each other, beginning at the inputs."""
        room, rect = self.viewport().size(), self.sceneRect()
        if rect.isEmpty() or room.isEmpty():
            return
        self.set_zoom(min(max(room.width() / rect.width(), 0.5 * self.life_size), self.life_size))
        self.centerOn(QPointF(0.0, rect.top() + room.height() / self.zoom / 2))

    def show_rect(self, rect: QRectF) -> None:
        """Bring cards into view, in the middle of its height; both columns where they fit."""
        if rect.isEmpty():
            return
        visible = self.mapToScene(self.viewport().rect()).boundingRect()
        if not visible.adjusted(0, 30, 0, -30).contains(rect):
            self.centerOn(QPointF(self._across(rect, visible), rect.center().y()))

    def _across(self, rect: QRectF, visible: QRectF) -> float:
        """The middle between both columns, where the cards are then seen; otherwise the cards' own middle."""
        half = visible.width() / 2
        return 0.0 if -half <= rect.left() and rect.right() <= half else rect.center().x()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        self.viewport().setCursor(Qt.CursorShape.ArrowCursor)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        card = self._networks.card_at(self.mapToScene(event.position().toPoint()))
        if card is None:
            return
        block = card.name if card.face.is_block else card.name.rpartition(".")[0]
        if block:
            self._networks.toggle_block(block)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Plus: 1.25, Qt.Key.Key_Equal: 1.25, Qt.Key.Key_Minus: 0.8}
        if event.key() in steps:
            self.set_zoom(self.zoom * steps[Qt.Key(event.key())])
        elif event.key() == Qt.Key.Key_0:
            self.fit()
        elif event.key() == Qt.Key.Key_1:
            self.set_zoom(self.life_size)
        else:
            super().keyPressEvent(event)
