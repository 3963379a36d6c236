"""The window in which two networks stand side by side."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QSplitter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from workbench.compiler import Comparison, compare
from workbench.compiler.comparison import Totals
from workbench.compiler.differences import Cost
from workbench.gui.background import Background
from workbench.gui.document import Document
from workbench.gui.editor.comparison.differences import DifferenceList, cost_text, field_text
from workbench.gui.editor.comparison.scene import ComparisonScene
from workbench.gui.editor.comparison.sides import Side, SideChoice, now, step_side
from workbench.gui.editor.comparison.view import ComparisonView
from workbench.gui.figures import count, size
from workbench.gui.icons import icon
from workbench.gui.own_keys import SelectableLabel
from workbench.gui.theme import Appearance, Theme

_WORDS = {
    "added": "added", "removed": "removed", "changed": "changed", "moved": "moved",
    "affected": "with other figures only", "renamed": "with another name only",
}  # fmt: skip

_HEADING = 1240
_HEIGHTS = (520, 210)
"""Of the drawing and of the list; what more there is goes mostly to the drawing."""


class ComparisonWindow(QDialog):
    """Two networks, their totals, their cards and what differs. The side 'now' follows the document."""

    def __init__(self, document: Document, appearance: Appearance, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self._document, self._appearance = document, appearance
        self.comparison: Comparison | None = None
        self._is_new = True
        self.sides = (step_side(document, 0), now(document))
        self.setWindowTitle("Compare networks")
        self.scene = ComparisonScene(appearance)
        self.view = ComparisonView(self.scene, appearance)
        self.list = DifferenceList(appearance)
        self.choices = (SideChoice(document, "on the left"), SideChoice(document, "on the right"))
        self._totals = (_figures("Totals on the left"), _figures("Totals on the right"))
        self._sentence = QLabel()
        self._sentence.setTextFormat(Qt.TextFormat.PlainText)
        self._sentence.setWordWrap(True)
        self._sentence.setAccessibleName("What differs in all")
        self._work = Background("comparison", self)
        self._work.done.connect(self._show)
        self._work.failed.connect(lambda message, _: self._sentence.setText(message))
        self._buttons = self._make_buttons()
        self._build()
        for place, choice in enumerate(self.choices):
            choice.chosen.connect(lambda side, at=place: self._put(at, side))
        self.list.chosen.connect(lambda differences: self.view.show_rect(self.scene.show_differences(differences)))
        self.scene.picked.connect(self.list.point_at)
        document.changed.connect(lambda before, after: self._follow(before.graph is not after.graph))
        document.opened.connect(self._begin_anew)
        appearance.changed.connect(self._set_theme)
        self._set_theme(appearance.theme)

    @property
    def sentence(self) -> str:
        """What is said above the list."""
        return self._sentence.text()

    @property
    def totals(self) -> tuple[str, str]:
        """What is said above each network."""
        return self._totals[0].text(), self._totals[1].text()

    def compare(self, before: Side, after: Side) -> None:
        """Show these two, the first on the left."""
        self.sides = (before, after)
        self._is_new = True
        for choice, side in zip(self.choices, self.sides, strict=True):
            choice.show_side(side)
        self._ask()

    def swap(self) -> None:
        """The left one to the right."""
        self.compare(self.sides[1], self.sides[0])

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._follow(True)

    def _put(self, place: int, side: Side) -> None:
        self.compare(side, self.sides[1]) if place == 0 else self.compare(self.sides[0], side)

    def _follow(self, changed: bool) -> None:
        """The open network changed, or the window came back: compare anew what follows it."""
        if not (changed and self.isVisible() and any(side.follows for side in self.sides)):
            return
        self.sides = (self._fresh(self.sides[0]), self._fresh(self.sides[1]))
        self._ask()

    def _fresh(self, side: Side) -> Side:
        return now(self._document) if side.follows else side

    def _begin_anew(self) -> None:
        """Another project was opened: earlier states of the one before mean nothing any more."""
        kept = [None if side.belongs else side for side in self.sides]
        self.compare(kept[0] or step_side(self._document, 0), kept[1] or now(self._document))

    def _ask(self) -> None:
        if self.isVisible():
            before, after = self.sides
            self._work.ask(lambda: compare(before.read(), after.read()))

    def _show(self, comparison: Comparison) -> None:
        self.comparison = comparison
        self.scene.show_comparison(comparison)
        self.list.show_comparison(comparison)
        before, after = comparison.totals
        self._totals[0].setText(_totals_text(before))
        self._totals[1].setText(_totals_text(after))
        self._sentence.setText(_sentence(comparison))
        if self._is_new:
            self._is_new = False
            self.view.show_start()

    def _make_buttons(self) -> dict[str, QToolButton]:
        made = {}
        for name, text, call in (
            ("mdi6.swap-horizontal", "Swap the sides", self.swap),
            ("mdi6.fit-to-page-outline", "Both whole networks (0)", self.view.fit),
            ("mdi6.expand-all-outline", "Open all blocks", self.scene.open_all),
            ("mdi6.collapse-all-outline", "Close all blocks", self.scene.close_all),
        ):
            button = QToolButton()
            button.setAutoRaise(True)
            button.setToolTip(text)
            button.setAccessibleName(text)
            button.clicked.connect(lambda _=False, c=call: c())
            made[name] = button
        return made

    def _build(self) -> None:
        heads = QGridLayout()
        heads.setContentsMargins(14, 10, 14, 10)
        heads.setHorizontalSpacing(12)
        heads.setVerticalSpacing(4)
        middle = QHBoxLayout()
        middle.setSpacing(2)
        for button in self._buttons.values():
            middle.addWidget(button)
        for place, column in ((0, 0), (1, 2)):
            heads.addWidget(self.choices[place], 0, column, Qt.AlignmentFlag.AlignHCenter)
            heads.addWidget(self._totals[place], 1, column)
            self._totals[place].setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
            heads.setColumnStretch(column, 1)
        heads.addLayout(middle, 0, 1)
        heading = QFrame()
        heading.setLayout(heads)
        # Not wider than this: on a large screen each heading stays near the network that it is about.
        heading.setMaximumWidth(_HEADING)
        above = QHBoxLayout()
        above.addWidget(heading)
        below = QWidget()
        rows = QVBoxLayout(below)
        rows.setContentsMargins(14, 8, 14, 14)
        rows.setSpacing(8)
        rows.addWidget(self._sentence)
        rows.addWidget(self.list, 1)
        split = QSplitter(Qt.Orientation.Vertical)
        split.addWidget(self.view)
        split.addWidget(below)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 1)
        split.setSizes([_HEIGHTS[0], _HEIGHTS[1]])
        split.setChildrenCollapsible(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(above)
        layout.addWidget(split, 1)
        room = self.screen().availableGeometry().size()
        self.resize(min(1180, room.width() - 40), min(820, room.height() - 60))
        for choice, side in zip(self.choices, self.sides, strict=True):
            choice.show_side(side)

    def _set_theme(self, theme: Theme) -> None:
        for name, button in self._buttons.items():
            button.setIcon(icon(name, theme))


def _figures(name: str) -> SelectableLabel:
    label = SelectableLabel()
    label.setTextFormat(Qt.TextFormat.RichText)
    label.setWordWrap(True)
    label.setAccessibleName(name)
    return label


def _totals_text(totals: Totals) -> str:
    parts = [
        f"<b>{totals.parameters:,}</b> parameters" if totals.parameters < 1e7
        else f"<b>{count(totals.parameters)}</b> parameters",
        f"<b>{count(totals.macs)}</b> MACs",
        f"<b>{size(totals.activation_bytes)}</b> activations",
        f"<b>{totals.layers}</b> layers",
    ]  # fmt: skip
    if totals.receptive_field is not None:
        parts.insert(3, f"sees <b>{field_text(totals.receptive_field)}</b>")
    return " · ".join(part.replace(" ", "&nbsp;") for part in parts)


def _sentence(comparison: Comparison) -> str:
    """``1 layer changed, 4 with other figures only: +50,416 parameters, +288 k MACs, +16 kB.``"""
    counts: dict[str, int] = {}
    for difference in comparison.differences:
        counts[difference.what] = counts.get(difference.what, 0) + 1
    if not counts:
        return "These two are the same network. Choose another above to compare with."
    parts = [f"{counts[what]} {words}" for what, words in _WORDS.items() if what in counts]
    first = counts[next(what for what in _WORDS if what in counts)]
    parts[0] = parts[0].replace(" ", f" layer{'s' if first > 1 else ''} ", 1)
    total = sum((difference.cost for difference in comparison.differences), Cost())
    return f"{', '.join(parts)}: {cost_text(total)} in all."
