"""Lists of image files decoded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from workbench.data.dataset import go_on
from workbench.data.fit import Shape
from workbench.data.picture import PictureError, fit_picture

JOB = 64  # files that are decoded together: their names fit into a pipe that nobody reads

Reasons = list[str | None]
Place = str | Path


@dataclass(frozen=True, slots=True)
class Decoded:
    """uint8 ``(n, C, H, W)``, and for each file why it could not be decoded (its picture is then black) or None."""

    images: Tensor
    reasons: Reasons


def decode(paths: Sequence[Place], shape: Shape, fit: str, check: Callable[[], None] = go_on) -> Decoded:
    """These files, decoded in this process; ``check`` is called after each, and ends it by raising."""
    images, reasons = decode_to_arrays(paths, shape, fit, check)
    return Decoded(torch.from_numpy(images), reasons)


def decode_to_arrays(
    paths: Sequence[Place], shape: Shape, fit: str, check: Callable[[], None]
) -> tuple[np.ndarray[Any, Any], Reasons]:
    """What `decode` gives, as a worker process sends it: uint8 ``(n, C, H, W)`` and the reasons."""
    images = np.zeros((len(paths), *shape), dtype=np.uint8)
    reasons: Reasons = []
    for place, path in enumerate(paths):
        try:
            images[place] = fit_picture(path, shape, fit).numpy()
            reasons.append(None)
        except PictureError as error:
            reasons.append(str(error))
        check()
    return images, reasons
