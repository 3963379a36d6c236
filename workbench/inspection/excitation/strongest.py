"""The images that excite each map of a layer most, found in one pass over them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import ceil, floor
from typing import Any

import torch
from torch import Tensor, nn

from workbench.compiler.receptive_field import Axis, ReceptiveField
from workbench.inspection.excitation.until import run_until


@dataclass(frozen=True, slots=True)
class Excited:
    """One image that excites a map: its place among those that were looked at, the map's highest value there, and where
    in the map it is."""

    place: int
    value: float
    row: int
    column: int


@dataclass(frozen=True, slots=True, eq=False)
class Strongest:
    """For each map the images with its highest values, highest first: arrays ``(images, maps)``, NumPy.

    An image counts once, with its highest value; of several equal ones the first.
    """

    values: Any
    places: Any
    rows: Any
    columns: Any

    @property
    def maps(self) -> int:
        return int(self.values.shape[1])

    def of(self, number: int) -> list[Excited]:
        """The images of one map, counted from 0."""
        columns = (self.places, self.values, self.rows, self.columns)
        return [Excited(*found) for found in zip(*(column[:, number].tolist() for column in columns), strict=True)]


def strongest(
    network: nn.Module, layer: str, batches: Iterable[Tensor], count: int = 9, check: Callable[[int], object] = int
) -> Strongest:
    """Look for the ``count`` images, or as many as there are, that excite each map of ``layer`` most.

    ``batches`` are normalized images ``(N, C, H, W)``; the network runs in evaluation mode as far as the layer.
    ``check`` is told how many images have been looked at, and ends the work by raising. Raises `ExcitationError`.
    """
    kept: Tensor | None = None
    done = 0
    was_training = network.training
    network.eval()
    try:
        with torch.inference_mode():
            for images in batches:
                check(done)
                found = _highest(run_until(network, layer, images), done)
                found = found if kept is None else torch.cat([kept, found], 1)
                # Stable, so that of equal values the first stays.
                best = found[0].argsort(dim=0, descending=True, stable=True)[:count]
                kept = found.gather(1, best.expand(len(found), *best.shape))
                done += len(images)
            check(done)
    finally:
        network.train(was_training)
    if kept is None:
        kept = torch.zeros(4, 0, 0)
    values, places, rows, columns = kept.cpu()
    whole = [part.long().numpy() for part in (places, rows, columns)]
    return Strongest(values.float().numpy(), *whole)


def _highest(maps: Tensor, before: int) -> Tensor:
    """Value, place, row and column of each map's highest value in each image, float64 ``(4, N, maps)``."""
    width = maps.shape[3]
    values, at = maps.flatten(2).nan_to_num(nan=-torch.inf).max(2)
    places = torch.arange(before, before + len(maps), device=maps.device)[:, None].expand_as(at)
    return torch.stack([part.double() for part in (values, places, at // width, at % width)])


def patch_of(field: ReceptiveField | None, row: int, column: int, size: tuple[int, int]) -> tuple[int, int, int, int]:
    """The pixels that one value of a map has seen, clipped at the borders: top, left, bottom, right, the last two not
    included. Of a value whose field cannot be told it is the whole picture."""
    if field is None:
        return 0, 0, *size
    top, bottom = _reach(field.height, row, size[0])
    left, right = _reach(field.width, column, size[1])
    return top, left, bottom, right


def _reach(axis: Axis, place: int, length: int) -> tuple[int, int]:
    low = axis.low + place * axis.jump
    first, last = max(0, floor(low)), min(length, ceil(low + axis.size))
    # A value far out in the border has seen nothing but padding: the pixel that is next to it.
    first = min(first, length - 1)
    return first, max(first + 1, last)
