"""How every layer fares, as a table for a terminal."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workbench.training import Health


def print_health(health: Health) -> None:
    """One row a layer; '' where it has no such figure."""
    from workbench.cli.output import print_table

    rows = [
        (
            name,
            "" if math.isnan(layer.dead) else f"{layer.dead:.0%}",
            *("" if math.isnan(v) else f"{v:.2g}" for v in (layer.mean, layer.spread, layer.gradient, layer.update)),
        )
        for name, layer in health.layers.items()
    ]
    print_table((f"at step {health.step}", "never fire", "mean", "spread", "gradient", "update"), rows, range(1, 6))
