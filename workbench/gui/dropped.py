"""What becomes of files that are dropped on the window: of each kind what a person would expect."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData

from workbench.gui.inspection.kinds import LISTS, PICTURES, PROJECTS, WEIGHTS
from workbench.runs import layout

if TYPE_CHECKING:
    from workbench.gui.main_window import MainWindow

_NOTHING = (
    "cannot be used here: drop a project (.json), weights (.pt, .pth, .safetensors), a picture, a folder of images, "
    "a list of them (.csv), or a run's folder."
)


def take_dropped(window: MainWindow, mime: QMimeData) -> None:
    """Use what was dropped; of several files the first that can be used, which is said."""
    paths = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
    if not paths:
        if window.engine.is_ready:
            window.inspection.take_handed(mime)
        return
    path = next((path for path in paths if _use(path) is not None), None)
    if path is None:
        names = paths[0].name if len(paths) == 1 else f"None of these {len(paths)} files"
        window.complain(f"{names} {_NOTHING if len(paths) == 1 else _NOTHING.replace('cannot', 'can', 1)}")
        return
    use = _use(path)
    assert use is not None
    use(window, path)
    if len(paths) > 1:
        window.tell(f"{path.name} was taken: one is used at a time, and {len(paths)} were dropped.")


def _use(path: Path) -> Callable[[MainWindow, Path], None] | None:
    """What is done with a file or a folder of its kind; None where nothing can be."""
    suffix = path.suffix.lower()
    if path.is_dir():
        return _open_run if (path / layout.ENVIRONMENT).exists() else _use_images
    return next((use for kinds, use in _USES if suffix in kinds), None)


def _open_project(window: MainWindow, path: Path) -> None:
    window.files.open(path)


def _use_images(window: MainWindow, path: Path) -> None:
    document = window.document
    window.pages.show_editor()
    window.workspace.reveal("Data")
    document.set_data(document.data.changed(source=str(path), excluded=()), f"Use {path.name}")


def _open_run(window: MainWindow, path: Path) -> None:
    if _is_ready(window, path):
        window.training.open_run(path)


def _offer_weights(window: MainWindow, path: Path) -> None:
    if _is_ready(window, path):
        window.training.start.choose(path)


def _look_at(window: MainWindow, path: Path) -> None:
    if _is_ready(window, path):
        window.pages.show_editor()
        window.inspection.take_picture(path)


def _is_ready(window: MainWindow, path: Path) -> bool:
    if not window.engine.is_ready:
        window.complain(f"PyTorch is still being loaded; drop {path.name} again in a moment.")
    return window.engine.is_ready


_USES = ((PROJECTS, _open_project), (WEIGHTS, _offer_weights), (LISTS, _use_images), (PICTURES, _look_at))
