"""The history of runs: what was trained, how it went, and what differs; ticked runs are laid under the curves."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QMenu,
    QPushButton,
    QSplitter,
    QStackedLayout,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from workbench.gui.background import Background
from workbench.gui.hints import centred
from workbench.gui.in_rows import InRows
from workbench.gui.own_keys import OwnKeys
from workbench.gui.training.kept_series import read_anew
from workbench.gui.training.run_list import RunList
from workbench.gui.training.run_notes import RunNotes
from workbench.gui.training.run_row import RunRow
from workbench.gui.training.run_settings import RunSettings, Table, differences_of, settings_of
from workbench.gui.training.series import Series
from workbench.gui.trash import move_to_trash
from workbench.runs import Run, list_runs, rename


class HistoryPanel(QWidget):
    """``overlaid(list of (name, series))``: ticked runs; ``chosen`` when another run is selected, or what can be done
    with it has changed; the others ask for what their names say, with a directory."""

    overlaid = Signal(list)
    network_wanted = Signal(str)
    resume_wanted = Signal(str)
    renamed = Signal(str, str)
    variants_wanted = Signal(str)
    chosen = Signal()

    def __init__(self, root: Callable[[], Path], attempt: Callable[[Callable[[], object]], None]) -> None:
        super().__init__()
        self._root, self._attempt = root, attempt
        self._reading = Background("history", self)
        self._reading.done.connect(self._show)
        self._curves = Background("history curves", self)
        self._curves.done.connect(self._overlay)
        self._asking = Background("run settings", self)
        self._asking.done.connect(lambda table: self.settings.show_table(table))
        self._filling = False
        self._ticked: set[str] = set()
        self._kept: dict[str, tuple[int, Series]] = {}
        self._build()

    def _build(self) -> None:
        self._list = RunList()
        self._list.customContextMenuRequested.connect(self._menu)
        OwnKeys(self._list, {"F2": self._edit_name, "Del": lambda: self.trash_button.click()})
        self._list.itemChanged.connect(self._follow_item)
        self._list.currentItemChanged.connect(lambda *_: self._show_current())
        self._list.itemActivated.connect(lambda _: self.network_wanted.emit(self.current))
        self.settings = RunSettings()
        self.notes = RunNotes(self._attempt)
        side = QSplitter(Qt.Orientation.Vertical)
        side.addWidget(self.settings)
        side.addWidget(self.notes)
        side.setSizes([300, 80])
        runs = QWidget()
        column = QVBoxLayout(runs)
        column.setContentsMargins(0, 0, 0, 6)
        column.addWidget(self._list, 1)
        self.setFocusProxy(self._list)
        below = QVBoxLayout()
        below.setContentsMargins(8, 0, 8, 0)
        below.addWidget(self._buttons())
        column.addLayout(below)
        split = QSplitter()
        split.addWidget(runs)
        split.addWidget(side)
        split.setSizes([510, 240])
        self._stack = QStackedLayout(self)
        self._stack.addWidget(centred("Runs appear here: each training keeps its project, curves and weights."))
        self._stack.addWidget(split)
        self._show_current()

    def _buttons(self) -> InRows:
        self.open_button, self.resume_button = QPushButton("Open its network"), QPushButton("Go on with it")
        self.rename_button, self.trash_button = QPushButton("Rename"), QPushButton("Move to the trash")
        self.open_button.clicked.connect(lambda: self.network_wanted.emit(self.current))
        self.resume_button.clicked.connect(lambda: self.resume_wanted.emit(self.current))
        self.rename_button.clicked.connect(self._edit_name)
        self.trash_button.clicked.connect(lambda: self._attempt(lambda: self.delete(self.current)))
        self.clear_button = QPushButton()
        self.clear_button.clicked.connect(lambda: self._attempt(lambda: self.delete(*self.never_begun)))
        self.clear_button.setToolTip("Move the runs that ended before their first step to the trash")
        self.open_button.setToolTip("Open the network that the run was made from, with its best weights")
        self.resume_button.setToolTip("Train on from its last checkpoint")
        own = self.open_button, self.resume_button, self.rename_button, self.trash_button
        return InRows(*own, self.clear_button)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 100)

    # what others see and ask for

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The runs that are listed, newest first: directory, state and ticked."""
        return [{"directory": i.directory, "state": i.state, "ticked": i.is_ticked} for i in self._items]

    @property
    def current(self) -> str:
        """The directory of the run that is selected; '' where none is."""
        item = self._current
        return item.directory if item else ""

    def choose(self, directory: str) -> None:
        """Select a run, as with the mouse."""
        for item in self._items:
            if item.directory == directory:
                self._list.setCurrentItem(item)

    def refresh(self) -> None:
        """Look at the runs again, in the background."""
        root = self._root()
        self._reading.ask(lambda: [(run, run.summary()) for run in list_runs(root)])

    def tick(self, directory: str, on: bool = True) -> None:
        """Tick a run, as with the mouse."""
        for item in self._items:
            if item.directory == directory:
                item.tick(on)

    def toggle_tick(self) -> None:
        """Tick the run that is selected, or untick it."""
        self.tick(self.current, self.current not in self._ticked)

    def delete(self, *directories: str) -> None:
        """Move runs to the trash. Raises `OSError` where one trains, or where there is no trash."""
        for directory in directories:
            if Run.open(directory).status == "running":
                raise OSError(f"{Path(directory).name} trains now; stop it first")
            if not move_to_trash(Path(directory)):
                raise OSError(f"{directory} could not be moved to the trash; delete the folder by hand")
        if self._ticked & set(directories):
            self._ticked -= set(directories)
            self._read_ticked()
        self.refresh()

    @property
    def never_begun(self) -> list[str]:
        """The directories of the runs that ended before their first step."""
        return [item.directory for item in self._items if item.has_never_begun]

    def rename(self, directory: str, name: str) -> None:
        """Call a run otherwise. Raises `RunError` where that cannot be."""
        self.notes.save()
        now = str(rename(Path(directory), name))
        self._filling = True
        for item in self._items:
            if item.directory == directory:
                item.directory = now
                item.setText(0, Path(now).name)
        self._filling = False
        self._show_current()
        if directory in self._ticked:
            self._ticked = (self._ticked - {directory}) | {now}
            self._read_ticked()
        self.renamed.emit(directory, now)
        self.refresh()

    # the list

    @property
    def _items(self) -> list[RunRow]:
        found = [self._list.topLevelItem(number) for number in range(self._list.topLevelItemCount())]
        return [item for item in found if isinstance(item, RunRow)]

    def _show(self, found: list[tuple[Run, dict[str, Any]]]) -> None:
        self._filling = True
        kept = self.current
        self._list.clear()
        for run, row in reversed(found):
            item = RunRow(self._list, run, row)
            item.tick(item.directory in self._ticked)
        # The same run stays selected, and what is being typed about it stays as it is.
        self.choose(kept or (self._items[0].directory if found else ""))
        if found and self._list.currentItem() is None:
            self._list.setCurrentItem(self._items[0])
        self._filling = False
        self._list.share_room()
        self._stack.setCurrentIndex(1 if found else 0)
        self._show_current()

    def _follow_item(self, item: QTreeWidgetItem, column: int) -> None:
        """A run was ticked, or its name typed anew."""
        if self._filling or column or not isinstance(item, RunRow):
            return
        directory = item.directory
        if item.text(0) != Path(directory).name:
            name = item.text(0)
            self._filling = True
            item.setText(0, Path(directory).name)
            self._filling = False
            self._attempt(lambda: self.rename(directory, name))
            return
        is_ticked = item.is_ticked
        if is_ticked != (directory in self._ticked):
            self._ticked ^= {directory}
            self._read_ticked()

    def _read_ticked(self) -> None:
        chosen, kept = sorted(self._ticked), self._kept
        self._curves.ask(lambda: read_anew(chosen, kept))
        self._show_settings()

    def _overlay(self, found: list[tuple[str, Series]]) -> None:
        self.overlaid.emit(found)

    def _edit_name(self) -> None:
        item = self._list.currentItem()
        if item is not None:
            self._list.editItem(item, 0)

    def _menu(self, position: QPoint) -> None:
        item = self._list.itemAt(position) or self._list.currentItem()
        if item is None:
            return
        self._list.setCurrentItem(item)
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for button in (self.open_button, self.resume_button, self.rename_button, self.trash_button):
            menu.addAction(button.text(), button.click).setEnabled(button.isEnabled())
        menu.addAction("Compare with one thing changed …", lambda: self.variants_wanted.emit(self.current))
        menu.popup(self._list.viewport().mapToGlobal(position))

    # the run that is selected

    @property
    def _current(self) -> RunRow | None:
        item = self._list.currentItem()
        return item if isinstance(item, RunRow) else None

    def _show_current(self) -> None:
        if self._filling:
            return
        item = self._current
        for button in (self.open_button, self.rename_button, self.trash_button):
            button.setEnabled(item is not None)
        self.resume_button.setEnabled(item is not None and item.is_unfinished)
        self._show_settings()
        self.notes.show_run(self.current)
        count = len(self.never_begun)
        self.clear_button.setText(f"Clear {count} that never began")
        self.clear_button.setVisible(count > 0)
        self.chosen.emit()

    def _show_settings(self) -> None:
        """What differs between the runs that are ticked; else the settings of the one that is selected."""
        ticked = sorted(self._ticked)
        current = ticked[0] if len(ticked) == 1 and not self.current else self.current

        def asked() -> Table:
            if len(ticked) > 1:
                return differences_of([Run.open(path) for path in ticked])
            return settings_of(Run.open(current))

        if len(ticked) > 1 or current:
            self._asking.ask(asked)
