"""Pictures that labs are tried on: small enough that each value can be seen."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from workbench.gui.inspection.photos import PHOTOS, content
from workbench.labs.convolution import WORKED_PICTURE

Array = np.ndarray[Any, Any]

_SIDE = 32
WORKED, TYPED = "Worked example", "Empty, to type into"


def names() -> tuple[str, ...]:
    """What a person chooses from."""
    photos = [photo.title for photo in PHOTOS[:4]]
    return (WORKED, *(f"Digit {digit}" for digit in (3, 7)), *photos, *(f"{name}, in colour" for name in photos), TYPED)


@cache
def picture(name: str) -> Array:
    """``(C, H, W)``: digits have values 0 to 16 as they were scanned, photos 0 to 1."""
    if name == WORKED:
        return WORKED_PICTURE
    if name == TYPED:
        return np.zeros((1, 8, 8))
    if name.startswith("Digit"):
        return _digit(int(name.split()[1]))
    title = name.removesuffix(", in colour")
    photo = next(photo for photo in PHOTOS if photo.title == title)
    from workbench.data import read_picture
    from workbench.data.fit import fit_images

    seen = fit_images(read_picture(content(photo))[None], (3, _SIDE, _SIDE), "crop")[0].numpy() / 255
    return seen if name != title else seen.mean(0, keepdims=True)


def _digit(digit: int) -> Array:
    from sklearn.datasets import load_digits

    digits = load_digits()
    first = int(np.flatnonzero(digits.target == digit)[0])
    return digits.images[first][None].astype(np.float64)
