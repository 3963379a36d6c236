"""How one value of a map came about: what it has seen of the picture, the sum that made it, what became of it."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from workbench.gui.hints import centred
from workbench.gui.inspection.value.field_view import FieldView
from workbench.gui.inspection.value.flow_view import FlowView
from workbench.gui.inspection.value.gates_view import GatesView
from workbench.gui.inspection.value.grids import Grids
from workbench.gui.inspection.value.step_bar import StepBar
from workbench.gui.inspection.value.terms import TermsModel, terms_of
from workbench.gui.inspection.value.terms_table import TermsTable
from workbench.gui.inspection.value.trail import Trail
from workbench.gui.inspection.value.words import seen_in_words, then_in_words
from workbench.gui.labs.lab import told
from workbench.gui.scrolled import Scrolled
from workbench.gui.theme import Appearance, Theme
from workbench.inspection import Explanation, Place, Seen

_HINT = "Click a value in the maps to see what it looked at, the filter, and the sum that gave it."
_WIDEST_LIST = 380
_WITHOUT_LIMIT = 16_777_215


class ValuePanel(QWidget):
    """``wishes_changed`` when another value is to be explained."""

    wishes_changed = Signal()

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._trail = Trail()
        self._told: Explanation | None = None
        self._channel: int | None = None
        self._build(appearance)
        appearance.changed.connect(self._set_theme)
        self._set_theme(appearance.theme)

    @property
    def place(self) -> Place | None:
        """The value that is asked for; None before one was chosen."""
        return self._trail.here

    @property
    def told(self) -> Explanation | None:
        """What is shown."""
        return self._told

    @property
    def hint(self) -> str:
        """What stands there while no value is shown; '' while one is."""
        return self._hint.text() if self._pages.currentWidget() is self._hint else ""

    # what others tell

    def explain(self, place: Place) -> None:
        """Explain this value from now on."""
        self._go(self._trail.begun_at(place))

    def show_seen(self, seen: Seen) -> None:
        """Show what has come of the value that was asked for, unless it is shown already."""
        if seen.unexplained and self.place is not None:
            self.say(f"{seen.unexplained} {_HINT}")
        found = seen.explanation
        if found is None or found is self._told or found.place != self.place:
            return
        self._told = found
        self._show(found)

    def forget(self) -> None:
        """Another network is open: none of its values has been chosen."""
        self._trail = Trail()
        self.say(_HINT)

    def say(self, message: str) -> None:
        """No value can be shown, and why."""
        self._told = None
        self._hint.setText(message)
        self._pages.setCurrentWidget(self._hint)
        self._enable()

    def show_picture(self, pixels: np.ndarray[Any, Any] | None) -> None:
        """The picture as the network takes it, uint8 ``(C, H, W)``."""
        self.field.show_picture(pixels)

    def take_focus(self) -> None:
        """Have the keys go from value to value."""
        self.field.setFocus()

    # going from value to value

    def step_back(self) -> None:
        """To the value that gave most to this one, towards the picture."""
        nearest = self._told.made.nearest if self._told is not None else None
        if nearest is not None:
            self._go(self._trail.back_to(nearest))

    def step_forth(self) -> None:
        """To where one came from, or to the value below that it gives most to."""
        if self._trail.behind:
            self._go(self._trail.forth())
        elif self._below:
            self._go(Trail(self._below[0]))

    @property
    def _below(self) -> list[Place]:
        """Where a step forth may lead: first what the next layer made of the value alone, then all that read it."""
        if self._told is None:
            return []
        read = [reader.place for one in self._told.readers for reader in one.strongest]
        return list(dict.fromkeys([step.place for step in self._told.then[:1]] + read))

    def _back_to(self, place: Place) -> None:
        self._go(self._trail.back_to(place))

    def _move(self, *by: int) -> None:
        """To a neighbour in the same output."""
        if self._told is None:
            return
        place, shape = self._told.place, self._told.shape
        index = list(place.index)
        for axis, step in enumerate(by if len(index) == 3 else (sum(by),) if len(index) == 1 else by[1:]):
            index[axis] = min(max(index[axis] + step, 0), shape[axis] - 1)
        if tuple(index) != place.index:
            self._go(self._trail.beside(Place(place.node, tuple(index), place.part)))

    def _go(self, trail: Trail) -> None:
        same_node = self.place is not None and trail.here is not None and self.place.node == trail.here.node
        if not same_node:
            self._channel = None
        self._trail = trail
        self._enable()
        self.wishes_changed.emit()

    # building

    def _build(self, appearance: Appearance) -> None:
        self.steps = StepBar(appearance)
        self.back, self.forth, self.readers = self.steps.back, self.steps.forth, self.steps.readers
        self.back.clicked.connect(self.step_back)
        self.forth.clicked.connect(self.step_forth)
        self.steps.chosen.connect(lambda place: self._go(Trail(place)))
        self.field = FieldView(appearance)
        self.seen = told("What it has seen", "muted")
        self.terms = TermsModel()
        self.list = TermsTable(self.terms, appearance)
        self.grids = Grids(appearance)
        self.gates, self.flow = GatesView(appearance), FlowView(appearance)
        self.sum = told("Sum", "heading")
        self.formula = told("Formula", "muted")
        self.then = told("What became of it")
        links = Qt.TextInteractionFlag.LinksAccessibleByMouse | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
        self.then.setTextInteractionFlags(links)
        self.then.linkActivated.connect(self._follow_link)
        self._middle = QStackedWidget()
        self._nothing = QWidget()
        for page in (self._nothing, self.grids, self.gates, self.flow):
            self._middle.addWidget(page)
        self._hint = centred(_HINT)
        shown = QWidget()
        self._pages = QStackedWidget()
        self._pages.addWidget(self._hint)
        self._pages.addWidget(Scrolled(shown))
        self._lay_out(shown)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(10, 4, 10, 6)
        outer.addWidget(self._pages)
        self.list.selectionModel().currentRowChanged.connect(self._show_row)
        self.list.taken.connect(self._step_to_row)
        self.field.moved.connect(self._move)
        self.grids.chosen.connect(self._back_to)
        self.flow.chosen.connect(self._back_to)
        for key, call in (("Alt+Left", self.step_back), ("Alt+Right", self.step_forth)):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(call)
        self._enable()

    def _lay_out(self, shown: QWidget) -> None:
        body, right, left = QHBoxLayout(), QVBoxLayout(), QVBoxLayout()
        left.addWidget(self.field, 1)
        left.addWidget(self.seen)
        middle = QHBoxLayout()
        middle.setSpacing(10)
        middle.addWidget(self.list, 2)
        middle.addWidget(self._middle, 5)
        middle.addStretch(0)
        right.setSpacing(3)
        right.addLayout(middle, 1)
        for label in (self.sum, self.formula, self.then):
            right.addWidget(label)
        right.addStretch(0)
        self._right = right
        body.setSpacing(12)
        body.addLayout(left, 2)
        body.addLayout(right, 5)
        layout = QVBoxLayout(shown)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3)
        layout.addWidget(self.steps)
        layout.addLayout(body, 1)

    # showing

    def _show(self, found: Explanation) -> None:
        made, held = found.made, self._holder()
        self.steps.show_value(found)
        self.field.show_field(found.field)
        self.seen.setText(seen_in_words(found))
        self.terms.show_terms(terms_of(found))
        self.list.setVisible(bool(self.terms.terms))
        self._show_middle(found)
        self.sum.setText(made.sentence)
        self.formula.setText(" ".join(filter(None, (f"{made.formula}.", made.note))))
        words = then_in_words(found)
        self.then.setVisible(bool(words))
        self.then.setText(words)
        self._enable()
        self._pages.setCurrentIndex(1)
        if held is not None and not (held.isVisible() and held.isEnabled()):
            # What had the keyboard is gone: it stays in this panel all the same.
            self.field.setFocus()

    def _holder(self) -> QWidget | None:
        """What of this panel has the keyboard."""
        holder = QApplication.focusWidget()
        return holder if holder is not None and self.isAncestorOf(holder) else None

    def _show_middle(self, found: Explanation) -> None:
        patch = found.made.patch
        if found.gates is not None:
            channel = found.place.index[0] if len(found.place.index) else 0
            self.gates.show_gates(found.gates, min(channel, len(found.gates.gates) - 1))
            self._middle.setCurrentWidget(self.gates)
        elif patch is not None and patch.places.size:
            strongest = patch.strongest[0]
            kept = self._channel if self._channel is not None and self._channel < len(patch.channels) else strongest
            self.grids.show_patch(patch, kept)
            self._select_channel(kept)
            self._middle.setCurrentWidget(self.grids)
        elif found.flow is not None:
            self.flow.show_flow(found.flow)
            self._middle.setCurrentWidget(self.flow)
        else:
            self._middle.setCurrentWidget(self._nothing)
        alone = self._middle.currentWidget() is self._nothing
        self._middle.setVisible(not alone)
        self.list.setMaximumWidth(_WIDEST_LIST if alone else _WITHOUT_LIMIT)
        # Words that have nothing above them stand at the top, beside the picture.
        is_bare = alone and not self.terms.terms
        self._right.setStretch(0, 0 if is_bare else 1)
        self._right.setStretch(self._right.count() - 1, 1 if is_bare else 0)

    def _select_channel(self, channel: int) -> None:
        """Have the list show which channel's grids are seen, without taking it for a person's choice."""
        row = next((n for n, term in enumerate(self.terms.terms) if term.channel == channel), None)
        selection = self.list.selectionModel()
        selection.blockSignals(True)
        if row is not None:
            self.list.setCurrentIndex(self.terms.index(row, 0))
        selection.blockSignals(False)
        self.list.viewport().update()

    def _show_row(self, current: QModelIndex, before: QModelIndex) -> None:
        term = self.terms.terms[current.row()] if 0 <= current.row() < len(self.terms.terms) else None
        patch = self._told.made.patch if self._told is not None else None
        if term is None or term.channel is None or patch is None:
            return
        self._channel = term.channel
        self.grids.show_patch(patch, term.channel)

    def _step_to_row(self, row: int) -> None:
        place = self.terms.terms[row].place
        if place is not None:
            self._back_to(place)
        elif self._middle.currentWidget() is self.grids:
            self.grids.values.setFocus()

    def _follow_link(self, link: str) -> None:
        if self._told is None:
            return
        if link.startswith("r"):
            self._go(Trail(self._told.readers[int(link[1:])].strongest[0].place))
        else:
            self._go(Trail(self._told.then[int(link)].place))

    def _enable(self) -> None:
        self.steps.lead_from(self._told, bool(self._trail.behind or self._below))

    def _set_theme(self, theme: Theme) -> None:
        if self._told is not None:
            self.then.setText(then_in_words(self._told))
