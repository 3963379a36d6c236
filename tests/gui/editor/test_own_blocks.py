"""Blocks of one's own."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QInputDialog, QTreeWidgetItem

from workbench.compiler import analyse
from workbench.graph import fragment
from workbench.gui import places
from workbench.gui.document import Document
from workbench.gui.editor import commands, own_blocks
from workbench.gui.editor.palette import LayerPalette
from workbench.gui.main_window import MainWindow
from workbench.project import ProjectError


def test_a_saved_block_is_offered_and_inserted_with_its_wiring(document: Document, appearance, qtbot) -> None:  # type: ignore[no-untyped-def]
    own_blocks.save(fragment(document.graph, ["conv1", "relu1", "pool1"]), "My stem / 1")
    palette = LayerPalette(appearance, lambda what: what())
    qtbot.addWidget(palette)
    assert list(own_blocks.saved()) == ["My stem - 1"]
    assert palette._tree.topLevelItem(0).text(0) == "My blocks"
    commands.insert(document, "mine:My stem - 1", "pool1")
    assert document.selection == ("my_stem_1",)
    assert [node.kind for node in document.graph.members("my_stem_1")] == ["Conv2d", "ReLU", "MaxPool2d"]
    assert analyse(document.graph).by_name["my_stem_1.pool1"].output == (6, 7, 7)
    document.undo()
    assert not document.graph.members("my_stem_1")


def test_a_damaged_block_is_one_sentence(document: Document) -> None:
    own_blocks.save(fragment(document.graph, ["conv1"]), "bad")
    (places.templates() / "bad.json").write_text("{")
    with pytest.raises(ProjectError, match=r"bad\.json"):
        commands.insert(document, "mine:bad", "relu1")
    with pytest.raises(ProjectError, match="no saved block"):
        commands.insert(document, "mine:gone", "relu1")


def test_what_is_selected_is_saved_from_the_menu(window: MainWindow, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    window.document.select(["conv1", "relu1"])
    monkeypatch.setattr(QInputDialog, "getText", lambda *_, **__: ("stem", True))
    window.actions_table["save_block"].trigger()
    assert "stem" in own_blocks.saved()
    assert window.palette_panel._tree.topLevelItem(0).child(0).text(0) == "stem"


def _row(window: MainWindow, name: str) -> QTreeWidgetItem:
    (row,) = _rows(window, name)
    return row


def _rows(window: MainWindow, name: str) -> list[QTreeWidgetItem]:
    return window.palette_panel._tree.findItems(name, Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive)


def _choose(window: MainWindow, name: str, entry: str) -> None:
    menu = window.palette_panel.menu_of(_row(window, name))
    assert menu is not None
    next(action for action in menu.actions() if action.text() == entry).trigger()
    menu.deleteLater()


def test_a_block_is_renamed_in_its_row(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    for name in ("stem", "other"):
        own_blocks.save(fragment(window.document.graph, ["conv1", "relu1"]), name)
    window.palette_panel.refresh()
    _row(window, "stem").setText(0, "trunk")
    qtbot.waitUntil(lambda: set(own_blocks.saved()) == {"trunk", "other"})
    qtbot.waitUntil(lambda: _row(window, "trunk").toolTip(0).endswith("trunk.json"))
    _row(window, "trunk").setText(0, "other")
    assert "already" in window.message
    qtbot.waitUntil(lambda: bool(_rows(window, "trunk")))
    assert set(own_blocks.saved()) == {"trunk", "other"}


def test_a_block_goes_to_the_trash_by_menu_or_key(
    window: MainWindow, qtbot, tmp_path: Path, monkeypatch,  # type: ignore[no-untyped-def]
) -> None:  # fmt: skip
    for name in ("stem", "other"):
        own_blocks.save(fragment(window.document.graph, ["conv1", "relu1"]), name)
    window.palette_panel.refresh()
    # The trash of whoever runs the tests stays as it is.
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))

    def thrown_away() -> set[str]:
        return {path.stem for path in (tmp_path / "data" / "Trash" / "files").glob("*.json")}

    _choose(window, "stem", "Move to the trash")
    assert thrown_away() == {"stem"}
    window.document.select(["conv1"])
    tree = window.palette_panel._tree
    tree.setFocus()
    tree.setCurrentItem(_row(window, "other"))
    qtbot.keyClick(tree, Qt.Key.Key_Delete)
    assert thrown_away() == {"stem", "other"}
    assert "conv1" in window.document.graph
    assert not own_blocks.saved()


def test_a_search_ends_on_the_canvas(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    window.document.select(["relu1"])
    window.editor.view.setFocus()
    qtbot.keyClicks(window.editor.view, "/")
    search = window.palette_panel._search
    qtbot.keyClicks(search, "dropout")
    qtbot.keyClick(search, Qt.Key.Key_Return)
    (name,) = window.document.selection
    assert window.document.graph.node(name).kind == "Dropout"
    assert search.text() == ""
    assert window.editor.view.hasFocus()
