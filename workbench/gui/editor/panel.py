"""The editor: view, summary and what a person does in it, wired to the commands."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QApplication, QInputDialog, QVBoxLayout, QWidget

from workbench.graph import Graph, GraphError, fragment
from workbench.gui.document import Document
from workbench.gui.editor import commands, own_blocks
from workbench.gui.editor.inspector import Try
from workbench.gui.editor.legend import Legend
from workbench.gui.editor.name_edit import NameEdit
from workbench.gui.editor.outline import first_closed
from workbench.gui.editor.refusal import refusal_of
from workbench.gui.editor.scene import NetworkScene
from workbench.gui.editor.summary import SummaryBar
from workbench.gui.editor.view import NetworkView
from workbench.gui.theme import Appearance
from workbench.project import dumps_template, loads_template


class EditorPanel(QWidget):
    """``layer_opened(name)``: a card was double-clicked; ``layer_search(text)``: a person types on the canvas."""

    layer_opened = Signal(str)
    layer_search = Signal(str)
    menu_wanted = Signal(QPoint)
    block_saved = Signal()

    def __init__(self, document: Document, appearance: Appearance, attempt: Try) -> None:
        super().__init__()
        self._document, self._attempt = document, attempt
        self._seen = False
        self.scene = NetworkScene(document, appearance)
        self.view = NetworkView(self.scene, appearance)
        self.legend = Legend(self.view, appearance)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(SummaryBar(document))
        layout.addWidget(self.view, 1)
        view = self.view
        view.dropped.connect(self.insert)
        view.moved.connect(self._move)
        view.connected.connect(self._connect)
        view.opened.connect(self._open)
        view.naming.connect(lambda name: self._attempt(lambda: self.rename(name)))
        view.searched.connect(self.layer_search)
        view.menu_wanted.connect(self.menu_wanted)
        # After the scene has followed: its connections were made first.
        document.opened.connect(lambda: QTimer.singleShot(0, self.view.show_start))

    def add_bar(self, bar: QWidget) -> None:
        """Put a line between the summary and the cards."""
        layout = self.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.insertWidget(layout.count() - 1, bar)

    def freeze(self) -> None:
        """Freeze what is selected, or let it learn again."""
        commands.freeze(self._document, self.names)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._seen:
            self._seen = True
            QTimer.singleShot(0, self.view.show_start)

    @property
    def names(self) -> tuple[str, ...]:
        """What is selected, as cards: a closed block by its own name."""
        return self._document.selection

    def insert(self, what: str, below: str | None = None) -> None:
        """Insert a palette entry below a card: below what is selected, or where it fits, where none is given."""
        names = self.names
        card = below or (names[-1] if names else None)
        graph = self._document.graph
        if card in self.scene.outline.by_name:
            place = self.scene.last_node(card)
        else:
            place = commands.last_of(graph, card) if card else commands.place_for(self._document, what)
        self._attempt(lambda: commands.insert(self._document, what, place))
        self._show_selected()

    def cut(self) -> None:
        self.copy()
        self.delete()

    def copy(self) -> None:
        """The layers as text, which other projects and people can read."""
        # As plain text: Qt frees a QMimeData made in Python only after Python has ended, and the process aborts.
        QApplication.clipboard().setText(dumps_template(self._part(whole=True)))

    def _part(self, whole: bool = False) -> Graph:
        return fragment(self._document.graph, self.names, self._document.graph.shape, whole)

    def paste(self) -> None:
        text = QApplication.clipboard().text()
        if not text.lstrip().startswith("{"):
            raise GraphError("no layers are in the clipboard: copy some first")
        part = loads_template(text, "the clipboard")
        commands.paste(self._document, part, self.names[-1] if self.names else None)
        self._show_copies()

    def duplicate(self) -> None:
        are_closed = not self.scene.closed.isdisjoint(self.names)
        commands.duplicate(self._document, self.names)
        self._show_copies(are_closed)

    def _show_copies(self, are_closed: bool = False) -> None:
        """Bring what is selected into view, its blocks closed where a project would open with them closed."""
        graph, tops = self._document.graph, tuple(f"{name}." for name in self.names)
        closed = {block for block in first_closed(graph) if f"{block}.".startswith(tops)}
        closed.update(name for name in self.names if are_closed and name not in graph)
        if closed:
            self.scene.set_closed(self.scene.closed | closed)
        self._show_selected()

    def _show_selected(self) -> None:
        """Bring what is selected into view; where there is no room for all of it, its beginning."""
        for name in reversed(self.names):
            self.view.show_card(name)

    def delete(self) -> None:
        commands.remove(self._document, self.names)

    def select_all(self) -> None:
        self._document.select(entry.name for entry in self.scene.outline.entries if not entry.is_input)

    def rename(self, name: str = "") -> None:
        """Edit a card's name on the card itself: this one's, or the first selected one's."""
        chosen = name or next((card for card in self.scene.cards if card in self.names), "")
        entry = self.scene.outline.by_name.get(chosen)
        if entry is None or entry.is_input:
            return
        if entry.blocks:
            raise GraphError("have the equal blocks stand apart to name one of them")
        self.view.show_card(chosen)
        NameEdit(self.view, chosen, self._take_name)

    def _take_name(self, old: str, new: str) -> str:
        """Why the name could not be given; '' where it could."""
        if old not in self._document.graph:
            self.scene.keep_closed(old, new)
        return refusal_of(lambda: commands.rename(self._document, old, new), self._attempt)

    def move_up(self) -> None:
        """Have the selected card change places with the one above."""
        self._shift(-1)

    def move_down(self) -> None:
        self._shift(1)

    def _shift(self, step: int) -> None:
        chosen = self._chosen()
        if not chosen:
            return
        name = chosen[0] if step < 0 else chosen[-1]
        edges = self.scene.outline.edges
        above = {lower: upper for upper, lower in reversed(edges)}
        below = dict(reversed(edges))
        place = above.get(above.get(name, "")) if step < 0 else below.get(name)
        if place is not None:
            self._move(name, place)
            self.view.show_card(name)

    def _chosen(self, inputs: bool = False) -> list[str]:
        """The cards that are selected, from top to bottom."""
        entries = self.scene.outline.entries
        return [e.name for e in entries if self.scene.cards[e.name].isSelected() and (inputs or not e.is_input)]

    def connect_selected(self) -> None:
        """Draw a line from the upper of two selected cards to the lower, or take it away."""
        chosen = self._chosen(inputs=True)
        if len(chosen) != 2:
            raise GraphError("select the two cards to connect, with Shift or Ctrl")
        self._connect(chosen[0], chosen[1])

    def group(self) -> None:
        name, given = QInputDialog.getText(self, "Group to a block", "Name of the block:", text="block1")
        if given and name.strip():
            commands.group(self._document, self.names, name.strip())

    def save_block(self) -> None:
        """Keep what is selected as a block of one's own, which the palette then offers."""
        part = self._part()
        name, given = QInputDialog.getText(self, "Save as block", "Name:", text=self.names[0].rpartition(".")[2])
        if given and name.strip():
            own_blocks.save(part, name.strip())
            self.block_saved.emit()

    def ungroup(self) -> None:
        commands.ungroup(self._document, self.names)

    def toggle(self) -> None:
        """Open the selected block in place, or close the one that a selected card stands in."""
        name = self.names[0]
        name = next((entry.name for entry in self.scene.outline.entries if name in entry.blocks), name)
        block = name if name not in self._document.graph else name.rpartition(".")[0]
        if not block:
            raise GraphError(f"'{name}' stands in no block that could be opened or closed")
        self.scene.toggle_block(block)

    def toggle_repeats(self) -> None:
        """Fold the equal blocks that a selected card is of to one card, or all of them; or unfold them."""
        self.scene.toggle_repeats(self.names)

    def open_all(self) -> None:
        self.scene.set_closed(())

    def close_all(self) -> None:
        self.scene.close_all()

    def _move(self, name: str, below: str | None) -> None:
        """Move a card that was dragged, and with it all others that are selected as it is."""
        chosen = self._chosen()
        names = chosen if name in chosen else [name]
        if below in names:
            return
        entry = self.scene.outline.by_name.get(below or "")
        place = None if entry is None else self.scene.last_node(entry.name)

        def move() -> None:
            if any(self.scene.outline.by_name[each].blocks for each in names):
                raise GraphError("have the equal blocks stand apart to move one of them")
            commands.move_all(self._document, names, place)

        self._attempt(move)

    def _connect(self, source: str, target: str) -> None:
        graph = self._document.graph
        inner = self.scene.last_node(source) or source
        goal = target if target in graph else graph.members(target)[0].name if graph.members(target) else ""
        if goal:
            self._attempt(lambda: commands.connect(self._document, inner, goal))

    def _open(self, name: str) -> None:
        entry = self.scene.outline.by_name.get(name)
        if entry is not None and entry.is_block:
            self.scene.toggle_block(name)
        else:
            self.layer_opened.emit(name)
