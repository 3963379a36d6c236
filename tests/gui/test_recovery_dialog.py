"""What a window left that did not end as it should is offered at the next start."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton

from workbench.graph import edits
from workbench.gui.drafts import Draft, Origin, left_behind
from workbench.gui.main_window import MainWindow, first_project
from workbench.gui.recovery import RecoveryDialog
from workbench.project import Project, write_project


@pytest.fixture
def left(tmp_path: Path) -> tuple[Project, Path]:
    """A draft of a file, whose window went without ending it; and the file as it stays."""
    saved = tmp_path / "mine.json"
    write_project(first_project(), saved)
    project = first_project()
    project = Project(edits.set_argument(project.graph, "conv1", "out_channels", 77), project.data, project.recipe)
    draft = Draft()
    draft.keep(project, Origin(saved))
    draft._hold.release()  # as the system does when a process dies
    return project, saved


def _button(dialog: RecoveryDialog, text: str) -> QPushButton:
    (found,) = [button for button in dialog.findChildren(QPushButton) if button.text() == text]
    return found


def test_work_is_opened_again_as_changed_and_the_file_is_untouched(window: MainWindow, left, qtbot) -> None:  # type: ignore[no-untyped-def]
    project, saved = left
    dialog = RecoveryDialog(left_behind(), window)
    dialog.chosen.connect(window.files.recover)
    dialog.open()
    told = " ".join(label.text() for label in dialog.findChildren(QLabel))
    assert "Nothing was written to your own files" in told
    assert str(saved) in told
    qtbot.mouseClick(_button(dialog, "Open"), Qt.MouseButton.LeftButton)
    assert window.document.project == project
    assert window.document.modified
    assert window.document.path == saved
    assert "77" not in saved.read_text()
    assert left_behind() == []


def test_later_offers_it_again_and_discarding_does_not(window: MainWindow, left, qtbot) -> None:  # type: ignore[no-untyped-def]
    dialog = RecoveryDialog(left_behind(), window)
    dialog.open()
    assert left_behind() == [], "two windows do not offer the same"
    qtbot.mouseClick(_button(dialog, "Later"), Qt.MouseButton.LeftButton)
    dialog = RecoveryDialog(left_behind(), window)
    dialog.open()
    qtbot.mouseClick(_button(dialog, "Discard"), Qt.MouseButton.LeftButton)
    assert not dialog.isVisible()
    assert left_behind() == []
