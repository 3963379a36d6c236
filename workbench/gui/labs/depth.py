"""The depth lab: plain networks get worse when they are deeper, residual ones do not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np

from workbench.gui.labs.race import RaceLab
from workbench.gui.labs.race_table import colour_of
from workbench.gui.plain_plot import plain_plot
from workbench.gui.theme import Appearance, Theme
from workbench.labs.lineups import depth
from workbench.labs.race import Lap, Variant, race, trained
from workbench.labs.report import Section, races

TEXT = (
    "More layers can say more, so a deeper network should fit its training images at least as well. It does not: "
    "He and others found in 2015 that the training error of plain networks rises with depth. It is no overfitting, "
    "it is that they cannot be trained.\n\n"
    "A residual block learns only what to add to its input, x + F(x). The shortcut takes the gradient back to the "
    "first layers unharmed: the second plot shows what lately came to one weight of every convolution, from the "
    "picture on the left to the output on the right. A line that is level means that all layers learn alike.\n\n"
    "The first plot is He's: the share of the training images that are called something else, epoch by epoch."
)

_SHARE = 0.05
"""Of the race's time in which gradients may be measured by layer."""

_LATELY = 8
"""The median of so many measurements is drawn: plain-56's gradient changes ten-thousand-fold from step to step."""


class DepthLab(RaceLab):
    """Plain and residual networks of 20 and 56 layers, with their gradients layer by layer."""

    def __init__(self, appearance: Appearance) -> None:
        self.gradients: dict[str, np.ndarray[Any, Any]] = {}
        self._measured: dict[str, list[np.ndarray[Any, Any]]] = {}
        self._layers = plain_plot("Gradient of one weight, layer by layer")
        self._layers.setLabel("left", "gradient of one weight")
        self._layers.setLabel("bottom", "from picture to output")
        self._layers.setLogMode(y=True)
        self._by_layer: dict[str, Any] = {}
        super().__init__(appearance, depth, "Error while training")
        self.plots.addWidget(self._layers, 2)
        self._layers.tell_figures(False)

    def racing(self, variants: list[Variant], check: Callable[[], object]) -> Iterator[Lap]:
        self.gradients, self._measured = {}, {}
        return race(variants, check, partial(trained, health=_SHARE))

    def report(self) -> Callable[[], list[Section]]:
        return partial(races.depth, *self._come_to(), dict(self.gradients))

    def heard(self, lap: Lap) -> None:
        if lap.health is None:
            return
        graph = next(variant.project.graph for variant in self._variants if variant.name == lap.variant)
        names = [node.name for node in graph.nodes if node.kind == "Conv2d" and node.name in lap.health.layers]
        values = np.array([lap.health.layers[name].gradient_of_one for name in names])
        lately = self._measured[lap.variant] = [*self._measured.get(lap.variant, []), values][-_LATELY:]
        self.gradients[lap.variant] = np.median(lately, axis=0)

    def _draw(self) -> None:
        super()._draw()
        self._layers.tell_figures(bool(self.gradients))
        for row, variant in enumerate(self._variants):
            if variant.name not in self._by_layer:
                self._by_layer[variant.name] = self._layers.plot()
                self._layers.draw_with(self._by_layer[variant.name], colour_of(row))
            values = self.gradients.get(variant.name, np.empty(0))
            known = np.isfinite(values) & (values > 0)
            line = self._by_layer[variant.name]
            line.setData(np.linspace(0, 1, len(values))[known], values[known])
            line.setVisible(self.table.takes_part(row))

    def _set_theme(self, theme: Theme) -> None:
        super()._set_theme(theme)
        self._layers.dress(theme)
