"""What the labs' plots write at their axes."""

from __future__ import annotations

import math

import pytest

from workbench.gui.labs.plots import plain_plot


@pytest.mark.parametrize(
    ("low", "high", "wanted"),
    [(0.006, 0.3, {"0.01", "0.02", "0.05", "0.1", "0.2"}), (0.21, 0.8, {"0.5"}), (1e-7, 1, {"10⁻⁶", "10⁻³", "1"})],
)
def test_figures_of_a_log_scale_leave_room_for_each_other(qtbot, low: float, high: float, wanted: set[str]) -> None:  # type: ignore[no-untyped-def]
    plot = plain_plot("for the test")
    qtbot.addWidget(plot)
    plot.setLogMode(y=True)
    axis = plot.getAxis("left")
    ticks = axis.tickValues(math.log10(low), math.log10(high), 200)
    told = [text for spacing, values in ticks for text in axis.tickStrings(values, 1.0, spacing) if text]
    assert wanted <= set(told)
    assert len(set(told)) <= 10
    assert {"0.3", "0.06", "0.007"}.isdisjoint(told)
