"""New, open, save, drafts against a crash, recent files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QFileDialog, QMessageBox

from workbench.graph import Graph, Input
from workbench.gui.background import Background
from workbench.gui.document import Document
from workbench.gui.drafts import Draft, LeftBehind, Origin
from workbench.gui.holding import fingerprint, hold_file, holder_of
from workbench.gui.recent import recent_files
from workbench.gui.settings import Settings
from workbench.gui.unsaved_bar import UnsavedBar
from workbench.presets import EXPERIMENTS, PRESETS, build
from workbench.project import DataChoice, Hold, Project, WriteError, read_project, write_project

if TYPE_CHECKING:
    from workbench.gui.main_window import MainWindow

_FILTER = "CNN Workbench projects (*.json);;All files (*)"
_DRAFT_SECONDS = 0.5
"""How old an edit gets at most before it is kept."""

_BUTTONS = QMessageBox.StandardButton


class Files(QObject):
    """The document's life on the disk."""

    def __init__(self, window: MainWindow, document: Document, settings: Settings) -> None:
        super().__init__(window)
        self._window, self._document, self._settings = window, document, settings
        self.draft = Draft()
        self._origin = Origin()
        self._hold: Hold | None = None
        self.unsaved = UnsavedBar()
        self.unsaved.again.clicked.connect(lambda: window.attempt(self._try_again))
        self.unsaved.elsewhere.clicked.connect(lambda: window.attempt(self.save_as))
        document.opened.connect(self.unsaved.hide)
        self._writer = Background("drafts", self)
        self._writer.failed.connect(lambda message, _: window.tell(f"No draft could be kept: {message}"))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(round(1000 * _DRAFT_SECONDS))
        self._timer.timeout.connect(self._keep_draft)
        document.changed.connect(lambda *_: self._keep_soon())

    @property
    def note(self) -> str:
        """What the title says of the file beside its name."""
        path = self._document.path
        if path is None or self._hold is not None:
            return ""
        who = holder_of(path)
        return f" (read-only: open in {who})" if who else ""

    def new(self) -> None:
        """An empty network for the same pictures as this one's."""
        if self.may_leave():
            shape = self._document.graph.shape
            self._begin_with(Project(Graph((Input("input", shape),), name="network"), self._document.data))
            self._window.pages.show_editor()

    def open(self, path: Path | None = None) -> None:
        """Open a project file, or ask for one. Raises `ProjectError` for a file that is none."""
        if not self.may_leave():
            return
        if path is None:
            given, _ = QFileDialog.getOpenFileName(self._window, "Open a project", str(self._folder), _FILTER)
            if not given:
                return
            path = Path(given)
        seen, project = fingerprint(path), read_project(path)
        self._begin_with(project, Origin(path, seen))
        self._settings.add_recent(str(path.resolve()))
        self._window.pages.show_editor()
        if self._hold is None:
            self._window.complain(
                f"{path.name} is open in {holder_of(path)}: changes must be saved under another name."
            )

    def open_project(self, project: Project) -> bool:
        """Begin with a project that stands in no file: a preset, an example, a run's network. Whether it did."""
        if not self.may_leave():
            return False
        self._begin_with(project)
        self._window.pages.show_editor()
        return True

    def open_preset(self, name: str) -> None:
        """Open a preset on the images that are chosen; where that is not all of them as they are, say so."""
        data = self._document.data
        if self.open_project(Project(build(name), data, PRESETS[name].starter)) and (kept := _in_words(data)):
            self._window.tell(f"The images stay as they were chosen: {kept}. See Data.")

    def open_experiment(self, name: str) -> None:
        """Open an example, ready to train."""
        experiment = EXPERIMENTS[name]
        if self.open_project(experiment.make()):
            self._window.workspace.reveal("Curves")
            self._window.tell(f"{experiment.shows} Press Train.")

    def save(self) -> bool:
        """Save to the project's file, or ask for one; whether it was saved."""
        path = self._document.path
        if path is None:
            return self.save_as()
        if self._hold is None and not self._hold_as(path):
            return self._ask_for_another_name(f"{path.name} is open in {holder_of(path)}.", _BUTTONS.Cancel)
        if path.exists() and fingerprint(path) != self._origin.fingerprint:
            told = f"{path.name} was changed by another program since it was opened here."
            return self._ask_for_another_name(told, _BUTTONS.Save | _BUTTONS.Cancel)
        return self._write(path)

    def save_as(self, path: Path | None = None) -> bool:
        if path is None:
            name = str(self._folder / f"{self._document.title}.json")
            given, _ = QFileDialog.getSaveFileName(self._window, "Save the project", name, _FILTER)
            if not given:
                return False
            path = Path(given).with_suffix(Path(given).suffix or ".json")
        before = self._hold
        if self._document.path == path and before is not None:
            return self._write(path)
        self._hold = None
        if not self._hold_as(path):
            self._hold = before
            self._window.complain(f"{path.name} is open in {holder_of(path)}; choose another name.")
            return False
        is_written = self._write(path)
        for_nothing = before if is_written else self._hold
        if for_nothing is not None:
            for_nothing.release()
        if not is_written:
            self._hold = before
        return is_written

    @property
    def _folder(self) -> Path:
        """Where a person looks for projects: beside the one that is open, or the last one that was."""
        last = self._document.path or next(iter(recent_files(self._settings)), None)
        return last.parent if last is not None and last.parent.is_dir() else Path.home()

    def _try_again(self) -> None:
        """Save where it could not be saved."""
        path = self.unsaved.path
        self.save() if path == self._document.path else self.save_as(path)

    def may_leave(self) -> bool:
        """Whether the document may be closed: saved, given up, or nothing to save."""
        if not self._document.modified:
            return True
        answer = QMessageBox.question(
            self._window,
            "Unsaved changes",
            f"{self._document.title} has changes that are not saved. Save them?",
            _BUTTONS.Save | _BUTTONS.Discard | _BUTTONS.Cancel,
            _BUTTONS.Save,
        )
        if answer == _BUTTONS.Save:
            return self.save()
        if answer == _BUTTONS.Discard:
            self._drop_draft()
        return bool(answer == _BUTTONS.Discard)

    def recover(self, left: LeftBehind) -> None:
        """Go on with what another window left behind."""
        if left.project is None or not self.may_leave():
            left.leave()
            return
        self._begin_with(left.project, left.origin, saved=False)
        self._window.pages.show_editor()
        self.draft.keep(left.project, left.origin)
        left.remove()

    def keep_now(self) -> str:
        """Keep what is not saved, before anything else can happen; says what was kept where."""
        document = self._document
        if not document.modified:
            return f"Everything is saved in {document.path}." if document.path else "Nothing was changed yet."
        self.draft.keep(document.project, self._origin)
        return f"Your unsaved work is kept in {self.draft.folder}."

    def close(self) -> None:
        """The window closes as it should: no draft is needed, and other windows may have the file."""
        self._drop_draft()
        self._writer.close()
        self.draft.end()
        if self._hold is not None:
            self._hold.release()
            self._hold = None

    def _begin_with(self, project: Project, origin: Origin | None = None, saved: bool = True) -> None:
        """Have this project open, and hold its file."""
        if self._hold is not None:
            self._hold.release()
            self._hold = None
        self._origin = origin or Origin()
        if self._origin.path is not None:
            self._hold_as(self._origin.path)
        self._document.open(project, self._origin.path, saved)

    def _hold_as(self, path: Path) -> bool:
        """Hold a file; whether nobody else does. Where no lock can be made nobody is kept from it either."""
        try:
            self._hold = hold_file(path)
        except WriteError:
            return True
        return self._hold is not None

    def _ask_for_another_name(self, told: str, others: QMessageBox.StandardButton) -> bool:
        box = QMessageBox(QMessageBox.Icon.Warning, "Save the project", told, others, self._window)
        box.setTextFormat(Qt.TextFormat.PlainText)
        overwrite = box.button(_BUTTONS.Save)
        if overwrite is not None:
            overwrite.setText("Overwrite it")
        another = box.addButton("Save as …", QMessageBox.ButtonRole.AcceptRole)
        box.setDefaultButton(another)
        box.exec()
        chosen = box.clickedButton()
        box.deleteLater()
        if chosen is another:
            return self.save_as()
        return overwrite is not None and chosen is overwrite and self._write(self._document.path)

    def _write(self, path: Path | None) -> bool:
        assert path is not None
        try:
            write_project(self._document.project, path)
        except WriteError as error:
            self.unsaved.say(f"{path.name} is not saved: {error}", path)
            self._window.complain(str(error))
            return False
        self.unsaved.hide()
        self._origin = Origin(path, fingerprint(path))
        self._document.saved_as(path)
        self._settings.add_recent(str(path.resolve()))
        self._drop_draft()
        self._window.tell(f"Saved in {path}.")
        return True

    def _keep_soon(self) -> None:
        # Not begun anew at each edit: whoever turns a spin box for a minute would have nothing kept of it.
        if not self._timer.isActive():
            self._timer.start()

    def _keep_draft(self) -> None:
        if not self._document.modified:
            self._drop_draft()
            return
        project, origin, writer = self._document.project, self._origin, self._writer
        writer.ask(lambda: self.draft.keep(project, origin, lambda: not writer.out_of_date))

    def _drop_draft(self) -> None:
        self._timer.stop()
        self._writer.forget()
        self.draft.drop()


def _in_words(data: DataChoice) -> str:
    """In what a choice of images departs from all of them with their own labels."""
    parts = [
        f"{data.subset:,} of them" if data.subset else "",
        f"{data.label_noise:.0%} with a wrong label" if data.label_noise else "",
        f"{len(data.excluded):,} left out" if data.excluded else "",
    ]
    return ", ".join(part for part in parts if part)
