"""The start page: presets as cards, recent projects, examples; and the same projects in the menu."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from workbench.gui import commands
from workbench.gui.main_window import MainWindow
from workbench.gui.recent import RecentMenu
from workbench.gui.settings import Settings
from workbench.gui.start_page import FEATURED, PresetCard
from workbench.gui.theme import Appearance
from workbench.presets import PRESETS, build
from workbench.project import Project, write_project


@pytest.fixture
def cards(window: MainWindow) -> list[PresetCard]:
    window.pages.show_start_page()
    return window.start_page.findChildren(PresetCard)


def test_every_featured_preset_has_a_card_with_year_and_figures(cards: list[PresetCard], qtbot) -> None:  # type: ignore[no-untyped-def]
    assert [card.accessibleName() for card in cards] == [f"{PRESETS[n].title}, {PRESETS[n].year}" for n in FEATURED]
    qtbot.waitUntil(lambda: all(card.measured for card in cards), timeout=60_000)


def test_a_card_is_opened_by_mouse_and_by_key(window: MainWindow, cards: list[PresetCard], qtbot) -> None:  # type: ignore[no-untyped-def]
    qtbot.mouseClick(cards[1], Qt.MouseButton.LeftButton)
    assert window.document.graph == build(FEATURED[1])
    assert window.editor.isVisible()
    window.pages.show_start_page()
    cards[0].setFocus()
    qtbot.keyClick(cards[0], Qt.Key.Key_Return)
    assert window.document.graph == build(FEATURED[0])


def _recent(window: MainWindow) -> list[QPushButton]:
    return [b for b in window.start_page.findChildren(QPushButton) if b.accessibleName().startswith("Open ")]


def test_what_was_saved_is_offered_on_the_page_and_in_the_menu(window: MainWindow, tmp_path: Path, qtbot) -> None:  # type: ignore[no-untyped-def]
    window.pages.show_start_page()
    assert _recent(window) == []
    path, other = tmp_path / "mine & yours.json", tmp_path / "gone.json"
    window.files.save_as(other)
    window.files.save_as(path)
    other.unlink()
    window.files.open_preset("lenet5")
    window.pages.show_start_page()
    QApplication.processEvents()
    (button,) = [b for b in _recent(window) if b.isVisible()]
    assert str(path) == button.accessibleDescription()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert window.document.path == path
    window.files.open_preset("lenet5")
    menu = window.findChild(RecentMenu)
    menu.aboutToShow.emit()
    (action,) = menu.actions()
    assert action.text().startswith("&1 mine && yours")
    action.trigger()
    assert window.document.path == path


def test_a_project_that_is_dragged_onto_the_window_is_opened(window: MainWindow, tmp_path: Path) -> None:
    path = tmp_path / "dragged.json"
    write_project(Project(build("nin-cifar10")), path)
    carried = QMimeData()
    carried.setUrls([QUrl.fromLocalFile(str(path))])
    none, copy = Qt.KeyboardModifier.NoModifier, Qt.DropAction.CopyAction
    entered = QDragEnterEvent(QPoint(400, 300), copy, carried, Qt.MouseButton.LeftButton, none)
    QApplication.sendEvent(window, entered)
    assert entered.isAccepted()
    QApplication.sendEvent(window, QDropEvent(QPointF(400, 300), copy, carried, Qt.MouseButton.LeftButton, none))
    assert window.document.path == path
    assert window.document.graph == build("nin-cifar10")


def _drop(onto: QWidget, path: Path) -> None:
    """As Qt does it: whatever stands under the mouse is asked first, then what holds it."""
    carried = QMimeData()
    carried.setUrls([QUrl.fromLocalFile(str(path))])
    none, copy = Qt.KeyboardModifier.NoModifier, Qt.DropAction.CopyAction
    entered = QDragEnterEvent(QPoint(9, 9), copy, carried, Qt.MouseButton.LeftButton, none)
    QApplication.sendEvent(onto, entered)
    assert entered.isAccepted()
    QApplication.sendEvent(onto, QDropEvent(QPointF(9, 9), copy, carried, Qt.MouseButton.LeftButton, none))


@pytest.mark.parametrize("place", ["canvas", "maps", "start page"])
def test_a_project_may_be_dropped_anywhere_and_its_name_written_in_capitals(
    window: MainWindow, place: str, tmp_path: Path
) -> None:
    path = tmp_path / "DRAGGED.JSON"
    write_project(Project(build("nin-cifar10")), path)
    if place == "start page":
        window.pages.show_start_page()
    places = {"canvas": window.editor.view.viewport(), "maps": window.inspection.maps_panel}
    _drop(places.get(place, window.start_page), path)
    assert window.document.path == path, window.message


def test_a_list_of_files_that_is_dropped_becomes_the_data_set(window: MainWindow, qtbot, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "mine.csv"
    path.write_text("path,label\n")
    _drop(window.inspection.maps_panel, path)
    assert window.document.data.source == str(path)
    qtbot.waitUntil(lambda: window.images.state == "failed", timeout=20_000)


def test_a_picture_that_is_dropped_too_early_is_answered(appearance: Appearance, tmp_path: Path) -> None:
    made = MainWindow(appearance, Settings())
    commands.take_dropped(made, tmp_path / "cat.png")
    assert "in a moment" in made.message
    made.close()
    made.deleteLater()
