"""A curve that grows is, at any moment, what the whole column would give."""

from __future__ import annotations

import numpy as np
import pytest

from workbench.gui.training.growing import Growing
from workbench.gui.training.series import smoothed


def _column(count: int) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(1)
    return np.arange(1, count + 1, dtype=np.float32), random.normal(size=count).astype(np.float32)


@pytest.mark.parametrize("each", [1, 7, 1000])
def test_whatever_portions_it_came_in_it_is_the_same_line(each: int) -> None:
    steps, values = _column(9_000)
    at_once, growing = Growing(), Growing()
    for count in (*range(each, len(steps), each), len(steps)):
        growing.take(steps[:count], values[:count], 0.7)
    at_once.take(steps, values, 0.7)
    assert len(at_once.x) <= 770
    assert np.array_equal(growing.x, at_once.x)
    assert np.array_equal(growing.y, at_once.y)
    assert growing.smoothed == pytest.approx(at_once.smoothed)
    assert at_once.smoothed == pytest.approx(smoothed(at_once.y, 0.7))


def test_it_shows_what_stands_out_and_the_last_value() -> None:
    steps, values = _column(9_000)
    values[4321] = 50
    values[8999] = -50
    line = Growing()
    line.take(steps, values, 0)
    assert line.y.max() == 50
    assert line.x[line.y.argmax()] == 4322
    assert (line.x[-1], line.y[-1]) == (9000, -50)
    assert (np.diff(line.x) >= 0).all()


def test_few_values_are_drawn_as_they_are() -> None:
    steps, values = _column(301)
    line = Growing()
    line.take(steps, values, 0)
    assert np.array_equal(line.x, steps)
    assert np.array_equal(line.y, values)


def test_up_to_the_point_that_it_names_nothing_has_changed() -> None:
    steps, values = _column(3_000)
    line, kept = 0, 0
    growing = Growing()
    before = np.empty((3, 0))
    for count in range(3, 3_000, 5):
        first = growing.take(steps[:count], values[:count], 0.9)
        now = np.stack((growing.x, growing.y, growing.smoothed))
        assert np.array_equal(before[:, :first], now[:, :first])
        line, kept = line + 1, kept + (first > 0)
        before = now
    assert kept > 0.98 * line
    assert growing.take(steps[:2998], values[:2998], 0.5) == 0


def test_what_is_not_finite_is_left_out_of_the_average_and_a_shorter_column_begins_anew() -> None:
    steps, values = _column(40)
    values[[0, 17]] = np.nan, np.inf
    line = Growing()
    for count in range(1, 41):
        line.take(steps[:count], values[:count], 0.5)
    assert line.smoothed == pytest.approx(smoothed(line.y, 0.5), nan_ok=True)
    line.take(steps[:10], values[:10], 0.5)
    assert line.x[-1] == 10
