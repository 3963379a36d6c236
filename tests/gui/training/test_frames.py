"""How often a training is drawn: less often where that takes more than its share of the window's thread."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from workbench.gui.training.frames import Frames


@pytest.fixture
def frames(qtbot: QtBot) -> Iterator[Frames]:
    made = Frames()
    made.begin()
    yield made
    made.stop()


def compute(seconds: float) -> None:
    until = time.thread_time() + seconds
    while time.thread_time() < until:
        sum(range(1000))


def test_frames_that_cost_nothing_come_twenty_times_a_second(frames: Frames) -> None:
    for _ in range(5):
        time.sleep(0.01)
        frames.end_frame()
    assert (frames.interval(), frames.isActive()) == (50, True)


def test_frames_that_cost_more_than_their_share_come_less_often(frames: Frames) -> None:
    frames.end_frame()
    compute(0.0019)
    frames.end_frame()
    assert 100 <= frames.interval() <= 200


def test_however_much_they_cost_there_are_five_a_second(frames: Frames) -> None:
    compute(0.1)
    frames.end_frame()
    assert (frames.interval(), frames.seconds) == (200, 0.2)


def test_they_come_as_often_as_before_once_they_cost_less(frames: Frames) -> None:
    compute(0.1)
    frames.end_frame()
    frames.end_frame()
    assert frames.interval() == 50


def test_what_was_computed_before_a_training_does_not_count(frames: Frames) -> None:
    compute(0.1)
    frames.begin()
    frames.end_frame()
    assert frames.interval() == 50
