"""The edit history: every step is in it, a click goes there, nothing is lost until the next edit."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from workbench.graph import edits
from workbench.gui.document import Document
from workbench.gui.editor import commands
from workbench.gui.editor.edit_history import EditHistory, compare_rect
from workbench.gui.theme import Appearance
from workbench.project import Project


def shown(document: Document, appearance: Appearance, qtbot) -> EditHistory:  # type: ignore[no-untyped-def]
    panel = EditHistory(document, appearance)
    qtbot.addWidget(panel)
    panel.resize(260, 400)
    panel.show()
    return panel


def middle(panel: EditHistory, row: int) -> QPoint:
    return panel.list.visualRect(panel.steps.index(row)).center()


def click(panel: EditHistory, at: QPoint) -> None:
    QTest.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=at)


def state(panel: EditHistory, row: int) -> str:
    return str(panel.steps.index(row).data(Qt.ItemDataRole.AccessibleTextRole))


def test_a_click_goes_to_a_state_and_forth_again(document: Document, appearance: Appearance, qtbot) -> None:  # type: ignore[no-untyped-def]
    panel = shown(document, appearance, qtbot)
    first = document.project
    for name in ("relu1", "relu2", "relu3"):
        commands.remove(document, [name])
    last = document.project
    document.saved_as(Path("saved.json"))
    assert panel.titles == ["As it was opened", "Delete relu1", "Delete relu2", "Delete relu3"]
    assert state(panel, 3) == "Delete relu3, now"
    click(panel, middle(panel, 0))
    assert document.project is first
    assert [state(panel, row).rpartition(", ")[2] for row in range(4)] == ["now", "undone", "undone", "undone"]
    click(panel, middle(panel, 3))
    assert document.project is last
    click(panel, middle(panel, 1))
    commands.remove(document, ["relu4"])
    assert panel.titles == ["As it was opened", "Delete relu1", "Delete relu4"]
    document.open(Project(edits.remove(first.graph, "relu1")))
    assert panel.titles == ["As it was opened"]


def test_the_sign_of_a_row_compares_it_and_goes_nowhere(document: Document, appearance: Appearance, qtbot) -> None:  # type: ignore[no-untyped-def]
    panel = shown(document, appearance, qtbot)
    commands.remove(document, ["relu1"])
    commands.remove(document, ["relu2"])
    now = document.project
    sign = compare_rect(panel.list.visualRect(panel.steps.index(1))).center()
    QTest.mouseMove(panel.list.viewport(), sign)
    panel.grab()
    with qtbot.waitSignal(panel.compare_wanted) as asked:
        click(panel, sign)
    assert asked.args == [1]
    assert document.project is now


def test_the_keys_choose_a_row_and_enter_goes_there(document: Document, appearance: Appearance, qtbot) -> None:  # type: ignore[no-untyped-def]
    panel = shown(document, appearance, qtbot)
    commands.remove(document, ["relu1"])
    assert not panel.compare_button.isEnabled(), "the state as it is now is the one to compare with"
    QTest.keyClick(panel.list, Qt.Key.Key_Up)
    assert document.place == 1, "looking through the list goes nowhere"
    with qtbot.waitSignal(panel.compare_wanted) as asked:
        panel.compare_button.click()
    assert asked.args == [0]
    QTest.keyClick(panel.list, Qt.Key.Key_Return)
    assert document.place == 0
    assert panel.list.currentIndex().row() == 0


def test_a_thousand_steps_are_listed_without_one_widget_each(document: Document, appearance: Appearance, qtbot) -> None:  # type: ignore[no-untyped-def]
    panel = shown(document, appearance, qtbot)
    for epochs in range(101, 1101):
        document.set_recipe(document.recipe.changed(epochs=epochs), f"Set epochs to {epochs}")
    assert panel.steps.rowCount() == 1001
    assert panel.list.visualRect(panel.steps.index(1000)).intersects(panel.list.viewport().rect())
    document.go_to(3)
    assert panel.list.visualRect(panel.steps.index(3)).intersects(panel.list.viewport().rect())


def test_theme_and_menu_follow(document: Document, appearance: Appearance, qtbot) -> None:  # type: ignore[no-untyped-def]
    panel = shown(document, appearance, qtbot)
    commands.remove(document, ["relu1"])
    document.undo()
    muted = panel.steps.index(1).data(Qt.ItemDataRole.ForegroundRole)
    appearance.choose("dark")
    assert panel.steps.index(1).data(Qt.ItemDataRole.ForegroundRole) != muted
    appearance.choose("light")
    panel.list.customContextMenuRequested.emit(middle(panel, 1))
    actions = {action.text(): action for action in panel.findChild(QMenu).actions()}
    actions["Go there"].trigger()
    assert document.place == 1
    with qtbot.waitSignal(panel.compare_wanted) as asked:
        actions["Compare with now"].trigger()
    assert asked.args == [1]
    panel.findChild(QMenu).close()
