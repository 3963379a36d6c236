"""Both networks in one scene, matched layers side by side: what scrolls or zooms one does so with the other."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Signal
from PySide6.QtWidgets import QGraphicsScene

from workbench.graph import blocks_above
from workbench.gui.editor.card import Card
from workbench.gui.editor.comparison.alignment import align
from workbench.gui.editor.comparison.column import Column, extent
from workbench.gui.editor.comparison.marks import MARKED, Marks
from workbench.gui.editor.outline import blocks_of, first_closed, outline
from workbench.gui.theme import Appearance, Theme

if TYPE_CHECKING:
    from workbench.compiler import Comparison
    from workbench.compiler.differences import Difference
    from workbench.graph import Graph

_GAP = 180.0
_MARGIN = 40.0
_MOST_CARDS = 160
"""Blocks that differ are opened as long as neither network has more cards than this."""


class ComparisonScene(QGraphicsScene):
    """The first network on the left, the second on the right. ``picked(name, side)``: a card was clicked."""

    picked = Signal(str, int)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._theme = appearance.theme
        self._comparison: Comparison | None = None
        self._closed: frozenset[str] = frozenset()
        self.columns: tuple[Column, ...] = ()
        self._marks = Marks(self._theme)
        self.addItem(self._marks)
        self._choosing = False
        appearance.changed.connect(self._set_theme)
        self.selectionChanged.connect(self._tell)

    @property
    def closed(self) -> frozenset[str]:
        """The blocks that are shown as one card, on both sides."""
        return self._closed

    @property
    def marks(self) -> list[tuple[str, str, int]]:
        """Every marked card: its name, what it is, and its side."""
        return [(card.name, what, side) for side, column in enumerate(self.columns) for card, what in column.marks()]

    def show_comparison(self, comparison: Comparison) -> None:
        """Show these two networks. Blocks stay open or closed where the same networks were shown before."""
        before = self._comparison
        known = before is not None and _named_alike(before, comparison)
        self._comparison = comparison
        self._choosing = True
        for column in self.columns:
            column.remove()
        left = {d.before: d.what for d in comparison.differences if d.before and d.kind != "Output"}
        right = {d.after: d.what for d in comparison.differences if d.after and d.kind != "Output"}
        self.columns = (
            Column(self, comparison.before, left, self._theme),
            Column(self, comparison.after, right, self._theme),
        )
        self._choosing = False
        self.set_closed(self._closed if known else _first_closed(comparison))

    def set_closed(self, names: Iterable[str]) -> None:
        """Show these blocks as one card each, on both sides."""
        self._closed = frozenset(names)
        if self._comparison is None:
            return
        self._choosing = True
        left, right = self.columns
        drawings = left.lay_out(self._closed), right.lay_out(self._closed)
        moved = self._comparison.matching.moved
        pairs = dict.fromkeys(
            (left.outline.card_of[one], right.outline.card_of[other])
            for one, other in self._comparison.matching.pairs
            if (one, other) not in moved
        )
        drawings = align(*drawings, pairs)
        sizes = [extent(drawing) for drawing in drawings]
        away = (max(end - start for start, end in sizes) + _GAP) / 2
        left.put(drawings[0], -away)
        right.put(drawings[1], away)
        self._marks.show_marks(left.marks() + right.marks())
        bounds = left.bounds().united(right.bounds())
        # As wide on either side of the middle, so that each network stands under its own heading.
        half = max(-bounds.left(), bounds.right()) + _MARGIN
        self.setSceneRect(QRectF(-half, bounds.top() - _MARGIN, 2 * half, bounds.height() + 2 * _MARGIN))
        self._choosing = False

    def toggle_block(self, name: str) -> None:
        """Open a closed block, or close an open one, on both sides."""
        self.set_closed(self._closed ^ {name})

    def open_all(self) -> None:
        self.set_closed(())

    def close_all(self) -> None:
        blocks: set[str] = set()
        for column in self.columns:
            graph = column.analysis.graph
            blocks |= {block.name for block in graph.blocks} or set(blocks_of(graph))
        self.set_closed(blocks)

    def card_at(self, position: QPointF) -> Card | None:
        return next((item for item in self.items(position) if isinstance(item, Card)), None)

    def side_of(self, card: Card) -> int:
        return int(card.pos().x() > 0)

    def show_differences(self, differences: Iterable[Difference]) -> QRectF:
        """Select the cards of both sides that these differences are about; the rectangle that holds them."""
        wanted = [card for difference in differences for card in self._cards_of(difference)]
        self._select(wanted)
        rect = QRectF()
        for card in wanted:
            rect = rect.united(card.sceneBoundingRect())
        return rect

    def _cards_of(self, difference: Difference) -> list[Card]:
        found = []
        for column, name in zip(self.columns, (difference.before, difference.after), strict=True):
            graph = column.analysis.graph
            if difference.kind == "Output":
                name = next((output.node for output in graph.outputs if output.name == name), None)
            if name is not None:
                found.append(column.cards[column.outline.card_of[name]])
        return found

    def partner(self, card: Card) -> Card | None:
        """The card of the same layer or block on the other side."""
        assert self._comparison is not None
        side = self.side_of(card)
        own, other = self.columns[side], self.columns[1 - side]
        names = self._comparison.matching.before if side else self._comparison.matching.after
        entry = own.outline.by_name[card.name]
        for node in entry.nodes or (entry.name,):
            if node in names:
                return other.cards[other.outline.card_of[names[node]]]
        return None

    def _select(self, cards: Iterable[Card]) -> None:
        self._choosing = True
        self.clearSelection()
        for card in cards:
            card.setSelected(True)
        self._choosing = False

    def _tell(self) -> None:
        """One card was clicked: choose it with its partner, and say so."""
        chosen = [item for item in self.selectedItems() if isinstance(item, Card)]
        if self._choosing or not chosen:
            return
        partner = self.partner(chosen[-1])
        self._select([chosen[-1], *([partner] if partner else [])])
        self.picked.emit(chosen[-1].name, self.side_of(chosen[-1]))

    def _set_theme(self, theme: Theme) -> None:
        self._theme = theme
        for column in self.columns:
            column.set_theme(theme)
        self._marks.set_theme(theme)
        self.update()


def _named_alike(one: Comparison, other: Comparison) -> bool:
    return (one.before.graph.name, one.after.graph.name) == (other.before.graph.name, other.after.graph.name)


def _first_closed(comparison: Comparison) -> frozenset[str]:
    """Closed are the blocks that would be closed in the editor; of those the ones that differ are opened, if few."""
    graphs = comparison.before.graph, comparison.after.graph
    marked = [d for d in comparison.differences if d.what in MARKED]
    closed = first_closed(graphs[0]) | first_closed(graphs[1])
    opened = _differing(graphs[0], {d.before for d in marked}) | _differing(graphs[1], {d.after for d in marked})
    wanted = closed - opened
    fits = all(len(outline(graph, wanted).entries) <= _MOST_CARDS for graph in graphs)
    return wanted if fits else closed


def _differing(graph: Graph, names: Collection[str | None]) -> set[str]:
    """The blocks that hold some of these nodes but not only these."""
    counts: dict[str, list[int]] = {}
    for node in graph.nodes:
        for path in blocks_above(node.name):
            count = counts.setdefault(path, [0, 0])
            count[0] += 1
            count[1] += node.name in names
    return {path for path, (every, some) in counts.items() if 0 < some < every}
