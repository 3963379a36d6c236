"""Two networks side by side in the real window: what is marked, listed, chosen and followed."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from workbench.compiler.differences import SIGNS
from workbench.graph import Node, edits
from workbench.gui.editor import commands
from workbench.gui.editor.comparison.sides import Side, file_side, now, preset_side, run_side
from workbench.gui.editor.comparison.window import ComparisonWindow
from workbench.gui.main_window import MainWindow
from workbench.project import Project, write_project


@pytest.fixture
def compared(window: MainWindow, qtbot):  # type: ignore[no-untyped-def]
    """Opens the comparison and gives a function that shows two sides in it and waits for them."""

    def show(before: Side | None = None, after: Side | None = None) -> ComparisonWindow:
        shown = window.comparison
        last = shown.comparison
        window.actions_table["compare"].trigger()
        if before is not None and after is not None:
            shown.compare(before, after)
        qtbot.waitUntil(lambda: shown.comparison is not last and not shown._work.busy, timeout=20_000)
        return shown

    return show


def test_edits_are_marked_on_both_sides_and_listed_with_their_cost(window: MainWindow, compared) -> None:  # type: ignore[no-untyped-def]
    document = window.document
    commands.set_argument(document, ["conv2"], "out_channels", 32)
    document.set_graph(edits.insert(document.graph, Node("bn1", "BatchNorm2d"), "conv1"), "Insert BatchNorm2d")
    commands.remove(document, ["relu4"])
    shown = compared()
    assert set(shown.scene.marks) == {
        ("conv2", "changed", 0), ("conv2", "changed", 1), ("bn1", "added", 1), ("relu4", "removed", 0),
    }  # fmt: skip
    assert [line[:4] for line in shown.list.lines] == [
        ("+", "bn1", "BatchNorm2d added", "+12"),
        ("≠", "conv2", "out_channels 16 → 32", "+2,416"),
        ("−", "relu4", "ReLU removed", ""),
        ("Δ", "", "4 layers as before, with other figures only", "+48,000"),
    ]
    assert shown.list.topLevelItem(1).toolTip(2) == (
        "conv2: out_channels 16 → 32, +2,416 parameters, +240 k MACs, +6.4 kB"
    )
    assert "61,706" in shown.totals[0]
    assert "112,134" in shown.totals[1]
    assert shown.sentence == (
        "1 layer added, 1 removed, 1 changed, 4 with other figures only: "
        "+50,428 parameters, +288 k MACs, +34.5 kB in all."
    )
    left, right = (column.cards for column in shown.scene.columns)
    assert left["relu1"].pos().y() == right["relu1"].pos().y(), "matched cards stand side by side"
    assert len(set(SIGNS.values())) == len(SIGNS), "marks differ without colour too"


def test_the_figures_keep_off_the_windows_edge(compared) -> None:  # type: ignore[no-untyped-def]
    shown = compared()
    shown.resize(1000, 700)
    QApplication.processEvents()
    left = shown.list.mapTo(shown, QPoint(0, 0)).x()
    assert left == shown.width() - left - shown.list.width() == 14, "as the words above them"


def test_a_line_shows_both_cards_and_a_card_its_line(compared, window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    commands.set_argument(window.document, ["conv2"], "out_channels", 32)
    commands.rename(window.document, "fc3", "last")
    shown = compared()
    left, right = (column.cards for column in shown.scene.columns)
    row = shown.list.visualItemRect(shown.list.topLevelItem(0)).center()
    QTest.mouseClick(shown.list.viewport(), Qt.MouseButton.LeftButton, pos=row)
    assert {left["conv2"], right["conv2"]} == set(shown.scene.selectedItems())
    seen = shown.view.mapToScene(shown.view.viewport().rect()).boundingRect()
    assert seen.contains(left["conv2"].sceneBoundingRect())
    assert seen.contains(right["conv2"].sceneBoundingRect())
    shown.view.centerOn(right["last"])
    place = shown.view.mapFromScene(right["last"].pos())
    QTest.mouseClick(shown.view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert {left["fc3"], right["last"]} == set(shown.scene.selectedItems())
    assert shown.list.currentItem().text(2) == "was fc3"


def test_the_open_network_is_followed_while_it_is_edited(compared, window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    shown = compared()
    assert shown.sentence.startswith("These two are the same network.")
    assert shown.scene.marks == []
    commands.remove(window.document, ["relu1"])
    qtbot.waitUntil(lambda: shown.scene.marks == [("relu1", "removed", 0)], timeout=10_000)
    shown.swap()
    qtbot.waitUntil(lambda: shown.scene.marks == [("relu1", "added", 1)], timeout=10_000)
    window.document.undo()
    qtbot.waitUntil(lambda: shown.scene.marks == [], timeout=10_000)
    window.document.redo()
    window.document.open(Project(window.document.graph))
    qtbot.waitUntil(lambda: shown.sides[0].title == "As it was opened" and not shown._work.busy, timeout=10_000)
    assert shown.scene.marks == []
    shown.close()
    last = shown.comparison
    commands.remove(window.document, ["relu2"])
    assert not shown._work.busy, "what is not seen is not compared"
    assert shown.comparison is last


def test_a_block_opens_and_closes_on_both_sides(compared, qtbot) -> None:  # type: ignore[no-untyped-def]
    shown = compared(preset_side("resnet18"), preset_side("se-resnet18"))
    left, right = shown.scene.columns
    assert "layer1.0.conv1" in left.cards, "blocks that differ stand open"
    assert right.cards["layer1.0.se_module"].face.is_block, "a block that came as a whole is one card"
    assert ("layer1.0.se_module", "added", 1) in shown.scene.marks
    card = right.cards["layer1.0.conv1"]
    shown.view.centerOn(card)
    at = shown.view.mapFromScene(card.pos())
    QTest.mouseDClick(shown.view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert "layer1.0" in left.cards
    assert ("layer1.0", "changed", 1) in shown.scene.marks
    assert "layer1.0.conv1" not in right.cards
    shown.scene.open_all()
    assert "layer1.0.se_module.fc1" in right.cards
    shown.scene.close_all()
    assert len(left.cards) < 20


def test_a_side_is_from_the_history_a_preset_a_file_or_a_run(  # type: ignore[no-untyped-def]
    compared, window: MainWindow, trained, tmp_path: Path, qtbot
) -> None:
    trained(epochs=1)
    run = window.session.directory
    path = tmp_path / "mine.json"
    write_project(Project(edits.remove(window.document.graph, "relu1")), path)
    window.files.save_as(tmp_path / "saved.json")
    commands.remove(window.document, ["relu2"])
    commands.rename(window.document, "fc3", "last")
    shown = compared()
    shown.choices[0].fill()
    words = offered(shown.choices[0].menu_)
    assert "1 edit ago, before “Rename fc3 to last”" in words
    assert any(word.startswith("2 edits ago, before “Delete relu2”") for word in words)
    assert {"As it is saved in saved.json", "VGG-16", run.name, "A file …"} <= set(words)
    for word, marks in (
        ("1 edit ago, before “Rename fc3 to last”", []),
        ("As it is saved in saved.json", [("relu2", "removed", 0)]),
        (run.name, [("relu2", "removed", 0)]),
    ):
        last = shown.comparison
        shown.choices[0].fill()
        offered(shown.choices[0].menu_)[word].trigger()
        qtbot.waitUntil(lambda last=last: shown.comparison is not last, timeout=20_000)
        assert shown.scene.marks == marks, word
    shown = compared(file_side(path), now(window.document))
    assert shown.choices[0].text().strip() == "mine.json"
    assert set(shown.scene.marks) == {("relu1", "added", 1), ("relu2", "removed", 0)}
    path.write_text("{")
    shown.compare(file_side(path), run_side(run))
    qtbot.waitUntil(lambda: "mine.json" in shown.sentence and "line 1" in shown.sentence, timeout=10_000)
    shown.compare(run_side(Path("nowhere")), run_side(run))
    qtbot.waitUntil(lambda: "holds no run" in shown.sentence, timeout=10_000)


def offered(menu: QMenu) -> dict[str, QAction]:
    """Every action of a menu and of those in it, by its words."""
    found = {}
    for action in menu.actions():
        inner = action.menu()
        found |= offered(inner) if inner else {action.text(): action}
    return found


def test_it_is_repainted_in_light_and_dark(compared, window: MainWindow) -> None:  # type: ignore[no-untyped-def]
    commands.remove(window.document, ["relu1"])
    shown = compared()
    window.appearance.choose("dark")
    dark = shown.view.grab().toImage().pixelColor(5, 5).lightness()
    shown.view.fit()
    shown.view.grab()
    window.appearance.choose("light")
    assert shown.view.grab().toImage().pixelColor(5, 5).lightness() > dark + 100
