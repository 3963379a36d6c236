"""The tour's own steps, in the real window."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QApplication

from tests.reading_pages import Reader, assert_it_needs_nothing_else
from workbench.gui.labs import LABS
from workbench.gui.main_window import MainWindow
from workbench.gui.tour.pages import labs
from workbench.gui.tour.playing import Tour
from workbench.labs.lessons import LESSONS


def test_the_labs_leave_pictures_and_a_lesson(window: MainWindow, qapp: QApplication, tmp_path: Path) -> None:
    tour = Tour(qapp, window, tmp_path)
    labs(tour)
    assert tour.problems == []
    assert len(list(tmp_path.glob("*.png"))) == len(LABS) + 1
    pages = {page.stem: page.read_text(encoding="utf-8") for page in tmp_path.glob("*.html")}
    assert pages.keys() == {f"lesson-{lab.name}" for lab in LABS}
    for lab in LABS:
        assert LESSONS[lab.name].question in Reader(pages[f"lesson-{lab.name}"]).text
    content = (tmp_path / "lesson-overfitting.html").read_text(encoding="utf-8")
    assert_it_needs_nothing_else(content)
    read, lesson = Reader(content), LESSONS["overfitting"]
    assert "As predicted." in read.text
    assert lesson.claim in read.text
    assert read.count("svg") == 3
    assert read.count("polyline") == 3 * 9
    assert read.count("polygon") == 9  # the best epoch of each
    race = window.pages.show_lab("overfitting")
    for name, epochs in race.laps.items():
        assert f"{epochs[-1].train_loss_eval:.3f}" in read.text, name
