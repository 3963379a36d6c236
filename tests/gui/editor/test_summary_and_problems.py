"""The line above the cards tells what the network costs; the list below them what is wrong with it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QTreeWidget

from workbench.gui.data.images import Images
from workbench.gui.document import Document
from workbench.gui.editor import commands
from workbench.gui.editor.problems import ProblemsPanel
from workbench.gui.editor.summary import SummaryBar
from workbench.gui.figures import count
from workbench.gui.main_window import MainWindow
from workbench.gui.theme import DARK, LIGHT, Appearance


def _summary(window: MainWindow) -> str:
    bar = window.editor.findChild(SummaryBar)
    return bar._text.text().replace("&nbsp;", " ").replace("<b>", "").replace("</b>", "")


def test_the_summary_tells_every_figure_and_follows(window: MainWindow) -> None:
    analysis = window.document.analysis.inference()
    told = _summary(window)
    assert f"{analysis.parameters:,} parameters" in told
    assert f"{count(analysis.macs)} multiply-adds" in told
    assert f"{len(analysis.layers)} layers" in told
    assert f"to train {window.document.recipe.batch_size} at once" in told
    assert "last map sees" in told
    assert f"dense layers would need {count(analysis.dense_parameters)} weights" in told
    window.document.set_recipe(window.document.recipe.changed(batch_size=512), "for the test")
    assert "to train 512 at once" in _summary(window)
    window.document.select(["conv1"])
    window.editor.insert("layer:Conv2d")
    assert f"{len(analysis.layers) + 1} layers" in _summary(window)


def _list(window: MainWindow) -> QTreeWidget:
    return window.problems.findChild(QTreeWidget)


def test_a_problem_is_listed_marked_on_its_card_and_chosen_by_a_click(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    window.document.select(["flatten"])
    window.editor.delete()
    window.pages.go_to_panel("Problems")
    rows = _list(window)
    assert rows.topLevelItemCount() == 1
    row = rows.topLevelItem(0)
    assert row.text(0) == "fc1"
    assert "16×5×5" in row.text(1)
    assert window.editor.scene.cards["fc1"].face.problem
    window.document.select([])
    qtbot.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=rows.visualItemRect(row).center())
    assert window.document.selection == ("fc1",)
    assert window.problems.fixes[0].text() == "Insert Flatten"
    window.problems.fixes[0].click()
    assert rows.topLevelItemCount() == 0
    assert not window.editor.scene.cards["fc1"].face.problem


def test_problems_are_written_in_the_colours_of_the_theme(window: MainWindow) -> None:
    window.document.select(["flatten"])
    window.editor.delete()
    for theme in (DARK, LIGHT):
        window.appearance.choose(theme.name)  # type: ignore[arg-type]
        assert _list(window).topLevelItem(0).foreground(0).color() == QColor(theme.error)


def test_a_sentence_has_one_line_where_there_is_room_for_it(document: Document, appearance: Appearance, qtbot) -> None:  # type: ignore[no-untyped-def]
    panel = ProblemsPanel(document, Images(document, document), appearance, lambda what: what())
    qtbot.addWidget(panel)
    commands.insert(document, "layer:MaxPool2d", "fc3")
    rows = panel.findChild(QTreeWidget)
    assert rows is not None
    for width in (200, 1200):  # a panel that was never seen is as narrow, before it has its room
        panel.resize(width, 200)
        panel.show()
        QApplication.processEvents()
    row = rows.topLevelItem(0)
    assert rows.fontMetrics().horizontalAdvance(row.text(1)) < rows.columnWidth(1) - 14
    assert rows.visualItemRect(row).height() < 2 * rows.fontMetrics().height()
