"""The settings of a run, or what differs between several, as a table: made in the background, shown in the window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem

from workbench.compiler import compare as compare_graphs
from workbench.gui.figures import count
from workbench.project import DataChoice, Recipe
from workbench.runs import Run, compare

_LEAST_BESIDE = 170
"""Pixels with which what one run has can be read beside its settings."""
_AROUND = 16
"""Pixels around a text in its column."""


@dataclass(frozen=True)
class Row:
    """A setting's name, and its value in each run. ``chosen``: a person set it, it is not the default."""

    name: str
    values: tuple[str, ...]
    chosen: bool = False


@dataclass(frozen=True)
class Table:
    runs: tuple[str, ...]
    rows: tuple[Row, ...]


def settings_of(run: Run) -> Table:
    """Every setting of a run: what a person chose first, then what was left at its default; last the machine."""
    usual = {f"data.{name}": value for name, value in DataChoice().values().items()}
    usual |= {f"recipe.{name}": value for name, value in Recipe().values().items()}
    found = [
        Row(_spoken(name), (_text(value),), name not in usual or value != usual[name])
        for name, value in run.settings.items()
    ]
    chosen = [row for row in found if row.chosen]
    left = [row for row in found if not row.chosen]
    machine = [
        Row(name, (_text(run.environment[name]),))
        for name in ("started", "workbench", "torch", "platform", "threads")
        if name in run.environment
    ]
    ended = [Row("ended", (run.report["sentence"],), True)] if run.report.get("sentence") else []
    return Table((run.directory.name,), (*ended, *chosen, *left, *machine))


def differences_of(runs: list[Run]) -> Table:
    """What is not the same in all runs; of two runs' networks also each layer that differs."""
    rows = [Row(_spoken(name), tuple(map(_text, values)), True) for name, values in compare(runs).items()]
    if len(runs) == 2:
        first, second = (run.project.graph for run in runs)
        if first != second:
            groups = compare_graphs(first, second).groups
            rows += [Row(group.name or "network", ("", group.words), True) for group in groups]
    return Table(tuple(run.directory.name for run in runs), tuple(rows or [Row("no setting differs", ())]))


class RunSettings(QTreeWidget):
    """Shows one `Table`; what a person chose stands bold.

    The runs stand beside their settings and each other, or below each setting where that has no room.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setRootIsDecorated(False)
        self.setIndentation(12)
        self.setUniformRowHeights(True)
        self.setAccessibleName("Settings of the run")
        self.setProperty("role", "table")
        self.setSelectionMode(QTreeWidget.SelectionMode.NoSelection)
        self._bold = QFont(self.font())
        self._bold.setBold(True)
        self._is_below = False
        self.table = Table((), ())
        self.show_table(self.table)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 60)

    def show_table(self, table: Table) -> None:
        self.table = table
        self._fill()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._is_below == (self._room_beside() <= self.viewport().width()):
            self._fill()
        self._share_room()

    def _fill(self) -> None:
        table, is_one = self.table, len(self.table.runs) < 2
        self._is_below = self._room_beside() > self.viewport().width()
        self.clear()
        self.setColumnCount(1 if self._is_below else 1 + max(1, len(table.runs)))
        titles = ["Setting" if is_one or not self._is_below else "What differs"]
        self.setHeaderLabels(titles if self._is_below else [*titles, *(table.runs or ("",))])
        for row in table.rows:
            item = self._item([row.name, *(() if self._is_below else row.values)], row.chosen)
            if self._is_below:
                told = zip(table.runs, row.values, strict=bool(row.values))
                item.addChildren([_line(text if is_one else f"{run}: {text}") for run, text in told if text])
        self.expandAll()
        self.header().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.header().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        self._share_room()

    def _item(self, texts: Sequence[str], is_bold: bool) -> QTreeWidgetItem:
        item = _line(*texts)
        if is_bold:
            item.setFont(0, self._bold)
        self.addTopLevelItem(item)
        return item

    def _room_beside(self) -> int:
        """The width with which nothing is cut where several runs stand beside each other; of one run, little."""
        runs, rows = self.table.runs, self.table.rows
        if len(runs) < 2:
            return _LEAST_BESIDE
        width, bold = self.fontMetrics().horizontalAdvance, QFontMetrics(self._bold).horizontalAdvance
        columns = [[run, *(row.values[place] for row in rows if row.values)] for place, run in enumerate(runs)]
        names = max((bold(row.name) for row in rows), default=0)
        return names + sum(max(map(width, column)) for column in columns) + (1 + len(runs)) * _AROUND

    def _share_room(self) -> None:
        """All of the names, but for half of the room: what a person looks for are the values."""
        room = self.viewport().width()
        runs = self.columnCount() - 1
        if not runs:
            return
        names = min(self.sizeHintForColumn(0), room // 2)
        self.header().resizeSection(0, names)
        for column in range(1, runs):
            self.header().resizeSection(column, max(60, (room - names) // runs))


def _line(*texts: str) -> QTreeWidgetItem:
    item = QTreeWidgetItem(list(texts))
    for column, text in enumerate(texts):
        item.setToolTip(column, text)
    return item


def _spoken(name: str) -> str:
    return name.removeprefix("recipe.").replace("data.", "data ").replace("_", " ")


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple | list):
        return ", ".join(map(str, value[:8])) + (f", … ({len(value)} in all)" if len(value) > 8 else "") or "none"
    if isinstance(value, int) and value >= 10_000:
        return count(value)
    return f"{value:g}" if isinstance(value, float) else str(value)
