"""Which places of the picture speak for a class, in the window."""

from workbench.gui.inspection.attribution.panel import AttributionPanel

__all__ = ["AttributionPanel"]
