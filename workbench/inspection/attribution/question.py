"""What is asked of a network."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from workbench.compiler.receptive_field import ReceptiveField


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """Which places of a picture speak for a class?

    ``image`` is normalized, ``(1, C, H, W)``; ``target`` the number of the class; ``layer`` whose maps are looked at,
    for the methods that look at maps, and ``field`` the receptive field of its values: without one the map is stretched
    over the picture. ``steps`` are those of integrated gradients. ``patch`` is the side of the square that occlusion
    covers, an eighth of the picture's shorter side where it is 0. ``at_once`` is how many pictures may go through the
    network together.
    """

    image: Tensor
    target: int
    layer: str = ""
    field: ReceptiveField | None = None
    steps: int = 50
    patch: int = 0
    at_once: int = 16

    @property
    def covered(self) -> tuple[int, int]:
        """The side of the square that is covered, and how far it moves: half its side."""
        side = self.patch or max(2, round(min(self.image.shape[2:]) / 8))
        return side, max(1, side // 2)

    @property
    def places_covered(self) -> int:
        """How many places the square is moved to."""
        side, step = self.covered
        down, across = (-(-max(0, length - side) // step) + 1 for length in self.image.shape[2:])
        return down * across
