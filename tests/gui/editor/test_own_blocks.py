"""Blocks of one's own."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QInputDialog

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
    palette = LayerPalette(appearance)
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
