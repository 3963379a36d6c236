"""Every lab's lesson as a page: what was asked, predicted and claimed, and all that came out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from tests.reading_pages import Reader, assert_it_needs_nothing_else
from workbench.gui.labs import LABS
from workbench.gui.main_window import MainWindow
from workbench.labs import lineups
from workbench.labs.lessons import LESSONS
from workbench.labs.timeline import PUBLISHED


@pytest.fixture
def exported(window: MainWindow, qtbot, tmp_path: Path) -> Callable[[], Reader]:  # type: ignore[no-untyped-def]
    """Exports the lesson that is open, and reads it."""

    def export() -> Reader:
        path = tmp_path / "lesson.html"
        path.unlink(missing_ok=True)
        window.reporting.export_lesson(path)
        qtbot.waitUntil(lambda: window.message == f"Wrote {path}", timeout=30_000)
        content = path.read_text(encoding="utf-8")
        assert_it_needs_nothing_else(content)
        return Reader(content)

    return export


def race(qtbot, lab, line_up) -> None:  # type: ignore[no-untyped-def]
    lab._line_up = line_up
    lab.begin()
    qtbot.waitUntil(lambda: not lab.running, timeout=90_000)


@pytest.mark.parametrize("name", [lab.name for lab in LABS])
def test_every_lesson_says_what_was_asked_predicted_and_claimed(window: MainWindow, exported, name: str) -> None:  # type: ignore[no-untyped-def]
    window.pages.show_lab(name)
    lesson, title = LESSONS[name], window.pages.labs.title
    assert "Nothing was predicted." in exported().text
    wrong = (lesson.right + 1) % len(lesson.answers)
    for chosen, verdict in ((wrong, f"Predicted: {lesson.answers[wrong]}."), (lesson.right, "As predicted.")):
        window.pages.labs.lessons[name].answers.button(chosen).click()
        read = exported()
        for text in (title, lesson.question, *lesson.answers, lesson.claim, lesson.do, verdict):
            assert text in read.text
        assert "parameters" in read.text  # of its layers


def test_it_is_asked_for_by_its_button_and_its_action(window: MainWindow, qtbot, tmp_path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    action, path = window.actions_table["export_lesson"], tmp_path / "asked.html"
    assert not action.isEnabled()
    window.pages.show_lab("pooling")
    assert action.isEnabled()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    button = window.pages.labs.lessons["pooling"].export
    for ask in (action.trigger, lambda: qtbot.mouseClick(button, Qt.MouseButton.LeftButton)):
        ask()
        qtbot.waitUntil(lambda: window.message == f"Wrote {path}", timeout=30_000)
        assert "max(1, 3, 5, 6) = 6" in path.read_text(encoding="utf-8")
        path.unlink()
        window.tell("")
    window.pages.show_editor()
    assert not action.isEnabled()


def test_a_page_that_cannot_be_written_is_said(window: MainWindow, qtbot, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    window.pages.show_lab("pooling")
    window.reporting.export_lesson(tmp_path / "nowhere" / "page.html")
    qtbot.waitUntil(lambda: "nowhere" in window.message and "Writing" not in window.message, timeout=30_000)
    assert "Wrote" not in window.message


def test_labs_by_hand_show_their_numbers_and_pictures(window: MainWindow, exported) -> None:  # type: ignore[no-untyped-def]
    window.pages.show_lab("convolution")
    assert "1·1 + 10·2 + 2·2 + 20·0 = 25" in exported().text
    lab = window.pages.labs.lab
    lab.pictures.setCurrentText("Cat, in colour")
    lab.side.setValue(5)
    read = exported()
    assert "5×5×3 = 75 weights" in read.text
    assert "1×28×28" in read.text
    assert read.count("img") == 2  # picture and map; filter and products are tables
    lab.padding.setValue(0)
    lab.side.setValue(11)
    lab.dilation.setValue(6)
    assert "larger than the picture" in exported().text
    window.pages.show_lab("one_by_one")
    read = exported()
    assert "9.7 times less" in read.text
    assert "153,600" in read.text
    assert read.count("img") == 4
    window.pages.show_lab("normalization")
    read = exported()
    assert window.pages.labs.lab.valley.paths[0].in_words() in read.text
    assert read.count("ellipse") == 18


def test_a_layers_name_is_shown_and_never_understood(window: MainWindow, exported) -> None:  # type: ignore[no-untyped-def]
    lab = window.pages.show_lab("convolution")
    lab.take_filters("<img src=x onerror=alert(1)>", np.ones((2, 1, 3, 3)), 1)
    lab.pictures.setCurrentText("Digit 3")
    assert "<img src=x onerror=alert(1)>, as it is, number 1" in exported().text


def test_pictures_of_an_inception_block_stand_in_its_page(window: MainWindow, exported, qtbot) -> None:  # type: ignore[no-untyped-def]
    lab = window.pages.show_lab("inception")
    qtbot.waitUntil(lambda: len(lab.maps) == 4, timeout=30_000)
    read = exported()
    assert read.count("img") == 4
    assert "163,328" in read.text
    assert "five.reduce" in read.text
    for box in lab.branches.values():
        box.setChecked(False)
    assert "Every branch was left out." in exported().text


def test_a_race_is_drawn_and_told(window: MainWindow, exported, qtbot) -> None:  # type: ignore[no-untyped-def]
    lab = window.pages.show_lab("overfitting")
    assert "Nothing was trained" in exported().text
    race(qtbot, lab, lambda: lineups.overfitting(epochs=2)[:4])
    read = exported()
    assert read.count("svg") == 3
    assert read.count("polyline") == 3 * 4
    for name, epochs in lab.laps.items():
        assert name in read.text
        assert f"{min(epoch.validation_loss for epoch in epochs):.3f}" in read.text
    assert "recipe.l1 = 0.001" in read.text
    assert lab.measured()[1:] in read.text  # which begins a sentence there


def test_depth_shows_gradients_and_the_ladder_its_steps(  # type: ignore[no-untyped-def]
    window: MainWindow, exported, two_of_depth, qtbot
) -> None:
    lab = window.pages.show_lab("depth")
    race(qtbot, lab, lambda: two_of_depth)
    read = exported()
    assert "gradient of one weight" in read.text
    assert read.count("svg") == 5  # what is shown, three that always are, and the gradients
    lab = window.pages.show_lab("capacity")
    lab.ladder.setCurrentIndex(2)
    race(qtbot, lab, lambda: lineups.batch_sizes(1))
    qtbot.waitUntil(lambda: len(lab.noises) == 4, timeout=30_000)
    read = exported()
    assert "|g − G|² / |G|²" in read.text
    assert read.count("svg") == 5
    assert read.count("circle") >= 3 * 4
    # An axis of its own: the losses' is not stretched by the noise.
    assert lab._steps.getAxis("right").isVisible()
    highest = max(max(epoch.validation_loss, epoch.train_loss_eval) for laps in lab.laps.values() for epoch in laps)
    assert lab._steps.getViewBox().viewRange()[1][1] < 1.2 * highest
    lab.ladder.setCurrentIndex(0)
    assert not lab._steps.getAxis("right").isVisible()


def test_gates_and_the_time_line_are_shown(  # type: ignore[no-untyped-def]
    window: MainWindow, exported, two_epochs: None, qtbot
) -> None:
    lab = window.pages.show_lab("excitation")
    assert "Nothing was trained" in exported().text
    lab.begin()
    qtbot.waitUntil(lambda: lab.study is not None, timeout=120_000)
    read = exported()
    assert read.count("img") == 3
    # Two of its training, and for every class the means and the gates of three blocks.
    assert read.count("svg") == 2 + 10 * 3 * 2
    assert "Squeeze and gates of class 0" in read.text
    lab.classes.setCurrentIndex(7)
    assert "Squeeze and gates of class 7" in exported().text
    assert f"{lab.study.ungated.whole:.1%}" in read.text
    for opened in lab.study.opened:
        assert f"{opened.whole:.1%}" in read.text
    lab = window.pages.show_lab("timeline")
    qtbot.waitUntil(lambda: len(lab.chart.milestones) == len(PUBLISHED), timeout=20_000)
    read = exported()
    assert read.count("svg") == 4
    assert read.count("rect") == 4 * len(PUBLISHED)
    for found in lab.chart.milestones:
        assert f"{found.macs:,}" in read.text


def test_a_run_is_written_as_a_page_too(trained, qtbot, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    window = trained(epochs=1)
    assert window.actions_table["export_run"].isEnabled()
    path = tmp_path / "run.html"
    window.reporting.export_run(path)
    qtbot.waitUntil(lambda: window.message == f"Wrote {path}", timeout=60_000)
    content = path.read_text(encoding="utf-8")
    assert_it_needs_nothing_else(content)
    assert window.session.directory.name in Reader(content).text
