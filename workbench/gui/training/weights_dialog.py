"""Start from weights: a run's, a file's or PyTorch's, with a table of what fits and what does not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QColor
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from workbench.data import DataError
from workbench.data.normalization import WORDS
from workbench.graph import Graph
from workbench.gui import places
from workbench.gui.background import Background
from workbench.gui.document import Document
from workbench.gui.theme import Appearance
from workbench.layers import words
from workbench.runs import RunError, expected, list_runs, matched, read_source, starting_from
from workbench.weights import Match, Row, WeightsFile
from workbench.weights.pretrained import Pretrained, fetch, pretrained_for
from workbench.weights.reading import SUFFIXES

if TYPE_CHECKING:
    from workbench.weights import State

_SAID: dict[State, str] = {
    "kept": "is kept",
    "head": "begins anew: a last layer",
    "shape": "begins anew: another shape",
    "beside": "begins anew with its layer",
    "new": "begins anew: not in the file",
    "cut": "is left out: no layer takes it",
}
_FIRST: tuple[State, ...] = ("shape", "new", "head", "beside", "cut", "kept")
"""What a person looks for stands above what is as it should be."""


@dataclass(frozen=True, slots=True)
class Source:
    """What can be chosen: a title, the path of a run or file, and what can be downloaded to that path."""

    title: str
    path: Path
    pretrained: Pretrained | None = None


def sources(graph: Graph, runs: Path) -> list[Source]:
    """Runs that have weights, newest first, and what PyTorch has for a network of this name."""
    found = []
    for run in reversed(list_runs(runs)):
        try:
            run.state_file()
        except RunError:
            continue
        row = run.summary()
        accuracy = row["validation_accuracy"]
        told = f", {accuracy:.1%}" if accuracy is not None else ""
        found.append(
            Source(f"Run {run.directory.name}: {row['network']} on {Path(row['data']).name}{told}", run.directory)
        )
    return found + [Source(one.title, one.file, one) for one in pretrained_for(graph)]


class WeightsDialog(QDialog):
    """Chooses what the document's recipe starts from."""

    def __init__(
        self,
        document: Document,
        appearance: Appearance,
        attempt: Callable[[Callable[[], object]], None],
        parent: QWidget,
        first: Path | None = None,
    ) -> None:
        super().__init__(parent)
        self._first = first or (Path(document.recipe.weights) if document.recipe.weights else None)
        self._document, self._appearance, self._attempt = document, appearance, attempt
        self._file: WeightsFile | None = None
        self._match: Match | None = None
        self.setWindowTitle("Start from weights")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(760, 520)
        self.choice = QComboBox()
        self.choice.setAccessibleName("Weights")
        self.choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.choice.activated.connect(lambda _: self._read())
        self.browse = QPushButton("A file …")
        self.browse.clicked.connect(self._ask_for_file)
        self.download = QPushButton("Download")
        self.download.clicked.connect(self._fetch)
        self.download.hide()
        self.but_head = QCheckBox("All but the head: the last layers begin anew")
        self.but_head.setChecked(document.recipe.all_but_head)
        self.but_head.toggled.connect(lambda _: self._show())
        self.summary = QLabel("Looking for runs …")
        self.summary.setWordWrap(True)
        self.table = QTreeWidget()
        self.table.setProperty("role", "figures")
        self.table.setRootIsDecorated(False)
        self.table.setUniformRowHeights(True)
        self.table.setAccessibleName("Weights that fit and that do not")
        self.table.setHeaderLabels(["Weights", "In this network", "In the file", "What becomes of them"])
        header = self.table.header()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setStretchLastSection(False)
        for column, width in ((1, 120), (2, 120), (3, 210)):
            header.resizeSection(column, width)
        box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.take = box.addButton("Start from these", QDialogButtonBox.ButtonRole.AcceptRole)
        self.take.setEnabled(False)
        box.accepted.connect(self._accept)
        box.rejected.connect(self.reject)
        row = QHBoxLayout()
        row.addWidget(self.choice, 1)
        row.addWidget(self.download)
        row.addWidget(self.browse)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 14, 14, 12)
        layout.setSpacing(8)
        layout.addLayout(row)
        layout.addWidget(self.but_head)
        layout.addWidget(self.summary)
        layout.addWidget(self.table, 1)
        layout.addWidget(box)
        self._listing = Background("sources of weights", self)
        self._listing.done.connect(self._list)
        self._listing.failed.connect(lambda message, details: self.summary.setText(message))
        self._reading = Background("weights", self)
        self._reading.done.connect(self._take_file)
        self._reading.failed.connect(self._fail)
        self._progress = ""
        graph = document.graph
        self._listing.ask(lambda: sources(graph, places.runs()))

    def choose(self, path: Path) -> None:
        """Look at the weights of this run or file."""
        for place in range(self.choice.count()):
            if self.choice.itemData(place).path == path:
                self.choice.setCurrentIndex(place)
                break
        else:
            self.choice.insertItem(0, path.name, Source(path.name, path))
            self.choice.setCurrentIndex(0)
        self._read()

    def _list(self, found: list[Source]) -> None:
        for source in found:
            self.choice.addItem(source.title, source)
        if self._first is not None:
            self.choose(self._first)
        elif self.choice.count():
            self._read()
        else:
            self.summary.setText("There is no run with weights yet: choose a file.")

    def _ask_for_file(self) -> None:
        kinds = f"Weights ({' '.join(f'*{suffix}' for suffix in SUFFIXES)})"
        name, _ = QFileDialog.getOpenFileName(self, "Weights", str(Path.home()), kinds)
        if name:
            self.choose(Path(name))

    @property
    def _source(self) -> Source | None:
        return self.choice.currentData()

    def _read(self) -> None:
        source = self._source
        self._file = self._match = None
        self.table.clear()
        self.take.setEnabled(False)
        if source is None:
            return
        missing = source.pretrained is not None and not source.path.exists()
        self.download.setVisible(missing)
        if missing and source.pretrained is not None:
            size = 4 * source.pretrained.parameters / 1e6
            self.summary.setText(f"They are not on this computer yet: about {size:.0f} MB are downloaded from PyTorch.")
            return
        self.summary.setText("Reading …")
        self._reading.ask(lambda: read_source(source.path, self._reading.check))

    def _fetch(self) -> None:
        source = self._source
        if source is None or source.pretrained is None:
            return
        chosen, reading = source.pretrained, self._reading
        self.download.setEnabled(False)

        def progress(what: str, done: int, total: int) -> None:
            reading.check()
            self._progress = f"{what}: {done / total:.0%}" if total else what

        def work() -> WeightsFile:
            return read_source(fetch(chosen, progress), reading.check)

        self.summary.setText("Downloading …")
        self._timer = self.startTimer(200)
        reading.ask(work)

    def timerEvent(self, event: object) -> None:
        if self._reading.busy and self._progress:
            self.summary.setText(self._progress)
        else:
            self.killTimer(self._timer)

    def _take_file(self, file: WeightsFile) -> None:
        self.download.setEnabled(True)
        self.download.hide()
        self._progress = ""
        # Only shapes are looked at from here on.
        self._file = replace(file, tensors={name: value.to("meta") for name, value in file.tensors.items()})
        self._show()

    def _fail(self, message: str, details: str) -> None:
        self._progress = ""
        self.download.setEnabled(True)
        self.summary.setText(message)

    def _show(self) -> None:
        if self._file is None:
            return
        try:
            self._match = matched(self._file, self._document.graph, self.but_head.isChecked())
        except (DataError, ValueError) as error:
            self._match = None
            self.table.clear()
            self.summary.setText(str(error))
            self.take.setEnabled(False)
            return
        told = f"{self._match.sentence[:1].upper()}{self._match.sentence[1:]}.{self._undone()}"
        wanted = expected(self._file.prepared)
        if wanted not in (None, self._document.data.normalization):
            told += f" Pictures will be normalized {WORDS[str(wanted)]}, as they were for these weights."
        self.summary.setText(told)
        self.table.clear()
        order = sorted(self._match.rows, key=lambda row: _FIRST.index(row.state))
        self.table.addTopLevelItems([self._line(row) for row in order])
        self.take.setEnabled(True)

    def _undone(self) -> str:
        assert self._match is not None
        prefix, others = self._match.prefix, self._match.others
        undone = f" ‘{prefix}’ was taken off every name." if prefix and prefix != "model." else ""
        return undone + (f" {others:,} tensors beside them are none of a network's." if others else "")

    def _line(self, row: Row) -> QTreeWidgetItem:
        shapes = ["" if shape is None else words(shape) or "1" for shape in (row.wanted, row.found)]
        item = QTreeWidgetItem([row.name, *shapes, _SAID[row.state]])
        if row.state != "kept":
            item.setForeground(3, QBrush(QColor(self._appearance.theme.warning)))
        return item

    def _accept(self) -> None:
        if self._file is None or self._match is None:
            return
        project = starting_from(self._document.project, self._file, self.but_head.isChecked())
        self._attempt(lambda: self._document.apply(project, "Start from weights"))
        self.accept()

    def done(self, result: int) -> None:
        for work in (self._listing, self._reading):
            work.give_up()
        super().done(result)
