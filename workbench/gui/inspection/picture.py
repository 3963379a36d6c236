"""The picture that is looked at: one of the data set's, a photo, a file, or one that was pasted or dropped."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QMimeData, QObject, Signal

from workbench.gui.background import Background

if TYPE_CHECKING:
    import numpy as np
    from torch import Tensor

    from workbench.data import Dataset
    from workbench.gui.inspection.photos import Photo


_WORDS = {"train": "training", "validation": "validation", "test": "test"}


@dataclass(frozen=True, eq=False)
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
    """Which picture, and what else the data set has. ``refused`` says why what was handed over is none.

    ``is_chosen`` tells, while it has `changed`, whether somebody chose it; else the images were read anew.
    """

    changed = Signal(object)
    refused = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.picture: Picture | None = None
        self.dataset: Dataset | None = None
        self._place = 0
        self._part = "validation"
        self._photo = -1
        self._own = False
        self.is_chosen = True
        self._loading = Background("picture", self)
        self._loading.done.connect(lambda loaded: self._take_own(*loaded))
        self._loading.failed.connect(lambda message, details: self.refused.emit(message))

    def set_dataset(self, dataset: Dataset) -> None:
        """Choose from these images from now on; a picture of the person's own stays."""
        self.dataset = dataset
        if not self._own or self.picture is None:
            self.is_chosen = False
            self.take(self._place)
            self.is_chosen = True

    def lose_dataset(self) -> None:
        """Its images are no longer those of the project; a picture of the person's own stays."""
        self.dataset = None
        if not self._own:
            self.picture = None

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

    def take_given(self, pixels: np.ndarray[Any, Any], truth: str, name: str) -> None:
        """Choose an image of another data set, uint8 ``(C, H, W)``, whose class is known."""
        self._own = True
        self._set(Picture(pixels, truth, name))

    def take_photo(self, photo: Photo) -> None:
        """Choose one of the photos that come with the program."""
        from workbench.data import read_picture
        from workbench.gui.inspection.photos import PHOTOS, content

        self._photo = PHOTOS.index(photo)
        self._take_own(read_picture(content(photo)).numpy(), f"{photo.title}, by {photo.credit}")

    def next_photo(self) -> None:
        from workbench.gui.inspection.photos import PHOTOS

        self.take_photo(PHOTOS[(self._photo + 1) % len(PHOTOS)])

    def open(self, path: Path) -> None:
        """Choose a file. Raises `PictureError` where it is no picture."""
        from workbench.data import read_picture

        self._take_own(read_picture(path).numpy(), path.name)

    def take_handed(self, mime: QMimeData, how: str) -> None:
        """Choose what was pasted or dropped; an address is loaded in the background. Raises `PictureError`."""
        from workbench.data import PictureError, read_picture
        from workbench.gui.inspection import dropped

        pixels, address = dropped.pixels_of(mime), dropped.address_of(mime)
        if isinstance(address, Path):
            self.open(address)
        elif pixels is not None:
            self._take_own(pixels, how)
        elif address is not None:
            name = "from the web"
            self._loading.ask(lambda: (read_picture(dropped.load(address)).numpy(), name))
        else:
            raise PictureError("There is no picture in it: copy or drag an image, or an image file.")

    def _take_own(self, pixels: np.ndarray[Any, Any], name: str) -> None:
        self._own = True
        self._set(Picture(pixels, "", name))

    def _set(self, picture: Picture) -> None:
        self.picture = picture
        self.changed.emit(picture)
