"""One page of a gallery: made in the gallery's thread, of one part and one class, augmented or as it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtGui import QImage

from workbench.gui.data.augmented import DRAWS, AugmentedView
from workbench.gui.data.thumbnails import thumbnail
from workbench.project import Recipe

if TYPE_CHECKING:
    from workbench.data import Dataset


@dataclass(frozen=True)
class Page:
    """What was asked for, and what came of it: pictures, and for augmented ones a row of draws each."""

    part: str
    first: int
    count: int
    places: tuple[int, ...]
    labels: tuple[str, ...]
    images: tuple[QImage, ...]
    draws: tuple[tuple[QImage, ...], ...] = ()


def fetched(
    dataset: Dataset, name: str, number: int | None, first: int, size: int, recipe: Recipe | None, epoch: int,
    ratio: float,
) -> Page:  # fmt: skip
    """A page of images, and of their draws where a recipe is given; in the gallery's thread."""
    import torch

    from workbench.data import augmented

    part = getattr(dataset, name)
    labels = part.labels
    chosen = torch.arange(len(part)) if number is None or number < 0 else (labels == number).nonzero().flatten()
    count = len(chosen)
    first = min(first, max(0, (count - 1) // size * size))
    if recipe is not None and (number is None or number < 0):
        # A few images of all classes say more than the first ones of a folder.
        chosen = chosen[labels[chosen].argsort(stable=True)][:: max(1, count // size)] if first == 0 else chosen
    positions = chosen[first : first + size]
    names = tuple(dataset.classes[label] for label in labels[positions].tolist())
    side = AugmentedView.SIDE if recipe is not None else None
    pictures = part.take(positions).numpy() if len(positions) else ()
    images = tuple(thumbnail(p, side, ratio) if side else thumbnail(p, ratio=ratio) for p in pictures)
    draws: tuple[tuple[QImage, ...], ...] = ()
    if recipe is not None and len(positions):
        columns = [augmented(dataset, recipe, epoch + draw, positions).numpy() for draw in range(DRAWS)]
        rows = zip(*columns, strict=True)
        draws = tuple(tuple(thumbnail(picture, AugmentedView.SIDE, ratio) for picture in row) for row in rows)
    return Page(name, first, count, tuple(positions.tolist()), names, images, draws)


def described(recipe: Recipe) -> str:
    """What the recipe does to training images, in one sentence."""
    done = {
        "crop_padding": f"shifted by up to {recipe.crop_padding} pixels",
        "flip": "mirrored half of the time",
        "rotation": f"turned by up to {recipe.rotation:g}°",
        "cutout": f"with a blank square of {recipe.cutout} pixels",
        "colour": f"in brightness, contrast and saturation changed by up to {recipe.colour:.0%}",
        "input_noise": f"with noise of {recipe.input_noise:g} deviations",
    }
    used = [words for name, words in done.items() if getattr(recipe, name)]
    mixed = [name for name in ("mixup", "cutmix") if getattr(recipe, name)]
    later = (
        f" {' and '.join(mixed).capitalize()} mixes the images of a batch afterwards and is not shown." if mixed else ""
    )
    if not used:
        return f"The recipe augments nothing: training sees the images as they are.{later}"
    return f"Each image, and what epochs make of it: {', '.join(used)}.{later}"
