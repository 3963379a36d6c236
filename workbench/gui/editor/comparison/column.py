"""One of the two networks that are compared, as cards in the scene of both."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QGraphicsScene

from workbench.gui.editor.card import HEIGHT, Card
from workbench.gui.editor.columns import CARD_WIDTH
from workbench.gui.editor.comparison.marks import MARKED
from workbench.gui.editor.faces import Faces
from workbench.gui.editor.frames import Frames, frame_rects
from workbench.gui.editor.layout import Placement, place
from workbench.gui.editor.lines import Lines
from workbench.gui.editor.outline import outline
from workbench.gui.theme import Theme

if TYPE_CHECKING:
    from workbench.compiler import Analysis
    from workbench.compiler.differences import What


class Column:
    """The cards of a network and what differs about each; ``what`` says it of every node that differs."""

    def __init__(self, scene: QGraphicsScene, analysis: Analysis, what: Mapping[str, What], theme: Theme) -> None:
        self._scene, self._theme = scene, theme
        self.analysis, self._what = analysis, what
        self.cards: dict[str, Card] = {}
        self._faces = Faces()
        self._lines, self._frames = Lines(theme), Frames(theme)
        scene.addItem(self._frames)
        scene.addItem(self._lines)
        self.outline = outline(analysis.graph, ())

    def lay_out(self, closed: Collection[str]) -> Placement:
        """Have a card for each layer and closed block, and say where they would stand."""
        self.outline = outline(self.analysis.graph, closed)
        for name in [name for name in self.cards if name not in self.outline.by_name]:
            self._scene.removeItem(self.cards.pop(name))
        self._faces.tell_of(self.analysis.graph, self.outline, self.analysis)
        for name in self.outline.by_name:
            if name not in self.cards:
                self.cards[name] = Card(name, self._faces, self._theme, shows=True)
                self._scene.addItem(self.cards[name])
            self.cards[name].update()
        return place(self.outline, dict.fromkeys(self.cards, HEIGHT))

    def put(self, placement: Placement, middle: float) -> None:
        """Put the cards where they are to stand, the column's middle being there."""
        left, right = extent(placement)
        shift = middle - (left + right) / 2
        for name, (x, y) in placement.centres.items():
            self.cards[name].setPos(x + shift, y)
        self._lines.setPos(shift, 0)
        self._lines.show_lines(placement)
        self._frames.setPos(shift, 0)
        self._frames.show_frames(frame_rects(self.outline, placement))

    def marks(self) -> list[tuple[Card, What]]:
        """The cards that differ, each with what it is; a closed block is what all in it are."""
        found: list[tuple[Card, What]] = []
        for entry in self.outline.entries:
            inside = [self._what.get(node) for node in entry.nodes or (entry.name,)]
            marked = [what for what in inside if what in MARKED]
            if marked:
                alone = marked[0] if len(marked) == len(inside) and len(set(marked)) == 1 else None
                found.append((self.cards[entry.name], alone or "changed"))
        return found

    def bounds(self) -> QRectF:
        """Round all that is drawn."""
        bounds = self._frames.sceneBoundingRect()
        for card in self.cards.values():
            bounds = bounds.united(card.sceneBoundingRect())
        return bounds

    def remove(self) -> None:
        """Take everything out of the scene."""
        for item in (*self.cards.values(), self._lines, self._frames):
            self._scene.removeItem(item)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        for card in self.cards.values():
            card.set_theme(theme)
        self._lines.set_theme(theme)
        self._frames.set_theme(theme)


def extent(placement: Placement) -> tuple[float, float]:
    """Where a drawing begins and ends from left to right."""
    xs = [x for x, _ in placement.centres.values()]
    along = [x for points in placement.lines.values() for x, _ in points]
    half = CARD_WIDTH / 2
    return min([*(x - half for x in xs), *along], default=0.0), max([*(x + half for x in xs), *along], default=0.0)
