"""The figures at an axis with a log scale."""

from __future__ import annotations

import math

import pytest

from workbench.gui.log_axis import LogAxis


@pytest.mark.parametrize(
    ("low", "high", "wanted"),
    [
        (0.006, 0.3, {"0.01", "0.02", "0.05", "0.1", "0.2"}),
        (0.21, 0.8, {"0.5"}),
        (0.6, 980, {"1", "10¹", "10²"}),
        (1e-7, 1, {"0.01", "0.0001"}),
    ],
)
def test_figures_of_a_log_scale_leave_room_for_each_other(qapp, low: float, high: float, wanted: set[str]) -> None:  # type: ignore[no-untyped-def]
    axis = LogAxis("left")
    axis.setLogMode(False, True)
    ticks = axis.tickValues(math.log10(low), math.log10(high), 200)
    told = {text for spacing, values in ticks for text in axis.tickStrings(values, 1.0, spacing) if text}
    assert wanted <= told
    assert len(told) <= 9
    assert {"0.3", "0.06", "0.007"}.isdisjoint(told)


def test_long_figures_of_a_loss_that_diverged_are_written_short(qapp) -> None:  # type: ignore[no-untyped-def]
    axis = LogAxis("left")
    axis.enableAutoSIPrefix(False)
    assert axis.tickStrings([0.0, 2e5, 8e5], 1.0, 2e5) == ["0", "2e5", "8e5"]
    assert axis.tickStrings([0.0, 2500.0, 12500.0], 1.0, 2500.0) == ["0", "2.5e3", "1.25e4"]
