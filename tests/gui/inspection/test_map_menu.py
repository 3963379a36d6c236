"""A right click on the maps, and the maps as a file."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu
from pytestqt.qtbot import QtBot

from workbench.gui.main_window import MainWindow


@pytest.fixture
def shown(window: MainWindow, qtbot: QtBot) -> MainWindow:
    """A window that shows the maps of LeNet's first layer."""
    window.document.select(["conv1"])
    window.workspace.reveal("Maps")
    qtbot.waitUntil(lambda: len(window.inspection.maps.values) == 6, timeout=20_000)
    return window


@pytest.mark.parametrize("is_open", [False, True])
def test_a_right_click_writes_the_maps_as_they_are_seen(
    shown: MainWindow, is_open: bool, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    maps, path = shown.inspection.maps, tmp_path / "maps.png"
    if is_open:
        maps.open(2)
    view = maps.large.image if is_open else maps.view
    suggested: list[str] = []
    monkeypatch.setattr(
        QFileDialog, "getSaveFileName", lambda *asked: (suggested.append(Path(asked[2]).name), (str(path), ""))[1]
    )
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.RightButton, pos=view.viewport().rect().center())
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert [action.text() for action in menu.actions() if action.text()] == [
        "Strongest maps first", "Each map on its own scale", "Export the maps …",
    ]  # fmt: skip
    menu.actions()[-1].trigger()
    menu.close()
    assert suggested == ["Map 2 of conv1.png" if is_open else "conv1.png"]
    assert QImage(str(path)) == maps.pages.grab().toImage().convertToFormat(QImage(str(path)).format())
    assert shown.message == f"Wrote {path}."


def test_maps_that_are_not_there_and_other_kinds_of_files_are_refused(
    shown: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *asked: (str(tmp_path / "maps.svg"), ""))
    shown.actions_table["export_maps"].trigger()
    assert shown.message == "maps.svg: maps are written as .png; choose this ending"
    shown.inspection.maps.clear("There is nothing.")
    shown.actions_table["export_maps"].trigger()
    assert shown.message == "no maps are shown: select a layer first"
    assert not (tmp_path / "maps.svg").exists()
