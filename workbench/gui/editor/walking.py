"""The canvas by keyboard: from card to card, selecting or not, and what is in view moved."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QAbstractSlider

from workbench.gui.editor.scene import NetworkScene
from workbench.gui.editor.zooming import ZoomingView
from workbench.gui.theme import Theme

_KEYS = Qt.Key
_UP_AND_DOWN = {_KEYS.Key_Up: -1, _KEYS.Key_Down: 1}
_ASIDE = {_KEYS.Key_Left: -1, _KEYS.Key_Right: 1}
_SCROLLS = {
    _KEYS.Key_PageUp: QAbstractSlider.SliderAction.SliderPageStepSub,
    _KEYS.Key_PageDown: QAbstractSlider.SliderAction.SliderPageStepAdd,
}
_ROOM = 4


class Walk(QObject):
    """What the keys mean that go from card to card; a person who holds Ctrl goes on without selecting.

    Up, Down, Home and End select a card, Shift with Up and Down one more, Left and Right the one beside it. Ctrl with
    Up and Down moves a frame alone, and Space selects the card in it, or no longer: so any two cards can be selected.
    Page keys scroll, with Shift sideways.
    """

    def __init__(self, view: ZoomingView, network: NetworkScene) -> None:
        super().__init__(view)
        self._view, self._network = view, network
        self._framed = ""
        self._chosen_then: list[str] = []
        network.told.connect(self._follow)

    @property
    def framed(self) -> str:
        """The card in the frame; '' where there is no frame."""
        return self._framed if self._framed in self._network.cards else ""

    def take(self, event: QKeyEvent) -> str | None:
        """Do what a key means here: the words of the card to which it led, None for a key that means nothing."""
        key, modifiers = Qt.Key(event.key()), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        control, shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
        none = Qt.KeyboardModifier.NoModifier
        if key in _UP_AND_DOWN and modifiers in (none, shift):
            return self._step(_UP_AND_DOWN[key], modifiers == shift)
        if key in _UP_AND_DOWN and modifiers == control:
            return self._go_on(_UP_AND_DOWN[key])
        if key == _KEYS.Key_Space and modifiers in (none, control):
            return self._toggle()
        if key in _ASIDE and modifiers in (none, shift):
            return self._step_aside(_ASIDE[key])
        if key in (_KEYS.Key_Home, _KEYS.Key_End) and modifiers == none:
            names = self._names(inputs=False)
            return self._choose(names[0 if key == _KEYS.Key_Home else -1]) if names else ""
        if key in _SCROLLS and modifiers == shift:
            self._view.horizontalScrollBar().triggerAction(_SCROLLS[key])
            return ""
        return None

    def reach(self, name: str) -> None:
        """Select all from the cards that are selected to this one, too."""
        names = self._names(inputs=True)
        places = [names.index(chosen) for chosen in (*self._chosen(names), name)]
        for between in names[min(places) : max(places) + 1]:
            self._network.cards[between].setSelected(True)

    def paint(self, painter: QPainter, theme: Theme) -> None:
        """The frame, on the scene."""
        if not self.framed:
            return
        card = self._network.cards[self.framed]
        pen = QPen(QColor(theme.accent), 2, Qt.PenStyle.DashLine)
        pen.setCosmetic(True)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        rect = card.mapRectToScene(card.plate()).adjusted(-_ROOM, -_ROOM, _ROOM, _ROOM)
        painter.drawRoundedRect(rect, 9, 9)

    def _names(self, inputs: bool) -> list[str]:
        return [entry.name for entry in self._network.outline.entries if inputs or not entry.is_input]

    def _chosen(self, names: list[str]) -> list[str]:
        return [name for name in names if self._network.cards[name].isSelected()]

    def _step(self, step: int, extend: bool) -> str:
        """Select the card above or below."""
        names = self._names(inputs=False)
        chosen = self._chosen(names)
        if not names:
            return ""
        at = names.index(chosen[-1] if step > 0 else chosen[0]) + step if chosen else (0 if step > 0 else -1)
        name = names[max(0, min(at, len(names) - 1))] if chosen else names[at]
        return self._choose(name, extend)

    def _step_aside(self, side: int) -> str:
        """Select the card beside the one that is selected, in its row."""
        chosen = next(iter(self._network.chosen), None)
        if chosen is None:
            return ""
        row = [card for card in self._network.cards.values() if abs(card.pos().y() - chosen.pos().y()) < 1]
        beside = [card for card in row if (card.pos().x() - chosen.pos().x()) * side > 0]
        nearest = min(beside, key=lambda card: abs(card.pos().x() - chosen.pos().x()), default=None)
        return self._choose(nearest.name) if nearest is not None else ""

    def _go_on(self, step: int) -> str:
        """Move the frame and select nothing."""
        names = self._names(inputs=True)
        from_here = [self.framed] if self.framed else self._chosen(names)
        at = names.index(from_here[-1 if step > 0 else 0]) + step if from_here else (0 if step > 0 else -1)
        self._frame(names[max(0, min(at, len(names) - 1))] if from_here else names[at])
        return self._told()

    def _toggle(self) -> str:
        """Select the card in the frame beside the others, or no longer."""
        if not self.framed:
            return ""
        card, name = self._network.cards[self.framed], self.framed
        card.setSelected(not card.isSelected())
        self._frame(name)
        return self._told()

    def _told(self) -> str:
        card = self._network.cards[self.framed]
        return f"{card.spoken}, {'selected' if card.isSelected() else 'not selected'}"

    def _choose(self, name: str, extend: bool = False) -> str:
        if not extend:
            self._network.clearSelection()
        self._network.cards[name].setSelected(True)
        self._show(name)
        return ""

    def _frame(self, name: str) -> None:
        self._framed, self._chosen_then = name, self._chosen(self._names(inputs=True))
        self._show(name)
        self._view.viewport().update()

    def _show(self, name: str) -> None:
        self._view.ensureVisible(self._network.cards[name].sceneBoundingRect(), 60, 60)

    def _follow(self) -> None:
        """Another selection has been made, by whatever means: the keys go on from there."""
        if self._framed and self._chosen(self._names(inputs=True)) != self._chosen_then:
            self._framed = ""
            self._view.viewport().update()
