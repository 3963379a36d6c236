"""The label audit in the data panel."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from workbench.gui.main_window import MainWindow


def test_the_digits_are_well(window: MainWindow, qtbot: QtBot) -> None:
    audit = window.data_panel.audit
    qtbot.mouseClick(audit.begin_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "1,797 images were compared" in audit.told, timeout=20_000)
    assert audit.exclude_button.isHidden()
    assert audit.begin_button.isEnabled()


def test_an_audit_asked_for_by_its_key_is_scrolled_to(window: MainWindow, qtbot: QtBot) -> None:
    audit = window.data_panel.audit
    window.pages.show_editor()
    window.workspace.reveal("Recipe")
    window.actions_table["audit"].trigger()
    qtbot.waitUntil(lambda: not audit.begin_button.visibleRegion().isEmpty(), timeout=20_000)
    qtbot.waitUntil(lambda: "1,797 images were compared" in audit.told, timeout=20_000)


def test_equal_images_of_two_classes_are_shown_and_left_out(
    window: MainWindow, qtbot: QtBot, class_folder: Callable[..., Path]
) -> None:
    folder = class_folder(a=24, b=24)
    for number in range(3):
        shutil.copy(folder / "a" / f"{number:04}.png", folder / "b" / f"double{number}.png")
    window.data_panel.use_folder(str(folder))
    qtbot.waitUntil(
        lambda: window.images.state == "ready" and window.picture.dataset.classes == ("a", "b"), timeout=30_000
    )
    audit, dataset = window.data_panel.audit, window.picture.dataset
    qtbot.mouseClick(audit.begin_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not audit.exclude_button.isHidden(), timeout=20_000)
    captions = [audit.pictures.item(row).text() for row in range(audit.pictures.count())]
    found = set(audit._doubtful)
    assert found <= set(dataset.train.indices.tolist())
    assert captions
    before = window.document.data
    qtbot.mouseClick(audit.exclude_button, Qt.MouseButton.LeftButton)
    assert set(window.document.data.excluded) == found
    assert window.document.undo_title == f"Exclude {len(found)} images"
    qtbot.waitUntil(lambda: window.images.state == "ready" and audit.exclude_button.isHidden(), timeout=30_000)
    qtbot.mouseClick(audit.begin_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "No two equal ones have different labels" in audit.told, timeout=20_000)
    window.document.undo()
    assert window.document.data == before


def test_images_that_are_divided_anew_are_audited_anew_or_it_is_said(window: MainWindow, qtbot: QtBot) -> None:
    audit, document = window.data_panel.audit, window.document
    audit.begin()
    window.images.loaded.emit(window.picture.dataset)
    assert not audit.begin_button.isEnabled(), "the audit that was asked for goes on with the images that are there now"
    qtbot.waitUntil(lambda: "1,797 images were compared" in audit.told, timeout=20_000)
    before = window.picture.dataset
    document.set_data(document.data.changed(split_seed=7), "for the test")
    qtbot.waitUntil(lambda: window.picture.dataset is not before, timeout=20_000)
    assert "audit them again" in audit.told
    document.saved_as(Path("elsewhere.json"))
