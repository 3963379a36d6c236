"""A prediction is compared with what the lab itself has found."""

from __future__ import annotations

import numpy as np
import pytest

from workbench.gui.labs import LABS
from workbench.gui.main_window import MainWindow


@pytest.mark.parametrize("name", [lab.name for lab in LABS])
def test_every_lab_can_say_what_it_has_found(window: MainWindow, name: str) -> None:
    lab = window.pages.show_lab(name)
    assert isinstance(lab.measured(), str)


def compared(window: MainWindow, name: str) -> str:
    """What stands beside the claim when a person has predicted something."""
    assert window.pages.labs is not None
    lesson = window.pages.labs.lessons[name]
    lesson.answers.button(0).click()
    lesson.show_claim()
    return lesson.claim.text()


def test_what_the_question_asks_is_what_the_lab_has_found(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    lab = window.pages.show_lab("convolution")
    lab.pictures.setCurrentText("Cat, in colour")
    lab.side.setValue(5)
    assert "<i>Here: 75 weights, 28×28</i>" in compared(window, "convolution")
    window.pages.show_lab("one_by_one")
    assert "Here: 15,872 weights in place of 153,600: 9.7 times fewer" in compared(window, "one_by_one")
    lab = window.pages.show_lab("normalization")
    lab.valley.best.click()
    lab.valley.scaled_rate.setValue(1.0)
    steps = lab.valley.paths[0].steps
    assert 680 <= steps <= 700
    told = compared(window, "normalization")
    assert f"Here: as it is arrived after {steps} steps; normalized arrived after 1 step</i>" in told
    lab = window.pages.show_lab("inception")
    lab.bottlenecks.click()
    assert "Here: 416 maps leave the block without bottlenecks" in compared(window, "inception")
    lab = window.pages.show_lab("timeline")
    qtbot.waitUntil(lambda: len(lab.chart.milestones) == 6, timeout=60_000)
    assert "GoogLeNet 6.62 M" in compared(window, "timeline")


def test_a_bright_value_that_stays_in_its_window_leaves_the_largest_as_it_was(window: MainWindow) -> None:
    lab = window.pages.show_lab("pooling")
    lab.pictures.setCurrentText("Empty, to type into")
    assert lab.measured() == ""
    lab._type(2, 2, 9.0)
    told = compared(window, "pooling")
    assert "as they were: 1 of 1 largest values, 0 of 4 values of the convolution, 0 of 2 of the picture" in told
    before = lab.pooling("max").map()
    lab._type(2, 2, 0.0)
    lab._type(2, 3, 9.0)
    assert np.array_equal(lab.pooling("max").map(), before)
    assert "as they were: 0 of 2 largest values" in lab.measured()
