"""The inspector: the form of what is selected, its figures, and how soon the cards follow."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetricsF
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QSpinBox, QWidget

from workbench.graph import Node, edits
from workbench.gui.editor import commands
from workbench.gui.editor.broken import both_shapes
from workbench.gui.editor.inspector import InspectorPanel
from workbench.gui.editor.refusal import MendableLine
from workbench.gui.main_window import MainWindow
from workbench.gui.own_keys import SelectableLabel
from workbench.layers import CATALOGUE


def _texts(window: MainWindow) -> str:
    return "\n".join(label.text() for label in window.inspector.findChildren(QLabel))


def test_nothing_selected_says_what_to_do(window: MainWindow) -> None:
    window.document.select([])
    assert "Select a layer" in _texts(window)


def test_a_layer_has_help_figures_and_the_page_about_it(window: MainWindow) -> None:
    window.document.select(["conv1"])
    shown = _texts(window)
    assert CATALOGUE["Conv2d"].help in shown
    assert "https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv2d.html" in shown
    report = window.document.analysis.by_name["conv1"]
    for figure in ("parameters", "multiply-adds", "activations", "sees of the picture", "effective stride"):
        assert figure in shown
    assert f"{report.parameters:,}" in shown


def test_the_page_is_opened_and_figures_are_copied_by_key(window: MainWindow, qtbot, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    window.document.select(["conv1"])
    link = next(label for label in window.inspector.findChildren(QLabel) if "href" in label.text())
    opened: list[str] = []
    link.setOpenExternalLinks(False)
    link.linkActivated.connect(opened.append)
    link.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(link, Qt.Key.Key_Tab)
    link.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(link, Qt.Key.Key_Return)
    assert opened == [CATALOGUE["Conv2d"].page]
    figures = next(label for label in window.inspector.findChildren(SelectableLabel) if "parameters" in label.text())
    figures.setFocus()
    figures.setSelection(0, 5)
    qtbot.keyClick(figures, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.clipboard().text() == figures.selectedText().strip("\n") != ""


def test_a_value_turned_shows_on_every_card_at_once(window: MainWindow) -> None:
    """No event loop comes in between: the cards say it as soon as the value is set."""
    window.document.select(["conv1"])
    cards = window.editor.scene.cards
    before = {name: card.face.shape for name, card in cards.items()}
    box = next(b for b in window.inspector.findChildren(QSpinBox) if b.accessibleName() == "out channels")
    box.setValue(9)
    assert cards["conv1"].face.shape.startswith("9×")
    assert cards["relu1"].face.shape == cards["conv1"].face.shape != before["relu1"]
    assert window.document.undo_title == "Set out_channels of conv1"


def test_several_layers_of_one_kind_are_edited_at_once(window: MainWindow) -> None:
    window.document.select(["conv1", "conv2"])
    assert "2 selected" in _texts(window)
    box = next(b for b in window.inspector.findChildren(QSpinBox) if b.accessibleName() == "out channels")
    box.setValue(11)
    graph, steps = window.document.graph, len(window.document.steps)
    assert [graph.node(name).arguments["out_channels"] for name in ("conv1", "conv2")] == [11, 11]
    window.document.undo()
    assert len(window.document.steps) == steps
    assert window.document.graph.node("conv2").arguments["out_channels"] == 16


def test_layers_of_different_kinds_have_no_form(window: MainWindow) -> None:
    window.document.select(["conv1", "relu1"])
    assert "different kinds" in _texts(window)
    assert not window.inspector.findChildren(QSpinBox)


def test_a_name_is_edited_and_a_bad_one_refused(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    window.document.select(["conv1"])
    line = next(e for e in window.inspector.findChildren(QLineEdit) if e.accessibleName() == "Name")
    line.setText("conv2")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert "conv2" in window.message
    assert line.text() == "conv1"
    line.setText("stem")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert "stem" in window.document.graph


def test_a_block_of_a_template_has_its_form(window: MainWindow) -> None:
    window.document.select(["relu2"])
    window.editor.insert("template:BasicBlock")
    (name,) = window.document.selection
    box = next(b for b in window.inspector.findChildren(QSpinBox) if b.accessibleName() == "channels")
    box.setValue(24)
    block = window.document.graph.block_of(name)
    assert block is not None
    assert block.arguments["channels"] == 24


@pytest.mark.parametrize("what", ["layer:Identity", "layer:Dropout", "template:BasicBlock"])
def test_what_is_inserted_is_shown_at_once_and_once(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    window.document.select(["relu1"])
    shown: list[QWidget] = []
    put = InspectorPanel.setWidget
    monkeypatch.setattr(InspectorPanel, "setWidget", lambda panel, page: (shown.append(page), put(panel, page)))
    window.editor.insert(what)
    assert shown == [window.inspector.widget()]
    (name,) = window.document.selection
    assert shown[0].findChild(MendableLine).text() == name  # type: ignore[union-attr]


def test_both_shapes_stand_at_the_edge_that_is_broken(window: MainWindow) -> None:
    document, lines = window.document, window.editor.scene._lines
    document.select(["flatten"])
    window.editor.delete()
    assert lines.broken == ["16×5×5, wanted: features"]
    document.undo()
    document.select(["fc1"])
    window.editor.insert("layer:Conv2d", "fc1")
    assert lines.broken == ["120, wanted: channels×height×width"]
    (_, corner, text), font = lines._broken[0], QFont()
    font.setPixelSize(11)
    assert lines.boundingRect().right() >= corner.x() + QFontMetricsF(font).horizontalAdvance(text), "it is cut"
    document.undo()
    document.select(["conv2"])
    conv2 = document.graph.node("conv2")
    size = document.analysis.by_name["conv2"].inputs[0]
    box = next(b for b in window.inspector.findChildren(QSpinBox) if b.accessibleName() == "kernel size")
    box.setValue(31)
    assert conv2.arguments.get("padding", 0) == 0
    assert lines.broken == [f"{size[0]}×{size[1]}×{size[2]}, wanted: {size[0]}×31×31 at least"]
    (problem,) = [p for p in document.analysis.problems if p.severity == "error"]
    assert both_shapes(document.graph, problem) == lines.broken[0]


def test_a_layer_that_lacks_what_it_needs_is_told_of_at_its_edge(window: MainWindow) -> None:
    document = window.document
    document.set_graph(edits.insert(document.graph, Node("unfinished", "Conv2d"), "relu1"), "for the test")
    assert any("out_channels: Conv2d needs it" in problem.message for problem in document.analysis.problems)
    assert window.editor.scene._lines.broken == ["6×28×28"]


def test_a_join_names_both_of_its_shapes(window: MainWindow) -> None:
    window.document.select(["relu1"])
    window.editor.insert("layer:Conv2d")
    window.editor.insert("layer:Add")
    assert any("beside" in text for text in window.editor.scene._lines.broken), window.editor.scene._lines.broken


def test_a_new_name_has_the_form_built_once(window: MainWindow, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    window.document.select(["conv1"])
    pages: list[object] = []
    real = type(window.inspector).setWidget
    monkeypatch.setattr(type(window.inspector), "setWidget", lambda self, page: (pages.append(page), real(self, page)))
    chosen: list[tuple[str, ...]] = []
    window.document.selection_changed.connect(chosen.append)
    commands.rename(window.document, "conv1", "stem")
    assert len(pages) == 1
    assert chosen == [("stem",)]
    assert window.document.selection == ("stem",)
