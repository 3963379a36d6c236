"""The window on the scene: zoom, pan, and the gestures that edit."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QColor,
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
)
from PySide6.QtWidgets import QApplication, QGraphicsView

from workbench.gui.editor.layout import Placement
from workbench.gui.editor.scene import NetworkScene
from workbench.gui.editor.walking import Walk
from workbench.gui.editor.zooming import ZoomingView
from workbench.gui.theme import Appearance, Theme

LAYER_TYPE = "application/x-workbench-layer"
"""What a drag from the palette carries: ``layer:Conv2d`` or ``template:BasicBlock``."""

_EDGE = 24
_ABOUT = (
    "The layers of the network from top to bottom. Up and Down select one, Shift with them one more; with Ctrl they go "
    "on without selecting, and Space selects"
)


class NetworkView(ZoomingView):
    """Tells what a person wants; who listens edits the document.

    ``dropped(what, below)`` a palette entry, ``moved(name, below)`` a card, ``connected(source, target)`` a line from
    port to port, ``opened(name)`` a double click, ``naming(name)`` one on a name, ``searched(text)`` typing on the
    canvas, ``menu_wanted(position)``. ``moved_cards`` follows whatever moves cards on the screen.
    """

    dropped = Signal(str, object)
    moved = Signal(str, object)
    connected = Signal(str, str)
    opened = Signal(str)
    naming = Signal(str)
    moved_cards = Signal()
    searched = Signal(str)
    menu_wanted = Signal(QPoint)

    def __init__(self, scene: NetworkScene, appearance: Appearance) -> None:
        super().__init__(scene, appearance)
        self._network = scene
        self.setAcceptDrops(True)
        self.setDragMode(QGraphicsView.DragMode.RubberBandDrag)
        self.setAccessibleName("Network")
        self.setAccessibleDescription(_ABOUT)
        self._pressed: tuple[str, QPointF, str] | None = None
        self._dragging = False
        self._held: Placement | None = None
        self._held_by = self.viewportTransform()
        self._walk = Walk(self, scene)
        self.zoomed.connect(lambda _: self.moved_cards.emit())
        scene.arranging.connect(self._hold)
        scene.arranged.connect(self._stay)
        scene.told.connect(self._tell_choice)

    def show_start(self) -> None:
        """Life size where it fits in width, beginning at the input."""
        room = self.viewport().size()
        first = next(iter(self._network.cards.values()))
        fitting = room.width() / self._network.sceneRect().width()
        self.set_zoom(min(max(fitting, 0.6 * self.life_size), self.life_size))
        top = first.sceneBoundingRect().top() - 12
        self.centerOn(QPointF(first.pos().x(), top + room.height() / self.zoom / 2))

    def show_card(self, name: str) -> None:
        """Bring a card into view; of a block that stands open, its first one."""
        outline = self._network.outline
        first = next((entry.name for entry in outline.entries if entry.name.startswith(f"{name}.")), name)
        card = self._network.cards.get(outline.card_of.get(name, first))
        if card is not None:
            self.ensureVisible(card.sceneBoundingRect(), 60, 60)

    def name_line(self, name: str) -> QRect | None:
        """Where the first line of a card stands in the viewport; None where there is no such card."""
        card = self._network.cards.get(name)
        return None if card is None else self.mapFromScene(card.mapRectToScene(card.name_line())).boundingRect()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        super().scrollContentsBy(dx, dy)
        self.moved_cards.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        text = event.text()
        plain = not event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
        if plain and (text == "/" or text.isalpha()):
            self.searched.emit(text.removeprefix("/"))
            return
        led_to = self._walk.take(event)
        if led_to is not None:
            if led_to:
                self._tell_choice(led_to)
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._network.selectedItems():
            self.opened.emit(self._network.selectedItems()[0].name)  # type: ignore[attr-defined]
            return
        super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        position = self.mapToScene(event.position().toPoint())
        card = self._network.card_at(position)
        repeat = self._network.repeat_at(position) if card is None else None
        if event.button() == Qt.MouseButton.RightButton and card is not None:
            return  # a card leaves this button to the canvas, where it ends every selection before its menu opens
        if event.button() == Qt.MouseButton.LeftButton and repeat is not None:
            self._network.toggle_repeat(repeat)
            return
        if event.button() == Qt.MouseButton.LeftButton and card is not None:
            if event.modifiers() == Qt.KeyboardModifier.ShiftModifier:
                self._walk.reach(card.name)
                return
            self._pressed = (card.name, position, card.port_at(card.mapFromScene(position)))
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None or self.pans:
            super().mouseMoveEvent(event)
            return
        name, start, port = self._pressed
        position = self.mapToScene(event.position().toPoint())
        if not self._dragging and (position - start).manhattanLength() * self.zoom < QApplication.startDragDistance():
            return
        self._dragging = True
        if port:
            self._network.mark_connection(start, position)
        else:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self._network.mark_gap(self._gap(name, position))
            self._scroll_at_edge(event.position().toPoint())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.pans:
            super().mouseReleaseEvent(event)
            return
        pressed, dragging = self._pressed, self._dragging
        self._pressed, self._dragging = None, False
        super().mouseReleaseEvent(event)
        if pressed is None or not dragging:
            return
        self.unsetCursor()
        name, _, port = pressed
        position = self.mapToScene(event.position().toPoint())
        below = None if port else self._gap(name, position)
        self._network.mark_gap(None)
        self._network.mark_connection(None)
        if name not in self._network.cards:  # the press ended the editing of a name, after which it is called otherwise
            return
        if port:
            target = self._network.card_at(position)
            if target is not None and target.name != name:
                self.connected.emit(*((name, target.name) if port == "out" else (target.name, name)))
            return
        if below is not None:
            self.moved.emit(name, below)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        card = self._network.card_at(self.mapToScene(event.position().toPoint()))
        position = event.position().toPoint()
        if card is not None and card.is_name_at(card.mapFromScene(self.mapToScene(position))):
            self.naming.emit(card.name)
        elif card is not None:
            self.opened.emit(card.name)
        else:
            self.searched.emit("")

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        card = self._network.card_at(self.mapToScene(event.pos()))
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        if by_mouse and card is not None and not card.isSelected():
            self._network.clearSelection()
            card.setSelected(True)
        chosen = self._network.chosen
        if event.reason() == QContextMenuEvent.Reason.Keyboard and chosen:
            corner = self.mapFromScene(chosen[-1].sceneBoundingRect().center())
            self.menu_wanted.emit(self.viewport().mapToGlobal(corner))
        else:
            self.menu_wanted.emit(event.globalPos())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasFormat(LAYER_TYPE):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        if event.mimeData().hasFormat(LAYER_TYPE):
            self._network.mark_gap(self._network.gap_at(self.mapToScene(event.position().toPoint())))
            self._scroll_at_edge(event.position().toPoint())
            event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._network.mark_gap(None)

    def dropEvent(self, event: QDropEvent) -> None:
        below = self._network.gap_at(self.mapToScene(event.position().toPoint()))
        self._network.mark_gap(None)
        what = bytes(event.mimeData().data(LAYER_TYPE).data()).decode()
        self.dropped.emit(what, below)
        event.acceptProposedAction()

    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        self._walk.paint(painter, self._theme)
        if len(self._network.cards) > 1:
            return
        painter.resetTransform()
        painter.setPen(QColor(self._theme.muted))
        painter.drawText(
            self.viewport().rect().adjusted(0, 90, 0, 0),
            int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop),
            "Drag a layer here, or type its name",
        )

    def _scroll_at_edge(self, position: QPoint) -> None:
        """What is dragged to the upper or lower edge finds more of the stack there."""
        bar, height = self.verticalScrollBar(), self.viewport().height()
        if position.y() < _EDGE:
            bar.setValue(bar.value() - _EDGE)
        elif position.y() > height - _EDGE:
            bar.setValue(bar.value() + _EDGE)

    def _hold(self) -> None:
        """Remember where the cards stand, so that the first one in view that is left stays there."""
        self._held = self._network.standing
        self._held_by = self.viewportTransform()

    def _stay(self) -> None:
        held, standing = self._held, self._network.standing
        if held is not None and standing is not None:
            view, _ = self._held_by.inverted()
            middle, top = view.map(QPointF(self.viewport().rect().center())).x(), view.map(QPointF()).y()
            left = [(name, at) for name, at in held.centres.items() if at[1] >= top and name in standing.centres]
            first = min(left, key=lambda each: each[1][1] + abs(each[1][0] - middle) / 8, default=("", None))[0]
            if first:
                # By whole pixels: centred, it would creep.
                place = self._held_by.map(_top(held, first)).toPoint()
                moved = self.mapFromScene(_top(standing, first)) - place
                self.horizontalScrollBar().setValue(self.horizontalScrollBar().value() + moved.x())
                self.verticalScrollBar().setValue(self.verticalScrollBar().value() + moved.y())
        self.moved_cards.emit()

    def _gap(self, name: str, position: QPointF) -> str | None:
        """Where a dragged card would land; None where it is already."""
        below = self._network.gap_at(position)
        return None if below == name or (below, name) in self._network.outline.edges else below

    def _tell_choice(self, text: str) -> None:
        """Tell who cannot see the cards which of them is selected and what it says."""
        self.setAccessibleDescription(text or _ABOUT)
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))

    def _set_theme(self, theme: Theme) -> None:
        super()._set_theme(theme)
        self._theme = theme


def _top(placement: Placement, name: str) -> QPointF:
    x, y = placement.centres[name]
    return QPointF(x, y - placement.heights[name] / 2)
