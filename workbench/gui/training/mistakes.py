"""Which validation images were taken for what: the run's weights asked again, in the background."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Signal

from workbench.gui.background import Background
from workbench.gui.inspection.picture import PictureChoice
from workbench.gui.training.session import TrainingSession
from workbench.runs import Run
from workbench.training import Arithmetic, evaluate


class Mistakes(QObject):
    """``found(images, places, note)``: images uint8 ``(N, C, H, W)`` and their places among the validation images."""

    found = Signal(object, list, str)

    def __init__(self, session: TrainingSession, picture: PictureChoice, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._picture = session, picture
        self._work = Background("mistakes", self)
        self._work.done.connect(lambda result: self.found.emit(*result))
        self._work.failed.connect(lambda message, details: self.found.emit([], [], message))

    def look_for(self, true: int, called: int) -> None:
        """Find the images of class ``true`` that the last checkpoint calls ``called``."""
        directory, dataset, project = self._session.directory, self._picture.dataset, self._session.project
        if directory is None or dataset is None or project is None:
            return

        def work() -> tuple[Any, list[int], str]:
            import torch

            from workbench.data import evaluation_batches, load

            run = Run.open(directory)
            images = load(run.project.data, run.project.graph.shape, self._work.check)
            measured = evaluate(
                run.network(best=False),
                evaluation_batches(images, "validation", 256),
                len(images.classes),
                Arithmetic("cpu", "fp32", False),
            )
            labels = images.validation.labels
            chosen = ((labels == true) & (measured.predictions == called)).nonzero().flatten()
            hardest = chosen[measured.losses[chosen].argsort(descending=True)]
            names = images.classes
            words = "right" if true == called else f"taken for '{names[called]}'"
            note = f"{len(chosen)} of class '{names[true]}' {words} by the last checkpoint, the hardest first."
            pixels = images.validation.take(hardest).numpy() if len(hardest) else torch.empty(0).numpy()
            return pixels, hardest.tolist(), note

        self._work.ask(work)
