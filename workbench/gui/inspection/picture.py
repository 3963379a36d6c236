"""The picture that is looked at: one of the data set's, a file, or one from the clipboard."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from torch import Tensor

    from workbench.data import Dataset


_WORDS = {"train": "training", "validation": "validation", "test": "test"}


@dataclass(frozen=True)
class Picture:
    """Pixels, uint8 ``(C, H, W)`` of any size, and what is known of them."""

    pixels: np.ndarray[Any, Any]
    truth: str = ""
    name: str = ""

    def fitted(self, shape: tuple[int, ...], fit: str = "resize") -> Tensor:
        """As the network takes it, uint8 ``(C, H, W)``."""
        from workbench.data import fit_picture

        return fit_picture(self.pixels, shape, fit)  # type: ignore[arg-type]


class PictureChoice(QObject):
    """Which picture, and what else the data set has."""

    changed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.picture: Picture | None = None
        self.dataset: Dataset | None = None
        self._place = 0
        self._part = "validation"
        self._own = False

    def set_dataset(self, dataset: Dataset) -> None:
        """Choose from these images from now on; a picture of the person's own stays."""
        self.dataset = dataset
        if not self._own or self.picture is None:
            self.take(self._place)

    def take(self, place: int, of: str = "") -> None:
        """Choose an image by its place in a part, counted round: of the one chosen last, validation at first."""
        if self.dataset is None:
            return
        import torch

        self._part = of or self._part
        part = getattr(self.dataset, self._part)
        if part is None or not len(part):
            self._part = "validation" if len(self.dataset.validation) else "train"
            part = getattr(self.dataset, self._part)
        self._place = place % len(part)
        image = part.take(torch.tensor([self._place]))[0].numpy()
        label = int(part.labels[self._place])
        self._own = False
        self._set(Picture(image, self.dataset.classes[label], f"{_WORDS[self._part]} image {self._place}"))

    def next(self) -> None:
        self.take(self._place + 1)

    def previous(self) -> None:
        self.take(self._place - 1)

    def open(self, path: Path) -> None:
        """Choose a file. Raises `PictureError` where it is no picture."""
        from workbench.data import fit_picture

        pixels = fit_picture(path, (3, 512, 512), "crop").numpy()
        self._own = True
        self._set(Picture(pixels, "", path.name))

    def paste(self, pixels: np.ndarray[Any, Any]) -> None:
        """Choose pixels, uint8 ``(H, W, 3)``."""
        self._own = True
        self._set(Picture(np.ascontiguousarray(pixels.transpose(2, 0, 1)), "", "from the clipboard"))

    def _set(self, picture: Picture) -> None:
        self.picture = picture
        self.changed.emit(picture)
