"""What went into a value, as a list: branches, channels with the strongest first, and the formula's other numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from workbench.inspection import Explanation, Patch, Place
from workbench.inspection.arithmetic import figure

_MOST_CHANNELS = 400

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Term:
    """One line. A step leads to ``place``; ``channel`` is a position in the patch, of which grids are shown."""

    name: str
    value: float
    place: Place | None = None
    channel: int | None = None
    help: str = ""


def terms_of(told: Explanation) -> list[Term]:
    """The lines of a value."""
    made = told.made
    found = [
        Term(_named(operand.role, operand.place), operand.value, operand.place, help="Click to see how it came about.")
        for operand in made.operands
    ]
    if made.patch is not None:
        found += _channels(made.patch)
    return found + [Term(name, value) for name, value in made.numbers]


def _named(role: str, place: Place) -> str:
    return place.node if role in ("x", place.node) else f"{role}: {place.node}"


def _channels(patch: Patch) -> list[Term]:
    if not patch.places.size:
        return []
    single = patch.places[0].size == 1
    if len(patch.channels) == 1 and not single:
        return []
    sums = patch.contributions
    lines = []
    for at in patch.strongest[:_MOST_CHANNELS]:
        place = patch.place(at, 0, 0) if single else None
        help = "The sum of its products." if patch.products is not None else ""
        if single and patch.weights is not None and patch.names[0].startswith("·"):
            help = f"{figure(float(patch.values[at, 0, 0]))} · {figure(float(patch.weights[at, 0, 0]))}"
        lines.append(Term(f"{'value' if single else 'channel'} {patch.channels[at]}", float(sums[at]), place, at, help))
    rest = patch.strongest[_MOST_CHANNELS:]
    if rest:
        lines.append(Term(f"{len(rest)} more", float(sums[list(rest)].sum())))
    return lines


class TermsModel(QAbstractTableModel):
    """Two columns: the name, and the number."""

    def __init__(self) -> None:
        super().__init__()
        self.terms: list[Term] = []
        self.most = 0.0

    def show_terms(self, terms: list[Term]) -> None:
        same = len(terms) == len(self.terms)
        if not same:
            self.beginResetModel()
        self.terms = terms
        self.most = max((abs(term.value) for term in terms if term.channel is not None), default=0.0)
        if same:
            self.dataChanged.emit(self.index(0, 0), self.index(max(0, len(terms) - 1), 1))
        else:
            self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.terms)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 2

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        term, roles = self.terms[index.row()], Qt.ItemDataRole
        if role == roles.DisplayRole:
            return term.name if index.column() == 0 else figure(term.value)
        if role == roles.ToolTipRole:
            return term.help or None
        if role == roles.TextAlignmentRole and index.column() == 1:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None
