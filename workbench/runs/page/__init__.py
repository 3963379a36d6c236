"""A run as one HTML page that needs nothing else: network, settings, curves, confusion, filters and maps."""

from workbench.runs.page.page import page

__all__ = ["page"]
