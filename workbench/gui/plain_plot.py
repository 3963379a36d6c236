"""A plot whose figures are as they are, in the theme's colours."""

from __future__ import annotations

from typing import Any

from workbench.gui.log_axis import LogAxis
from workbench.gui.screen_plot import ScreenPlot


def plain_plot(name: str, **options: Any) -> Any:
    """A plot without menu and buttons, whose figures are as they are: thousandths of a loss are nobody's unit."""
    axes = {side: LogAxis(side) for side in ("left", "bottom")} | options.pop("axisItems", {})
    plot: Any = ScreenPlot(axisItems=axes, **options)
    plot.setAccessibleName(name)
    plot.hideButtons()
    plot.getPlotItem().setContentsMargins(0, 8, 4, 4)  # the uppermost figure stands half above its tick
    for side in ("left", "bottom"):
        plot.getAxis(side).enableAutoSIPrefix(False)  # before it has a label: afterwards it would keep its factor
    return plot
