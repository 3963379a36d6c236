"""The curves in memory."""

from __future__ import annotations

import numpy as np
import pytest

from workbench.gui.training.series import COLUMNS, Series, binned, smoothed
from workbench.training import Step


def _step(number: int) -> Step:
    return Step(1, number, 1.0 / number, 0.5 / number, 0.0, 0.0, 0.0, 0.1, 1.0, 64, 0.01)


def test_every_step_is_kept_and_a_million_take_32_bytes_each() -> None:
    series = Series()
    for number in range(1, 10_001):
        series.add_step(_step(number))
    assert series.count == 10_000
    assert series.column("step").tolist() == list(range(1, 10_001))
    assert 4 * len(COLUMNS) == 32
    assert series.bytes <= 2 * 10_000 * 4 * len(COLUMNS) + 4096


def test_binned_points_keep_every_peak() -> None:
    x = np.arange(100_000.0)
    y = np.random.default_rng(0).normal(size=100_000)
    y[12_345], y[77_777] = 50.0, -50.0
    few_x, few_y = binned(x, y)
    assert len(few_x) <= 1100
    assert 50.0 in few_y
    assert -50.0 in few_y
    assert (np.diff(few_x) >= 0).all()


def test_few_points_are_drawn_as_they_are() -> None:
    x = y = np.arange(10.0)
    assert binned(x, y) == (x, y)


def test_smoothing_begins_at_the_first_value_and_skips_what_is_not_finite() -> None:
    assert smoothed(np.array([4.0, 4.0, np.nan, 4.0]), 0.9) == pytest.approx([4.0] * 4)
    assert smoothed(np.array([0.0, 1.0]), 0.5)[1] == pytest.approx(2 / 3)
    assert np.isnan(smoothed(np.array([np.nan, np.inf, 3.0]), 0.5)).tolist() == [True, True, False]


@pytest.mark.parametrize("weight", [0.05, 0.6, 0.99])
def test_smoothing_many_values_is_smoothing_one_after_the_other(weight: float) -> None:
    values = np.random.default_rng(0).random(523).astype(np.float32)
    values[100:140] = np.nan
    expected, last, norm = [], 0.0, 0.0
    for value in values.tolist():
        if np.isfinite(value):
            last, norm = last * weight + (1 - weight) * value, norm * weight + (1 - weight)
        expected.append(last / norm)
    assert smoothed(values, weight) == pytest.approx(expected)
