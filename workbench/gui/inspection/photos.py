"""Natural photos that come with the program, to look at a network with."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from importlib import resources
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo by its file's name, with what is on it and whom it is by."""

    file: str
    title: str
    credit: str


PHOTOS = (
    Photo("cat.jpg", "Cat", "Stéfan van der Walt, CC0"),
    Photo("raccoon.jpg", "Raccoon", "Judy Weggelaar, CC0"),
    Photo("coffee.jpg", "Coffee", "Rachel Michetti, CC0"),
    Photo("rocket.jpg", "Rocket", "SpaceX, public domain"),
    Photo("china.jpg", "Palace", "danielbuechele, CC BY 2.0"),
    Photo("flower.jpg", "Flower", "vultilion, CC BY 2.0"),
)


def content(photo: Photo) -> bytes:
    """The JPEG. Raises `OSError` where the installation is damaged."""
    own = resources.files("workbench") / "resources" / "pictures" / photo.file
    return own.read_bytes() if own.is_file() else (_of_scikit_learn() / photo.file).read_bytes()


def _of_scikit_learn() -> Path:
    """Where scikit-learn keeps its photos. It is not imported, which would take a second."""
    spec = importlib.util.find_spec("sklearn")
    if spec is None or spec.origin is None:
        raise OSError("scikit-learn, which has this photo, is not installed")
    return Path(spec.origin).parent / "datasets" / "images"
