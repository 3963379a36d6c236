"""The time line opens what is clicked."""

from __future__ import annotations

from PySide6.QtCore import Qt

from workbench.gui.main_window import MainWindow
from workbench.labs.timeline import PUBLISHED


def test_a_click_opens_the_network(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    window.actions_table["lab_timeline"].trigger()
    chart = window.pages.labs.lab.chart
    qtbot.waitUntil(lambda: len(chart.milestones) == len(PUBLISHED), timeout=20_000)
    where = chart.column(1).center().toPoint()
    qtbot.mouseMove(chart, where)
    assert "AlexNet" in window.pages.labs.lab.words.text()
    qtbot.mouseClick(chart, Qt.MouseButton.LeftButton, pos=where)
    assert window.document.graph.name == "AlexNet"
    assert window.workspace.isVisible()


def test_every_lab_opens_from_its_menu(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    from workbench.gui.labs import LABS

    for lab in LABS:
        window.actions_table[f"lab_{lab.name}"].trigger()
        assert type(window.pages.labs.lab).__name__ == lab.view
    window.pages.show_editor()
    assert not window.pages.labs.isVisible()


def test_a_lesson_is_predicted_then_compared(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    window.pages.show_lab("timeline")
    lesson = window.pages.labs.lessons["timeline"]
    assert not lesson.compare.isEnabled()
    lesson.answers.button(0).click()
    assert "Now try it" in lesson.do.text()
    qtbot.mouseClick(lesson.compare, Qt.MouseButton.LeftButton)
    assert "You predicted: AlexNet" in lesson.claim.text()
    lesson.answers.button(2).click()
    lesson.show_claim()
    assert "As you predicted" in lesson.claim.text()
