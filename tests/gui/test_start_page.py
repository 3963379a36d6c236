"""The start page: presets as cards, recent projects, examples; and the same projects in the menu."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
import torch
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QPushButton, QWidget

from workbench.gui.main_window import MainWindow
from workbench.gui.preset_card import PresetCard
from workbench.gui.recent import RecentMenu
from workbench.gui.settings import Settings
from workbench.gui.start_page import FEATURED, Example
from workbench.gui.theme import Appearance
from workbench.gui.training.weights_dialog import WeightsDialog
from workbench.presets import EXPERIMENTS, PRESETS, build
from workbench.project import Project, write_project


@pytest.fixture
def cards(window: MainWindow) -> list[PresetCard]:
    window.pages.show_start_page()
    return window.start_page.findChildren(PresetCard)


def test_every_featured_preset_has_a_card_with_year_and_figures(cards: list[PresetCard], qtbot) -> None:  # type: ignore[no-untyped-def]
    assert [card.accessibleName() for card in cards] == [f"{PRESETS[n].title}, {PRESETS[n].year}" for n in FEATURED]
    qtbot.waitUntil(lambda: all(card.measured for card in cards), timeout=60_000)


def test_as_many_cards_stand_beside_each_other_as_the_window_has_room_for(
    window: MainWindow, cards: list[PresetCard]
) -> None:
    for width, in_a_row in ((800, 3), (1280, 4), (2560, 4), (800, 3)):
        window.resize(width, 700)
        QApplication.processEvents()
        assert len({card.x() for card in cards}) == in_a_row
        assert window.start_page.horizontalScrollBar().maximum() == 0
        for one, other in itertools.combinations(cards, 2):
            assert not one.geometry().intersects(other.geometry())


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


def _drop(onto: QWidget, *paths: Path) -> None:
    """As Qt does it: whatever stands under the mouse is asked first, then what holds it."""
    carried = QMimeData()
    carried.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    # Shift: as a file manager that proposes to move.
    shift, offered = Qt.KeyboardModifier.ShiftModifier, Qt.DropAction.CopyAction | Qt.DropAction.MoveAction
    entered = QDragEnterEvent(QPoint(9, 9), offered, carried, Qt.MouseButton.LeftButton, shift)
    QApplication.sendEvent(onto, entered)
    assert entered.isAccepted()
    dropped = QDropEvent(QPointF(9, 9), offered, carried, Qt.MouseButton.LeftButton, shift)
    assert dropped.proposedAction() == Qt.DropAction.MoveAction
    QApplication.sendEvent(onto, dropped)
    assert dropped.dropAction() == Qt.DropAction.CopyAction, "whoever offers a move would take the file away"


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
    _drop(made, tmp_path / "cat.png")
    assert "in a moment" in made.message
    made.close()
    made.deleteLater()


@pytest.mark.parametrize("place", ["canvas", "maps"])
def test_weights_that_are_dropped_are_looked_at_in_their_dialog(
    window: MainWindow,
    qtbot,  # type: ignore[no-untyped-def]
    place: str,
    tmp_path: Path,
) -> None:
    from workbench.compiler import compile_graph

    path = tmp_path / "learnt.pth"
    torch.save(compile_graph(window.document.graph).state_dict(), path)
    _drop(window.editor.view.viewport() if place == "canvas" else window.inspection.maps_panel, path)
    (dialog,) = window.findChildren(WeightsDialog)
    qtbot.waitUntil(dialog.take.isEnabled, timeout=60_000)
    assert dialog.choice.currentText() == "learnt.pth"
    assert "keep" in dialog.summary.text()
    dialog.reject()


def test_of_several_files_the_first_that_can_be_used_is_taken_and_that_is_said(
    window: MainWindow, tmp_path: Path
) -> None:
    pictures = [tmp_path / "first.png", tmp_path / "second.png"]
    for path in pictures:
        QImage(28, 28, QImage.Format.Format_RGB888).save(str(path))
    (tmp_path / "notes.txt").write_text("words")
    _drop(window.inspection.maps_panel, tmp_path / "notes.txt", *pictures)
    assert window.picture.picture is not None
    assert window.picture.picture.name == "first.png"
    assert window.message == "first.png was taken: one is used at a time, and 3 were dropped."
    _drop(window.editor.view.viewport(), tmp_path / "notes.txt")
    assert window.message.startswith("notes.txt cannot be used here: drop a project (.json)")


def test_a_folder_that_is_dropped_is_a_run_or_images(trained, tmp_path: Path, qtbot) -> None:  # type: ignore[no-untyped-def]
    window: MainWindow = trained(epochs=1)
    directory = window.session.directory
    window.document.saved_as(tmp_path / "elsewhere.json")
    window.files.open_preset("nin-cifar10")
    _drop(window.editor.view.viewport(), directory)
    assert window.document.graph == build("lenet5")
    assert window.document.recipe.weights == str(directory)
    window.document.saved_as(tmp_path / "elsewhere.json")
    (tmp_path / "photos").mkdir()
    _drop(window.inspection.maps_panel, tmp_path / "photos")
    assert window.document.data.source == str(tmp_path / "photos")
    qtbot.waitUntil(lambda: window.images.state == "failed", timeout=20_000)


def test_what_could_not_be_saved_is_told_until_it_is_saved_or_hidden(window: MainWindow, qtbot, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    bar = window.files.unsaved
    assert bar.isHidden()
    gone = tmp_path / "gone" / "mine.json"
    assert not window.files.save_as(gone)
    assert not bar.isHidden()
    assert "mine.json is not saved" in bar.text.text()
    qtbot.mouseClick(bar.dismiss, Qt.MouseButton.LeftButton)
    assert bar.isHidden()
    assert not window.files.save_as(gone)
    gone.parent.mkdir()
    qtbot.mouseClick(bar.again, Qt.MouseButton.LeftButton)
    assert window.document.path == gone, window.message
    assert bar.isHidden()
    window.document.set_recipe(window.document.recipe.changed(epochs=7), "for the test")
    assert not window.files.save_as(tmp_path / "away" / "other.json")
    assert window.files.save(), "its own file is held as before"
    assert bar.isHidden()
    assert not window.document.modified


def test_a_preset_after_an_example_says_that_the_images_are_still_the_examples(window: MainWindow) -> None:
    window.files.open_preset("lenet5")
    assert window.message == ""
    window.files.open_experiment("overfitting")
    window.files.open_preset("lenet5")
    assert window.message == "The images stay as they were chosen: 60 of them, 10% with a wrong label. See Data."


def test_arrows_go_from_card_to_card_and_on_to_the_examples(window: MainWindow, cards: list[PresetCard], qtbot) -> None:  # type: ignore[no-untyped-def]
    cards[0].setFocus()
    below = next(card for card in cards if card.x() == cards[0].x() and card.y() > cards[0].y())
    for key, focused in ((Qt.Key.Key_Right, cards[1]), (Qt.Key.Key_Left, cards[0]), (Qt.Key.Key_Down, below)):
        qtbot.keyClick(QApplication.focusWidget(), key)
        assert window.start_page.focusWidget() is focused
    for _ in cards:
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Down)
    example = window.start_page.focusWidget()
    assert isinstance(example, Example)
    qtbot.keyClick(example, Qt.Key.Key_Return)
    (wanted,) = (each for each in EXPERIMENTS.values() if each.title == example.accessibleName())
    assert window.document.project == wanted.make()


def test_the_page_tells_what_is_open_and_leads_back_to_it(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    window.files.open_preset("alexnet")
    window.pages.show_start_page()
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert window.pages.shows_editor
    window.pages.show_start_page()
    (back,) = [b for b in window.start_page.findChildren(QPushButton) if b.text() == "Go on with AlexNet"]
    qtbot.mouseClick(back, Qt.MouseButton.LeftButton)
    assert window.pages.shows_editor
    told = [label.text() for label in window.start_page.findChildren(QLabel)]
    assert any(text.startswith("AlexNet on digits is open: press Train") for text in told)


def test_files_are_looked_for_beside_the_last_one(window: MainWindow, tmp_path: Path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    asked: list[str] = []

    def ask(*arguments: object) -> tuple[str, str]:
        asked.append(str(arguments[2]))
        return "", ""

    monkeypatch.setattr(QFileDialog, "getOpenFileName", ask)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", ask)
    window.files.open()
    window.files.save_as(tmp_path / "mine.json")
    assert window.message == f"Saved in {tmp_path / 'mine.json'}."
    window.files.open()
    window.files.open_preset("lenet5")
    window.files.save_as()
    assert asked == [str(Path.home()), str(tmp_path), str(tmp_path / "LeNet-5.json")]
