"""How each kind of curve is drawn."""

from __future__ import annotations

from typing import Literal

import pyqtgraph as pg
from PySide6.QtGui import QBrush, QColor, QPen

from workbench.gui.theme import Theme

Kind = Literal["raw", "training", "eval", "validation", "part", "other", "other training"]
"""What a line is of: the run that is watched, a part of its objective, or another run."""

THIN: tuple[Kind, ...] = ("raw", "other", "other training")
"""Drawn in strokes of one pixel of the screen's own: many times faster than wider, dashed or transparent lines."""


def curve_pen(kind: Kind, number: int, theme: Theme) -> QPen:
    """How a line of that kind is drawn, its width in the window's pixels; ``number`` tells parts of an objective, and
    other runs, apart."""
    if kind == "eval":
        return pg.mkPen(theme.training, width=1)
    if kind in ("training", "validation"):
        return pg.mkPen(getattr(theme, kind), width=2)
    if kind == "part":
        shades = list(theme.categories.values())
        return pg.mkPen(shades[number % len(shades)], width=1.5)
    colour = QColor(theme.training) if kind == "raw" else _hue(number, theme)
    if kind in ("raw", "other training"):
        colour = _pale(colour, QColor(theme.surface))
    return pg.mkPen(colour, width=1)


def gap_brush(theme: Theme) -> QBrush:
    """What fills the generalization gap."""
    colour = QColor(theme.gap)
    colour.setAlpha(40)
    return pg.mkBrush(colour)


def _pale(colour: QColor, ground: QColor) -> QColor:
    """A third of the colour on its ground."""
    parts = zip(colour.getRgb()[:3], ground.getRgb()[:3], strict=True)  # type: ignore[index]
    return QColor(*((over + 2 * under) // 3 for over, under in parts))


def _hue(number: int, theme: Theme) -> QColor:
    """A colour for each number, neighbours far apart."""
    return QColor.fromHslF((0.45 + number * 0.381966) % 1, 0.6, 0.65 if theme.name == "dark" else 0.42)
