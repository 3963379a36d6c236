"""Pens of a plot's lines."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtGui import QColor, QGuiApplication, QPen


def line_pen(colour: str | QColor, width: float = 2.0) -> QPen:
    """As wide as that to the eye. Plots take the width of a pen in the screen's own pixels, of which a dense screen has
    several where another has one."""
    return pg.mkPen(colour, width=width * QGuiApplication.primaryScreen().devicePixelRatio())
