"""New, open, save, drafts against a crash, recent files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QFileDialog, QMessageBox

from workbench.graph import Graph, Input
from workbench.gui import places
from workbench.gui.document import Document
from workbench.gui.settings import Settings
from workbench.project import Project, ProjectError, WriteError, make_folders, read_project, write_project

if TYPE_CHECKING:
    from workbench.gui.main_window import MainWindow

_FILTER = "CNN Workbench projects (*.json);;All files (*)"
_DRAFT_SECONDS = 1.5


class Files(QObject):
    """The document's life on the disk."""

    def __init__(self, window: MainWindow, document: Document, settings: Settings) -> None:
        super().__init__(window)
        self._window, self._document, self._settings = window, document, settings
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(round(1000 * _DRAFT_SECONDS))
        self._timer.timeout.connect(self._keep_draft)
        document.changed.connect(lambda *_: self._timer.start())

    def new(self) -> None:
        """An empty network for the same pictures as this one's."""
        if self.may_leave():
            shape = self._document.graph.shape
            self._document.open(Project(Graph((Input("input", shape),), name="network"), self._document.data))
            self._window.show_editor()

    def open(self, path: Path | None = None) -> None:
        """Open a project file, or ask for one. Raises `ProjectError` for a file that is none."""
        if not self.may_leave():
            return
        if path is None:
            given, _ = QFileDialog.getOpenFileName(self._window, "Open a project", str(Path.home()), _FILTER)
            if not given:
                return
            path = Path(given)
        project = read_project(path)
        self._document.open(project, path)
        self._settings.add_recent(str(path.resolve()))
        self._window.show_editor()

    def open_project(self, project: Project) -> None:
        """Begin with a project that stands in no file: a preset, an example, a run's network."""
        if self.may_leave():
            self._document.open(project)
            self._window.show_editor()

    def save(self) -> bool:
        """Save to the project's file, or ask for one; whether it was saved."""
        path = self._document.path
        return self._write(path) if path else self.save_as()

    def save_as(self, path: Path | None = None) -> bool:
        if path is None:
            name = str(Path.home() / f"{self._document.title}.json")
            given, _ = QFileDialog.getSaveFileName(self._window, "Save the project", name, _FILTER)
            if not given:
                return False
            path = Path(given).with_suffix(Path(given).suffix or ".json")
        return self._write(path)

    def export(self) -> None:
        """Write the network as Python, ONNX, TorchScript or weights, by the name's ending."""
        from workbench.runs import export_project

        kinds = {
            "Python (*.py)": "python", "ONNX (*.onnx)": "onnx", "TorchScript (*.pt)": "torchscript",
            "Weights (*.safetensors)": "safetensors",
        }  # fmt: skip
        name = str(Path.home() / f"{self._document.title}.py")
        given, kind = QFileDialog.getSaveFileName(self._window, "Export the network", name, ";;".join(kinds))
        if given:
            parity = export_project(self._document.project, kinds[kind], Path(given))
            self._window.tell(f"Exported {given}: {parity}")

    def may_leave(self) -> bool:
        """Whether the document may be closed: saved, given up, or nothing to save."""
        if not self._document.modified:
            return True
        buttons = QMessageBox.StandardButton
        answer = QMessageBox.question(
            self._window,
            "Unsaved changes",
            f"{self._document.title} has changes that are not saved. Save them?",
            buttons.Save | buttons.Discard | buttons.Cancel,
            buttons.Save,
        )
        if answer == buttons.Save:
            return self.save()
        if answer == buttons.Discard:
            self.drop_draft()
        return bool(answer == buttons.Discard)

    def draft(self) -> Project | None:
        """Work that a crash left behind, if there is some that can be read."""
        try:
            return read_project(_draft_file())
        except ProjectError:
            return None

    def drop_draft(self) -> None:
        self._timer.stop()
        _draft_file().unlink(missing_ok=True)

    def _write(self, path: Path) -> bool:
        try:
            write_project(self._document.project, path)
        except WriteError as error:
            self._window.complain(str(error))
            return False
        self._document.saved_as(path)
        self._settings.add_recent(str(path.resolve()))
        self.drop_draft()
        return True

    def _keep_draft(self) -> None:
        if not self._document.modified:
            self.drop_draft()
            return
        try:
            make_folders(_draft_file().parent)
            write_project(self._document.project, _draft_file())
        except WriteError as error:
            self._window.tell(f"No draft could be kept: {error}")


def _draft_file() -> Path:
    return places.drafts() / "draft.json"
