"""Writing the network in the formats of others, off the window's thread: ONNX alone takes some ten seconds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from workbench.gui.background import Background
from workbench.runs import Run, RunError, export_project, export_run

if TYPE_CHECKING:
    from workbench.gui.main_window import MainWindow
    from workbench.project import Project

FORMATS = {
    "Python (*.py)": "python", "ONNX (*.onnx)": "onnx", "TorchScript (*.pt)": "torchscript",
    "Weights (*.safetensors)": "safetensors",
}  # fmt: skip


class Exporting(QObject):
    """Exports the open network with the weights that it was trained to, or with fresh ones, and says which."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._work = Background("export", self)
        self._work.done.connect(window.tell)
        self._work.failed.connect(lambda message, _: window.complain(message))

    def ask(self) -> None:
        """Ask for a file, and write it in the format that was chosen."""
        name = str(Path.home() / f"{self._window.document.title}.py")
        given, kind = QFileDialog.getSaveFileName(self._window, "Export the network", name, ";;".join(FORMATS))
        if given:
            self.export(FORMATS[kind], Path(given))

    def export(self, to: str, path: Path) -> None:
        """Write the network as it is now; what is edited meanwhile does not matter."""
        project, directory = self._window.document.project, self._window.inspection.previewer.run
        self._window.tell(f"Exporting {path.name} …")
        self._work.ask(lambda: _export(project, directory, to, path))


def _export(project: Project, directory: Path | None, to: str, path: Path) -> str:
    run = _trained(project, directory)
    if run is not None:
        return f"Exported {path} with the weights of {run.directory.name}: {export_run(run, to, path).sentence}."
    found = export_project(project, to, path)
    why = "" if found.start else " (this network has not been trained)"
    return f"Exported {path}{why}: {found.sentence}."


def _trained(project: Project, directory: Path | None) -> Run | None:
    """The run whose weights are this network's, where there is one."""
    if directory is None:
        return None
    try:
        run = Run.open(directory)
        run.state()
    except RunError:
        return None
    return run if run.project.graph == project.graph else None
