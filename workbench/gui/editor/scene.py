"""The stack drawn: cards, lines, frames of open blocks. A function of the document; it changes nothing itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QPointF, QRectF, Signal
from PySide6.QtWidgets import QGraphicsScene

from workbench.graph import Graph, GraphError
from workbench.gui.document import Document
from workbench.gui.editor.broken import broken_edges
from workbench.gui.editor.card import Card, Strip
from workbench.gui.editor.faces import Faces, Facts
from workbench.gui.editor.frames import Frames, brace_rects, frame_rects
from workbench.gui.editor.landing import landing, with_gap
from workbench.gui.editor.layout import Placement
from workbench.gui.editor.lines import Lines
from workbench.gui.editor.outline import blocks_of, first_closed, have_same_outline, outline
from workbench.gui.editor.relayout import Relayout
from workbench.gui.editor.repeats import Repeat, Repeats, folded
from workbench.gui.editor.tints import NOTHING, Tint, worst
from workbench.gui.theme import Appearance, Theme
from workbench.project import Project

_MARGIN = 60.0


class NetworkScene(QGraphicsScene):
    """Shows a document's graph; `arranging` and `arranged` come before and after cards come, go or move.

    ``told(text)`` says in words what is selected.
    """

    arranging = Signal()
    arranged = Signal()
    told = Signal(str)

    def __init__(self, document: Document, appearance: Appearance) -> None:
        super().__init__()
        # Cards move only when the layout does: an index would cost more than it saves while dragging.
        self.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.BspTreeIndex)
        self._document = document
        self._theme = appearance.theme
        self._closed = first_closed(document.graph)
        self._folded: frozenset[str] = frozenset()
        self._finding_repeats = Repeats()
        self._repeats: tuple[Repeat, ...] = ()
        self._gap: str | None = None
        self.cards: dict[str, Card] = {}
        self.outline = outline(document.graph, self._closed)
        self._relayout = Relayout()
        self.placement: Placement | None = None
        self.standing: Placement | None = None
        self._strips: Mapping[str, Strip] = {}
        self._tints: Mapping[str, Tint] = {}
        self._lines = Lines(self._theme)
        self._frames = Frames(self._theme)
        self.addItem(self._frames)
        self.addItem(self._lines)
        self._choosing = False
        self._drawn: Graph | None = None
        self._facts: Facts = "overview"
        self._faces = Faces()
        document.opened.connect(self._begin_anew)
        document.changed.connect(self._follow)
        document.analysed.connect(self._refresh)
        document.selection_changed.connect(self._show_selection)
        appearance.changed.connect(self._set_theme)
        self.selectionChanged.connect(self._tell_selection)
        self._arrange()

    @property
    def closed(self) -> frozenset[str]:
        """The blocks that are shown as one card."""
        return self._closed

    @property
    def chosen(self) -> list[Card]:
        """The selected cards, from top to bottom."""
        chosen = [item for item in self.selectedItems() if isinstance(item, Card)]
        return sorted(chosen, key=lambda card: (card.y(), card.x()))

    def toggle_block(self, name: str) -> None:
        """Open a closed block in place, or close an open one; equal blocks that are folded stand apart again."""
        entry = self.outline.by_name.get(name)
        if entry is not None and entry.blocks:
            self.toggle_repeat(Repeat(entry.blocks))
        else:
            self.set_closed(self._closed ^ {name})

    def toggle_repeat(self, repeat: Repeat) -> None:
        """Fold equal blocks to one card, or have them stand apart again."""
        blocks = frozenset(repeat.blocks)
        self._folded = self._folded - blocks if self._folded & blocks else self._folded | blocks
        self._arrange()

    def toggle_repeats(self, names: Iterable[str]) -> None:
        """Fold or unfold the equal blocks that one of these names is of, or all of them where none is.

        Raises `GraphError` where no blocks are equal.
        """
        paths = {name[:end] for name in names for end in range(len(name) + 1) if name[end : end + 1] in (".", "")}
        chosen = [repeat for repeat in self._repeats if paths.intersection(repeat.blocks)]
        if chosen:
            self.toggle_repeat(max(chosen, key=lambda repeat: repeat.blocks[0].count(".")))
            return
        if not self._repeats:
            raise GraphError("no blocks that follow each other are equal")
        everything = frozenset(block for repeat in self._repeats for block in repeat.blocks)
        self._folded = frozenset() if everything <= self._folded else everything
        self._arrange()

    def repeat_at(self, position: QPointF) -> Repeat | None:
        """The equal blocks whose brace is there."""
        return self._frames.brace_at(position)

    def set_closed(self, names: Iterable[str]) -> None:
        self._closed = frozenset(names)
        self._arrange()

    def close_all(self) -> None:
        graph = self._document.graph
        self.set_closed({block.name for block in graph.blocks} or blocks_of(graph))

    def show_facts(self, facts: Facts) -> None:
        """Choose what the cards' last line tells."""
        self._facts = facts
        self._show_faces()

    def keep_closed(self, old: str, new: str) -> None:
        """A block is about to have another name: it stays closed or open, and so do those in it."""
        inside = {name for name in self._closed if name == old or name.startswith(f"{old}.")}
        self._closed |= {new + name[len(old) :] for name in inside}

    def show_strips(self, strips: Mapping[str, Strip]) -> None:
        """Show some of each layer's maps on its card, by name; a card without gets none."""
        self._strips = strips
        self._fit_heights()

    def show_tints(self, tints: Mapping[str, Tint]) -> None:
        """Colour the cards, by node; that of several layers by what is most unusual in it."""
        self._tints = tints
        for name, card in self.cards.items():
            found = worst(tints[node] for node in self.outline.by_name[name].nodes if node in tints)
            card.show_tint((found or NOTHING) if tints else None)

    def card_at(self, position: QPointF) -> Card | None:
        for item in self.items(position):
            if isinstance(item, Card):
                return item
        return None

    def gap_at(self, position: QPointF) -> str | None:
        """The card below which something dropped here would land; None above all."""
        assert self.placement is not None
        return landing(self.placement, self.outline, position, self._gap)

    @property
    def gap(self) -> str | None:
        """The card below which the stack has opened."""
        return self._gap

    def mark_gap(self, name: str | None) -> None:
        """Open a gap where something would land; None closes it."""
        if name == self._gap or self.placement is None:
            return
        self._gap = name if name in self.cards else None
        placement, middle = with_gap(self.placement, self._gap) if self._gap is not None else (self.placement, None)
        self._lines.mark(middle)
        self._put(placement)

    def mark_connection(self, start: QPointF | None, end: QPointF | None = None) -> None:
        """Show a line that is being drawn from a port."""
        self._lines.draw_connection(start, end)

    def last_node(self, name: str) -> str | None:
        """The node that a card gives its value from: itself, or a closed block's last. None for an input."""
        entry = self.outline.by_name[name]
        return entry.nodes[-1] if entry.nodes else None

    def _follow(self, before: Project, after: Project) -> None:
        self._follow_graph(before, after)
        one, other = before.recipe, after.recipe
        if (one.frozen, one.rate_factors) != (other.frozen, other.rate_factors):
            self._show_faces()

    def _follow_graph(self, before: Project, after: Project) -> None:
        if after.graph is self._drawn or before.graph is after.graph or before.graph == after.graph:
            return
        if self._drawn is not None and have_same_outline(self._drawn, after.graph):
            self._show_faces()
        else:
            self._arrange()

    def _begin_anew(self) -> None:
        self._closed = first_closed(self._document.graph)
        self._strips = {}
        self._drawn = None
        self._folded = frozenset()

    def _arrange(self) -> None:
        graph, analysis = self._document.graph, self._document.analysis
        if analysis is not None and analysis.graph is not graph:
            analysis = None
        # Told before new cards are there, which stand nowhere yet.
        self.arranging.emit()
        self._repeats = self._finding_repeats.of(graph)
        self.outline = outline(graph, self._closed, folded(self._repeats, self._folded))
        self._drawn, wanted = graph, self.outline.by_name
        self._faces.tell_of(graph, self.outline, analysis, self._facts, self._document.recipe)
        self._choosing = True
        for name in self.cards.keys() - wanted.keys():
            self.removeItem(self.cards.pop(name))
        for name in [name for name in wanted if name not in self.cards]:
            self.cards[name] = Card(name, self._faces, self._theme)
            self.addItem(self.cards[name])
        if self._tints:
            self.show_tints(self._tints)
        self._place()
        self.update()
        self._choosing = False
        self._show_selection(self._document.selection)

    def _place(self) -> None:
        for entry in self.outline.entries:
            self.cards[entry.name].show_strip(self._strips.get(entry.last))
        heights = {name: card.height for name, card in self.cards.items()}
        self.placement = self._relayout.place(self.outline, heights)
        self._gap = None
        self._lines.mark(None)
        self._put(self.placement)
        bounds = self._frames.boundingRect().united(self._lines.boundingRect())
        # As wide on either side of the input, so that the bar stands in its middle where the input is in the view's.
        half = max(-bounds.left(), bounds.right()) + _MARGIN
        self.setSceneRect(QRectF(-half, bounds.top() - _MARGIN, 2 * half, bounds.height() + 2 * _MARGIN))
        self.arranged.emit()

    def _put(self, placement: Placement) -> None:
        were = self.standing.centres if self.standing is not None else {}
        for name, centre in placement.centres.items():
            if centre != were.get(name):
                self.cards[name].setPos(*centre)
        self._lines.show_lines(placement)
        self._mark_broken()
        frames, braces = frame_rects(self.outline, placement), brace_rects(self.outline, placement, self._repeats)
        self._frames.show_frames(frames, braces)
        self.standing = placement

    def _fit_heights(self) -> None:
        for entry in self.outline.entries:
            card, strip = self.cards[entry.name], self._strips.get(entry.last)
            if card.has_strip != (strip is not None):
                self.arranging.emit()
                self._place()
                return
            card.show_strip(strip)

    def _mark_broken(self) -> None:
        """Mark the very edges that bring what cannot be taken, with both shapes."""
        analysis = self._document.analysis
        self._lines.show_broken(broken_edges(analysis, self.outline) if analysis is not None else {})

    def _refresh(self, analysis: object) -> None:
        # Cards that come, go or move have to wait for the change that follows.
        if self._drawn is not None and have_same_outline(self._drawn, self._document.graph):
            self._show_faces()

    def _show_faces(self) -> None:
        """The cards stay where they are and say what is true now."""
        graph = self._drawn = self._document.graph
        self._faces.tell_of(graph, self.outline, self._document.analysis, self._facts, self._document.recipe)
        self.update()
        self._mark_broken()
        self._tell_choice()

    def _show_selection(self, names: tuple[str, ...]) -> None:
        wanted = {self.cards[card] for name in names for card in self.outline.cards_of(name)}
        self._choosing = True
        for card in {*self.chosen, *wanted}:
            card.setSelected(card in wanted)
        self._choosing = False
        self._tell_choice()

    def _tell_choice(self) -> None:
        self.told.emit("; ".join(card.spoken for card in self.chosen))

    def _tell_selection(self) -> None:
        if not self._choosing:
            # Qt gives what is selected in no order; what is inserted stands below the lowest.
            chosen = (entry for entry in self.outline.entries if self.cards[entry.name].isSelected())
            self._document.select(name for entry in chosen for name in entry.chosen)

    def _set_theme(self, theme: Theme) -> None:
        self._theme = theme
        for card in self.cards.values():
            card.set_theme(theme)
        self._lines.set_theme(theme)
        self._frames.set_theme(theme)
        self.update()
