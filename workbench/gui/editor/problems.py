"""The list of problems: always current, a click selects the card."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QBrush, QColor
from PySide6.QtWidgets import QHeaderView, QPushButton, QStackedLayout, QTreeWidget, QTreeWidgetItem, QWidget

from workbench.gui.data.images import Images
from workbench.gui.document import Document
from workbench.gui.editor import fixes
from workbench.gui.hints import centred
from workbench.gui.theme import Appearance, Theme
from workbench.layers import words
from workbench.project import Project

if TYPE_CHECKING:
    from workbench.compiler import Analysis, Problem
    from workbench.data import Dataset

_NODE = Qt.ItemDataRole.UserRole
_MOST = 200


class ProblemsPanel(QWidget):
    """``counted(errors, warnings)`` follows every change of the list."""

    counted = Signal(int, int)
    chosen = Signal(str)

    def __init__(
        self,
        document: Document,
        images: Images,
        appearance: Appearance,
        attempt: Callable[[Callable[[], object]], None],
    ) -> None:
        super().__init__()
        self._dataset: Dataset | None = None
        self._remarks: list[Problem] = []
        self._remarked: list[QTreeWidgetItem] = []
        self._document, self._appearance, self._attempt = document, appearance, attempt
        self.fixes: list[QPushButton] = []
        self._list = QTreeWidget()
        self._list.setRootIsDecorated(False)
        self._list.setHeaderLabels(["Layer", "What is wrong", "What to do", ""])
        self._list.setAccessibleName("Problems")
        self._list.setProperty("role", "table")
        self._list.setWordWrap(True)
        header = self._list.header()
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        header.setStretchLastSection(False)
        # A sentence takes as many lines as its column's width asks for, which it has only after it has told of it.
        header.sectionResized.connect(lambda column, _, width: self._fit_rows(width) if column == 1 else None)
        self._none = centred("No problems: this network can be trained.")
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._none)
        self._stack.addWidget(self._list)
        self._list.itemClicked.connect(self._choose)
        self._list.itemActivated.connect(self._choose)
        document.analysed.connect(self._show)
        images.loaded.connect(self._show_dataset)
        document.changed.connect(self._follow)
        appearance.changed.connect(self._set_theme)
        self._show_again()

    def apply_fix(self) -> None:
        """Apply the quick fix of the problem that is chosen, or the first that there is."""
        current = self._list.currentItem()
        button = self._list.itemWidget(current, 3) if current is not None else None
        if not isinstance(button, QPushButton):
            button = self.fixes[0]
        button.click()

    def show_remarks(self, remarks: list[Problem]) -> None:
        """What a training tells of the network's layers, besides what is wrong with the network."""
        same = [(r.node, r.remedy) for r in remarks] == [(r.node, r.remedy) for r in self._remarks]
        self._remarks = remarks
        if not same and self._document.analysis is not None:
            self._show(self._document.analysis)
            return
        # Only figures differ: what a person is about to click stays where it is.
        for row in self._remarked:
            message = next((r.message for r in remarks if (r.node, r.remedy) == (row.data(0, _NODE), row.text(2))), "")
            row.setText(1, message)
            row.setToolTip(1, message)

    def _show_dataset(self, dataset: Dataset) -> None:
        self._dataset = dataset
        self._show_again()

    def _follow(self, before: Project, after: Project) -> None:
        if before.data.source != after.data.source and self._dataset is not None:
            self._dataset = None
            self._show_again()

    def _set_theme(self, _: Theme) -> None:
        self._show_again()

    def _show_again(self) -> None:
        if self._document.analysis is not None:
            self._show(self._document.analysis)

    def _show(self, analysis: Analysis) -> None:
        self._list.clear()
        self.fixes.clear()
        self._remarked.clear()
        theme = self._appearance.theme
        found = [(problem, fixes.fix_for(analysis, problem)) for problem in analysis.problems[:_MOST]]
        if self._dataset is not None:
            from workbench.gui.editor.data_problems import data_problems

            found += data_problems(analysis.graph, self._dataset)
        remarked = [remark for remark in self._remarks if remark.node in analysis.graph][:_MOST]
        found += [(remark, None) for remark in remarked]
        for problem, fix in found:
            text = problem.message
            if problem.given is not None and problem.source:
                given = words(problem.given) if not isinstance(problem.given[0], tuple) else "several tensors"
                beside = f" beside {words(problem.beside)}" if problem.beside else ""
                if beside or given not in text:  # said once, a sentence is not cut short
                    text = f"{text} ({problem.source} brings {given}{beside})"
            is_told = fix is not None and fix.title.lower() == problem.remedy.lower()  # by the button beside it
            row = QTreeWidgetItem(self._list, [problem.node or "network", text, "" if is_told else problem.remedy])
            row.setData(0, _NODE, problem.node or "")
            colour = theme.error if problem.severity == "error" else theme.warning
            row.setForeground(0, QBrush(QColor(colour)))
            row.setToolTip(1, text)
            if problem in remarked:
                self._remarked.append(row)
            if fix is not None:
                button = QPushButton(fix.title)
                button.setMaximumHeight(button.sizeHint().height())
                button.clicked.connect(lambda _=False, f=fix: self._attempt(lambda: f.apply(self._document)))
                self._list.setItemWidget(row, 3, button)
                self.fixes.append(button)
        for column in (0, 2, 3):
            self._list.resizeColumnToContents(column)
        self._fit_rows(self._list.columnWidth(1))
        self._stack.setCurrentIndex(1 if found else 0)
        beyond = analysis.problems[_MOST:]
        errors = sum(problem.severity == "error" for problem in (*(problem for problem, _ in found), *beyond))
        self.counted.emit(errors, len(found) + len(beyond) - errors)

    def _fit_rows(self, width: int) -> None:
        """Give each row the height that its sentence needs in a column of this width."""
        metrics = self._list.fontMetrics()
        for number in range(self._list.topLevelItemCount()):
            row = self._list.topLevelItem(number)
            if row is not None:
                room = metrics.boundingRect(0, 0, width - 14, 10_000, Qt.TextFlag.TextWordWrap, row.text(1))
                row.setSizeHint(1, QSize(0, room.height() + 8))

    def _choose(self, row: QTreeWidgetItem, _column: int = 0) -> None:
        node = row.data(0, _NODE)
        if node:
            self._document.select([node])
            self.chosen.emit(node)
