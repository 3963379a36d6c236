"""The overfitting lab: the same network and images under each kind of regularization."""

from __future__ import annotations

from workbench.gui.labs.race import RaceLab
from workbench.gui.theme import Appearance
from workbench.labs.lineups import overfitting

TEXT = (
    "LeNet-5 has 61,706 weights; here it sees 100 images, and every tenth label is wrong. It can learn them by "
    "heart: the training loss goes to zero, and the validation loss rises again.\n\n"
    "Explicit regularization adds a penalty to what is made small, J = Loss + λ·Penalty(w): L1 pulls weights to zero, "
    "L2 keeps all of them small.\n\n"
    "Implicit regularization changes the training: dropout, images that are shifted and turned anew each time, noise, "
    "stopping when it gets no better, leaving out what costs most, or a network that cannot learn by heart.\n\n"
    "The star marks each one's best epoch. The gap is validation loss minus training loss."
)


class OverfittingLab(RaceLab):
    """Nine ways to train the same network."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__(appearance, overfitting, "Validation loss")
