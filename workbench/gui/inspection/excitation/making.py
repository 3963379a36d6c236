"""A picture made to excite a map, in the background; how far it is can be seen meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QObject, Signal

from workbench.gui.background import Background
from workbench.gui.inspection.excitation.looking import MapChoice
from workbench.gui.inspection.standing import NetworkCopy

if TYPE_CHECKING:
    from workbench.inspection.excitation import Ascent, Made


class Making(QObject):
    """``ended`` when the picture is done, ``failed`` with a sentence. ``made`` is what there is of it, ``pixels`` the
    same as people see it: of a picture for one value the part that this value sees."""

    ended = Signal()
    failed = Signal(str)

    def __init__(self, copy: NetworkCopy, parent: QObject) -> None:
        super().__init__(parent)
        self._copy = copy
        self._newest: tuple[Made, np.ndarray[Any, Any]] | None = None
        self._work = Background("feature visualization", self)
        self._work.done.connect(lambda _: self.ended.emit())
        self._work.failed.connect(lambda message, details: self.failed.emit(message))

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
        self._work.ask(lambda: self._make(choice, settings))

    def forget(self) -> None:
        """Stop, and drop what there is."""
        self._work.forget()
        self._newest = None

    def stop(self) -> None:
        """Stop, and keep what there is."""
        self._work.forget()

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
