"""Pixel arithmetic: how one value of a network came about, number by number, back to the picture."""

from workbench.inspection.arithmetic.explain import explain, needed
from workbench.inspection.arithmetic.kinds import KINDS
from workbench.inspection.arithmetic.layers import Moment
from workbench.inspection.arithmetic.moving import spot
from workbench.inspection.arithmetic.values import (
    PADDING,
    Explanation,
    Field,
    Flow,
    Gates,
    Made,
    Operand,
    Patch,
    Place,
    Reader,
    Readers,
    Slices,
    Then,
    Tile,
)
from workbench.inspection.arithmetic.words import figure

__all__ = [
    "KINDS",
    "PADDING",
    "Explanation",
    "Field",
    "Flow",
    "Gates",
    "Made",
    "Moment",
    "Operand",
    "Patch",
    "Place",
    "Reader",
    "Readers",
    "Slices",
    "Then",
    "Tile",
    "explain",
    "figure",
    "needed",
    "spot",
]
