"""The history of runs: what was trained, how it went, and what differs; ticked runs are laid under the curves."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QFile, QPoint, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QHeaderView,
    QLabel,
    QMenu,
    QPlainTextEdit,
    QSplitter,
    QStackedLayout,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from workbench.gui.background import Background
from workbench.gui.editor.form import centred
from workbench.gui.training.session import read_series
from workbench.project import write_atomically
from workbench.runs import Run, compare, layout, list_runs

_DIRECTORY = Qt.ItemDataRole.UserRole
_COLUMNS = ("Run", "Network", "Data", "State", "Epochs", "Best loss", "Accuracy")


class HistoryPanel(QWidget):
    """``overlaid(list of (name, series))``: ticked runs; the others ask for what their names say, with a directory."""

    overlaid = Signal(list)
    network_wanted = Signal(str)
    resume_wanted = Signal(str)
    variants_wanted = Signal(str)

    def __init__(self, root: Callable[[], Path], attempt: Callable[[Callable[[], object]], None]) -> None:
        super().__init__()
        self._root, self._attempt = root, attempt
        self._reading = Background("history", self)
        self._reading.done.connect(self._show)
        self._curves = Background("history curves", self)
        self._curves.done.connect(self._overlay)
        self._filling = False
        self._ticked: set[str] = set()
        self._list = QTreeWidget()
        self._list.setRootIsDecorated(False)
        self._list.setHeaderLabels(list(_COLUMNS))
        self._list.setAccessibleName("Runs")
        self._list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._list.customContextMenuRequested.connect(self._menu)
        self._list.itemChanged.connect(self._tick)
        self._list.currentItemChanged.connect(lambda *_: self._show_notes())
        self._list.itemActivated.connect(lambda row: self.network_wanted.emit(row.data(0, _DIRECTORY)))
        self._differences = QLabel("Tick runs to lay their curves under this one's and to see what differs.")
        self._differences.setWordWrap(True)
        self._differences.setTextFormat(Qt.TextFormat.PlainText)
        self._differences.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._notes = QPlainTextEdit()
        self._notes.setPlaceholderText("Notes about this run")
        self._notes.setAccessibleName("Notes about this run")
        self._notes.installEventFilter(self)
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(8, 0, 0, 0)
        column.addWidget(self._differences, 1)
        column.addWidget(self._notes, 1)
        split = QSplitter()
        split.addWidget(self._list)
        split.addWidget(side)
        split.setSizes([600, 260])
        self._stack = QStackedLayout(self)
        self._stack.addWidget(centred("Runs appear here: each training keeps its project, curves and weights."))
        self._stack.addWidget(split)
        self._noted: Path | None = None

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 100)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The runs that are listed, newest first: directory, state and ticked."""
        items = [self._list.topLevelItem(n) for n in range(self._list.topLevelItemCount())]
        return [
            {"directory": i.data(0, _DIRECTORY), "state": i.text(3), "ticked": i.checkState(0) == Qt.CheckState.Checked}
            for i in items
            if i is not None
        ]

    @property
    def differences(self) -> str:
        return self._differences.text()

    def refresh(self) -> None:
        """Look at the runs again, in the background."""
        root = self._root()
        self._reading.ask(lambda: [(run, run.summary()) for run in list_runs(root)])

    def tick(self, directory: str, on: bool = True) -> None:
        """Tick a run, as with the mouse."""
        for number in range(self._list.topLevelItemCount()):
            row = self._list.topLevelItem(number)
            if row is not None and row.data(0, _DIRECTORY) == directory:
                row.setCheckState(0, Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)

    def delete(self, directory: str) -> None:
        """Move a run to the trash. Raises `OSError` where it trains, or where there is no trash."""
        if Run.open(directory).status == "running":
            raise OSError(f"{Path(directory).name} trains now; stop it first")
        if not QFile.moveToTrash(directory):
            raise OSError(f"{directory} could not be moved to the trash; delete the folder by hand")
        self._ticked.discard(directory)
        self.refresh()

    def _show(self, found: list[tuple[Run, dict[str, Any]]]) -> None:
        self._filling = True
        current = self._list.currentItem()
        kept = current.data(0, _DIRECTORY) if current else None
        self._list.clear()
        for run, row in reversed(found):
            directory = str(run.directory)
            loss, accuracy = row["validation_loss"], row["validation_accuracy"]
            item = QTreeWidgetItem(
                self._list,
                [
                    row["run"], row["network"], Path(row["data"]).name, row["status"], str(row["epochs"]),
                    "" if loss is None else f"{loss:.4f}", "" if accuracy is None else f"{accuracy:.1%}",
                ],
            )  # fmt: skip
            item.setData(0, _DIRECTORY, directory)
            item.setCheckState(0, Qt.CheckState.Checked if directory in self._ticked else Qt.CheckState.Unchecked)
            item.setToolTip(0, f"{directory}\n{run.report.get('sentence', '')}".strip())
            if directory == kept:
                self._list.setCurrentItem(item)
        header = self._list.header()
        header.resizeSections(QHeaderView.ResizeMode.ResizeToContents)
        self._filling = False
        self._stack.setCurrentIndex(1 if found else 0)

    def _tick(self, item: QTreeWidgetItem, column: int) -> None:
        if self._filling or column:
            return
        directory = item.data(0, _DIRECTORY)
        if item.checkState(0) == Qt.CheckState.Checked:
            self._ticked.add(directory)
        else:
            self._ticked.discard(directory)
        chosen = sorted(self._ticked)
        self._curves.ask(lambda: [(Run.open(path), read_series(Path(path))) for path in chosen])

    def _overlay(self, found: list[tuple[Run, Any]]) -> None:
        self.overlaid.emit([(run.directory.name, series) for run, series in found])
        runs = [run for run, _ in found]
        if len(runs) < 2:
            self._differences.setText("Tick two runs or more to see what differs between them.")
            return
        rows = compare(runs)
        told = [f"{name}: " + " | ".join(map(str, values)) for name, values in rows.items()]
        names = " | ".join(run.directory.name for run in runs)
        self._differences.setText(f"{names}\n" + ("\n".join(told) if told else "No setting differs."))

    def _menu(self, position: QPoint) -> None:
        item = self._list.itemAt(position)
        if item is None:
            return
        directory = item.data(0, _DIRECTORY)
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Open its network", lambda: self.network_wanted.emit(directory))
        going = menu.addAction("Go on with it", lambda: self.resume_wanted.emit(directory))
        going.setEnabled(item.text(3) in ("stopped", "interrupted", "failed"))
        menu.addAction("Compare with one thing changed …", lambda: self.variants_wanted.emit(directory))
        menu.addSeparator()
        menu.addAction("Move to the trash", lambda: self._attempt(lambda: self.delete(directory)))
        menu.popup(self._list.viewport().mapToGlobal(position))

    def eventFilter(self, watched: object, event: Any) -> bool:
        if watched is self._notes and event.type() == event.Type.FocusOut:
            self._attempt(self.save_notes)
        return False

    def _show_notes(self) -> None:
        self._attempt(self.save_notes)
        item = self._list.currentItem()
        self._noted = Path(item.data(0, _DIRECTORY)) / layout.NOTES if item else None
        self._notes.setEnabled(self._noted is not None)
        try:
            text = self._noted.read_text(encoding="utf-8") if self._noted else ""
        except (OSError, UnicodeDecodeError):
            text = ""
        self._notes.setPlainText(text)
        self._notes.document().setModified(False)

    def save_notes(self) -> None:
        if self._noted is not None and self._notes.document().isModified() and self._noted.parent.is_dir():
            write_atomically(self._noted, self._notes.toPlainText().encode())
            self._notes.document().setModified(False)
