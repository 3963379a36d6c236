"""A name edited on its card."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QToolTip

from workbench.gui.editor.name_edit import NameEdit
from workbench.gui.main_window import MainWindow


def _editing(window: MainWindow) -> NameEdit | None:
    found = [edit for edit in window.editor.view.viewport().findChildren(NameEdit) if edit.isVisible()]
    return found[0] if found else None


def _begin(window: MainWindow, name: str) -> NameEdit:
    window.document.select([name])
    window.actions_table["rename"].trigger()
    edit = _editing(window)
    assert edit is not None
    return edit


def test_return_keeps_the_name_as_one_step(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    steps = len(window.document.steps)
    edit = _begin(window, "conv1")
    assert edit.selectedText() == "conv1"
    qtbot.keyClicks(edit, "edges")
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    assert "edges" in window.document.graph
    assert len(window.document.steps) == steps + 1
    assert window.document.undo_title == "Rename conv1 to edges"
    assert window.document.selection == ("edges",)
    assert _editing(window) is None


def test_escape_leaves_it(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    before = window.document.project
    edit = _begin(window, "conv1")
    qtbot.keyClicks(edit, "edges")
    qtbot.keyClick(edit, Qt.Key.Key_Escape)
    assert window.document.project is before
    assert _editing(window) is None


@pytest.mark.parametrize("name", ["conv2", "two words", "a..b", "畳み込み", "طبقة", "class"])
def test_a_bad_name_is_one_sentence_and_can_be_mended(window: MainWindow, qtbot, name: str) -> None:  # type: ignore[no-untyped-def]
    before = window.document.project
    edit = _begin(window, "conv1")
    edit.setText(name)
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    assert window.document.project is before
    assert window.message
    assert _editing(window) is edit
    assert edit.accessibleDescription() == window.message == QToolTip.text()
    assert edit.property("wrong")
    qtbot.keyClicks(edit, "edges")
    assert not edit.property("wrong")
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    assert "edges" in window.document.graph


def test_a_name_that_python_has_no_letters_for_is_refused_in_the_inspector_too(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    window.document.select(["conv1"])
    line = window.inspector.findChild(QLineEdit, options=Qt.FindChildOption.FindChildrenRecursively)
    assert line is not None
    assert line.text() == "conv1"
    line.setFocus()
    line.setText("畳み込み")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    told = "the node name '畳み込み' is no word of the letters a to z, digits and _"
    assert line.accessibleDescription().startswith(told)
    assert line.property("wrong")
    assert line.text() == "畳み込み", "what was typed can be mended"
    window.editor.view.setFocus()
    assert line.text() == "conv1"


def test_a_double_click_on_the_name_edits_it(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    view = window.editor.view
    card = window.editor.scene.cards["conv1"]
    view.show_card("conv1")
    qtbot.waitUntil(lambda: not card._name_at.isNull())
    place = view.mapFromScene(card.mapToScene(card._name_at.center()))
    qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    edit = _editing(window)
    assert edit is not None
    assert edit.text() == "conv1"
    qtbot.keyClick(edit, Qt.Key.Key_Escape)


def test_a_closed_block_stays_closed_under_its_new_name(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    window.files.open_preset("resnet50")
    QApplication.processEvents()
    before = set(window.editor.scene.cards)
    edit = _begin(window, "layer1.0")
    assert edit.selectedText() == "0"
    edit.setText("layer1.first")
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    assert set(window.editor.scene.cards) == before - {"layer1.0"} | {"layer1.first"}
    window.document.undo()
    assert set(window.editor.scene.cards) == before


def test_the_line_follows_the_card(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    edit = _begin(window, "conv2")
    before = edit.pos()
    window.editor.view.verticalScrollBar().setValue(window.editor.view.verticalScrollBar().value() + 20)
    assert edit.pos().y() == before.y() - 20
    qtbot.keyClick(edit, Qt.Key.Key_Escape)
