"""The registry of sources: where images come from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch

from workbench.data.collection import Collection, Images, Progress


@dataclass(frozen=True, slots=True)
class Source:
    """A data set by name. ``fetch`` gives its images."""

    name: str
    title: str
    classes: int
    shape: tuple[int, int, int]
    train: int
    test: int
    fetch: Callable[[Progress], Collection]


def _digits(progress: Progress) -> Collection:
    """Scans of 8×8 with values 0..16: Alpaydin and Kaynak, 'Optical Recognition of Handwritten Digits', UCI 1998."""
    from sklearn.datasets import load_digits

    pixels, labels = load_digits(return_X_y=True)
    images = torch.from_numpy(pixels).mul(255 / 16).round().to(torch.uint8).view(-1, 1, 8, 8)
    return Collection(tuple("0123456789"), Images(images, torch.from_numpy(labels).long()))


SOURCES: dict[str, Source] = {
    source.name: source
    for source in (Source("digits", "Handwritten digits, embedded", 10, (1, 8, 8), 1797, 0, _digits),)
}
