"""The images that excite a map most, looked for in the background; one pass serves all maps of a layer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QObject

from workbench.gui.inspection.questions import Questions
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


class Looking(Questions):
    """``answered`` brings what was `Found`."""

    def __init__(self, copy: NetworkCopy, parent: QObject) -> None:
        super().__init__("excitation", copy, parent)
        self._kept: tuple[MapChoice, Strongest] | None = None

    def look_for(self, choice: MapChoice) -> None:
        self._ask(lambda: self._look(choice))

    def _look(self, choice: MapChoice) -> Found:
        """In the background's thread."""
        import torch

        from workbench.compiler import analyse
        from workbench.inspection.excitation import patch_of

        dataset, graph = choice.dataset, choice.standing.graph
        name = "validation" if len(dataset.validation) else "train"
        part = getattr(dataset, name)
        kept = self._kept
        if kept is None or not choice.is_of_same_layer(kept[0]):
            kept = self._kept = (choice, self._pass(choice, name))
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

    def _pass(self, choice: MapChoice, part: str) -> Strongest:
        from workbench.data import evaluation_batches
        from workbench.inspection.excitation import strongest

        total, check = len(getattr(choice.dataset, part)), self._work.check
        batches = evaluation_batches(choice.dataset, part, _BATCH, check=check)  # type: ignore[arg-type]
        with self._copy.lent(choice.standing, check) as network:
            return strongest(
                network, choice.layer, (batch.images for batch in batches), COUNT, lambda done: self._tell(done, total)
            )
