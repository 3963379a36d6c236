"""A picture made to excite a map, in the background; how far it is can be seen meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QObject

from workbench.gui.inspection.excitation.looking import MapChoice
from workbench.gui.inspection.questions import Questions
from workbench.gui.inspection.standing import NetworkCopy

if TYPE_CHECKING:
    from workbench.inspection.excitation import Ascent, Made


class Making(Questions):
    """``answered`` when the picture is done. ``made`` is what there is of it, ``pixels`` the same as people see it: of
    a picture for one value the part that this value sees."""

    def __init__(self, copy: NetworkCopy, parent: QObject) -> None:
        super().__init__("feature visualization", copy, parent)
        self._newest: tuple[Made, np.ndarray[Any, Any]] | None = None

    @property
    def made(self) -> Made | None:
        return self._newest[0] if self._newest else None

    @property
    def pixels(self) -> np.ndarray[Any, Any] | None:
        """uint8 ``(C, H, W)``."""
        return self._newest[1] if self._newest else None

    def begin(self, choice: MapChoice, settings: Ascent) -> None:
        """Make a picture from noise on."""
        self._newest = None
        self._ask(lambda: self._make(choice, settings))

    def forget(self) -> None:
        """Stop, and drop what there is; `cancel` keeps it."""
        self.cancel()
        self._newest = None

    def _make(self, choice: MapChoice, settings: Ascent) -> None:
        """In the background's thread."""
        import torch

        from workbench.compiler import analyse
        from workbench.data.batches import Normalise, statistics_in
        from workbench.inspection.excitation import ascend, bounds_of, patch_of

        check = self._work.check
        report = analyse(choice.standing.graph).by_name[choice.layer]
        channels, height, width = choice.standing.graph.shape
        mean, std = statistics_in(choice.dataset, channels)
        normalise = Normalise(mean, std, torch.device("cpu"))

        def show(made: Made) -> None:
            check()
            seen = normalise.inverse(made.image).round().clamp(0, 255).to(torch.uint8)[0].numpy()
            if made.middle is not None:
                top, left, bottom, right = patch_of(report.receptive_field, *made.middle, (height, width))
                seen = seen[:, top:bottom, left:right]
            self._newest = (made, seen)

        bounds = bounds_of(mean, std)
        with self._copy.lent(choice.standing, check) as network:
            ascend(network, choice.layer, choice.number, (channels, height, width), bounds, settings, check, show)
