"""What nobody foresaw: one dialog that says what happened and what was kept, a report to copy, and work goes on."""

from __future__ import annotations

import sys

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QPushButton

from workbench.gui import places
from workbench.gui.errors import Unexpected
from workbench.gui.main_window import MainWindow


@pytest.fixture
def unexpected(window: MainWindow, qtbot):  # type: ignore[no-untyped-def]
    """Errors that nobody caught, shown as the program shows them."""
    before = sys.excepthook
    made = Unexpected()
    made.raised.connect(window.errors.show)
    yield made
    made.give_back()
    assert sys.excepthook is not None
    sys.excepthook = before


def _broken() -> None:
    raise ZeroDivisionError("the seventh of nine")


def test_it_says_what_happened_what_was_kept_and_goes_on(window: MainWindow, unexpected, qtbot, capsys) -> None:  # type: ignore[no-untyped-def]
    window.document.select(["relu1"])
    window.editor.delete()
    with qtbot.captureExceptions():
        sys.excepthook = unexpected._hook
        QTimer.singleShot(0, _broken)
        qtbot.waitUntil(lambda: window.errors.box is not None, timeout=5_000)
    box = window.errors.box
    assert "ZeroDivisionError: the seventh of nine" in box.text()
    assert str(window.files.draft.folder) in box.informativeText()
    assert window.files.draft.kept() == window.document.project
    (copy,) = [b for b in box.findChildren(QPushButton) if b.text() == "Copy the report"]
    qtbot.mouseClick(copy, Qt.MouseButton.LeftButton)
    report = QApplication.clipboard().text()
    assert report.startswith("CNN Workbench ")
    assert "in _broken" in report
    assert window.errors.box is box, "copying closes nothing"
    assert "in _broken" in places.error_log().read_text()
    (go_on,) = [b for b in box.findChildren(QPushButton) if b.text() == "Go on"]
    qtbot.mouseClick(go_on, Qt.MouseButton.LeftButton)
    assert window.errors.box is None
    window.document.undo()
    assert "relu1" in window.document.graph


def test_several_errors_are_one_dialog_with_one_report(window: MainWindow) -> None:
    for _ in range(3):
        window.errors.show("ValueError: a", "Traceback a")
    window.errors.show("ValueError: b", "Traceback b")
    box = window.errors.box
    assert "3 times:\nTraceback a" in box.detailedText()
    assert "Traceback b" in box.detailedText()
    box.accept()
    assert window.errors.box is None


def test_saved_work_is_called_saved(window: MainWindow, tmp_path) -> None:  # type: ignore[no-untyped-def]
    assert window.files.save_as(tmp_path / "mine.json")
    window.errors.show("ValueError: a", "Traceback a")
    assert f"Everything is saved in {tmp_path / 'mine.json'}" in window.errors.box.informativeText()
    window.errors.box.accept()
