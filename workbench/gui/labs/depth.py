"""The depth lab: plain networks get worse when they are deeper, residual ones do not."""

from __future__ import annotations

from workbench.gui.labs.race import RaceLab
from workbench.gui.theme import Appearance
from workbench.labs.lineups import depth

TEXT = (
    "More layers can say more, so a deeper network should fit its training images at least as well. It does not: "
    "He and others found in 2015 that the training error of plain networks rises with depth. It is no overfitting, "
    "it is that they cannot be trained.\n\n"
    "A residual block learns only what to add to its input, x + F(x). The shortcut takes the gradient back to the "
    "first layers unharmed.\n\n"
    "Predict: which of the four has the lowest training loss after eight epochs, and which one does not learn at all?"
)


class DepthLab(RaceLab):
    """Plain and residual networks of 20 and 56 layers."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__(appearance, depth, "Loss while training")
