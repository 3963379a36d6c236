"""The images that excite a map most, looked for in the background; one pass serves all maps of a layer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QObject, Signal

from workbench.gui.background import Background
from workbench.gui.inspection.standing import NetworkCopy, Standing

if TYPE_CHECKING:
    from workbench.data import Dataset
    from workbench.inspection.excitation import Strongest

_BATCH = 64
COUNT = 9


@dataclass(frozen=True, eq=False)
class MapChoice:
    """One map of one layer of a network, and the images it is shown."""

    standing: Standing
    dataset: Dataset
    layer: str
    number: int

    def is_of_same_layer(self, other: MapChoice | None) -> bool:
        return (
            other is not None
            and (self.standing, self.layer) == (other.standing, other.layer)
            and self.dataset is other.dataset
        )


@dataclass(frozen=True, eq=False)
class Exciting:
    """One image, uint8 ``(C, H, W)``, its place in its part, its class, the map's highest value in it, and the pixels
    that this value has seen: top, left, bottom, right."""

    pixels: np.ndarray[Any, Any]
    part: str
    place: int
    label: str
    value: float
    patch: tuple[int, int, int, int]


@dataclass(frozen=True, eq=False)
class Found:
    """The images that excite the chosen map most, most exciting first; ``looked_at`` is among how many, and ``maps``
    how many the layer has."""

    choice: MapChoice
    images: tuple[Exciting, ...]
    looked_at: int
    maps: int


class Looking(QObject):
    """``found`` brings what was looked for last, ``failed`` a sentence. ``progress`` may be looked at meanwhile."""

    found = Signal(object)
    failed = Signal(str)

    def __init__(self, copy: NetworkCopy, parent: QObject) -> None:
        super().__init__(parent)
        self._copy = copy
        self.progress = (0, 0)
        self._kept: tuple[MapChoice, Strongest] | None = None
        self._work = Background("excitation", self)
        self._work.done.connect(self.found)
        self._work.failed.connect(lambda message, details: self.failed.emit(message))

    def look_for(self, choice: MapChoice) -> None:
        self.progress = (0, 0)
        self._work.ask(lambda: self._look(choice, self._work.check))

    def cancel(self) -> None:
        self._work.forget()

    def _look(self, choice: MapChoice, check: Callable[[], object]) -> Found:
        """In the background's thread."""
        import torch

        from workbench.compiler import analyse
        from workbench.inspection.excitation import patch_of

        dataset, graph = choice.dataset, choice.standing.graph
        name = "validation" if len(dataset.validation) else "train"
        part = getattr(dataset, name)
        kept = self._kept
        if kept is None or not choice.is_of_same_layer(kept[0]):
            kept = self._kept = (choice, self._pass(choice, name, check))
        report = analyse(graph).by_name[choice.layer]
        number = min(choice.number, kept[1].maps - 1)
        excited = kept[1].of(number) if number >= 0 else []
        places = torch.tensor([one.place for one in excited], dtype=torch.long)
        pixels, labels = part.take(places).numpy(), part.labels[places].tolist()
        size = graph.shape[1:]
        images = tuple(
            Exciting(
                image, name, one.place, dataset.classes[label], one.value,
                patch_of(report.receptive_field, one.row, one.column, (size[0], size[1])),
            )
            for one, image, label in zip(excited, pixels, labels, strict=True)
        )  # fmt: skip
        return Found(choice, images, len(part), kept[1].maps)

    def _pass(self, choice: MapChoice, part: str, check: Callable[[], object]) -> Strongest:
        from workbench.data import evaluation_batches
        from workbench.inspection.excitation import strongest

        total = len(getattr(choice.dataset, part))

        def tell(done: int) -> None:
            check()
            self.progress = (done, total)

        batches = evaluation_batches(choice.dataset, part, _BATCH, check=check)  # type: ignore[arg-type]
        with self._copy.lent(choice.standing, check) as network:
            return strongest(network, choice.layer, (batch.images for batch in batches), COUNT, tell)
