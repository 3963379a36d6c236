"""Images that live in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import torch
from torch import Tensor

from workbench.data.dataset import go_on
from workbench.data.fit import Shape, fit_images


class Store:
    """uint8 images ``(N, C, H, W)`` that several parts share, copied to a device once when first asked for.

    With ``shape`` they are fitted when taken: the images of a source are often much smaller than a network's
    input, and then fit into memory where the fitted ones would not.
    """

    def __init__(self, images: Tensor, shape: Shape | None = None, fit: str = "resize"):
        self._images = images
        self._shape = shape
        self._fit = fit
        self._copies: dict[torch.device, Tensor] = {images.device: images}

    def take(self, rows: Tensor) -> Tensor:
        if self._shape is not None:
            return fit_images(self._images.index_select(0, rows.cpu()), self._shape, self._fit).to(rows.device)
        if rows.device not in self._copies:
            self._copies[rows.device] = self._images.to(rows.device)
        return self._copies[rows.device].index_select(0, rows)


class Resident:
    """A `Part` of a store: ``rows`` are where its images stand there."""

    def __init__(self, store: Store, rows: Tensor, labels: Tensor, indices: Tensor, clean_labels: Tensor | None = None):
        self.store = store
        self.rows = rows
        self.labels = labels
        self.indices = indices
        self.clean_labels = labels if clean_labels is None else clean_labels
        self._rows = {rows.device: rows}

    def __len__(self) -> int:
        return len(self.labels)

    def take(self, positions: Tensor) -> Tensor:
        """The images at these positions, uint8 ``(n, C, H, W)``, on the device of ``positions``."""
        return self.store.take(self._rows_at(positions))

    def stream(self, groups: Iterable[Tensor], check: Callable[[], None] = go_on) -> Iterator[Tensor]:
        """The images of one group of positions after the other."""
        groups = list(groups)
        # Looked up for all groups at once: a small network's step feels every operation.
        rows = self._rows_at(torch.cat(groups)).split([len(group) for group in groups]) if groups else ()
        return map(self.store.take, rows)

    def _rows_at(self, positions: Tensor) -> Tensor:
        device = positions.device
        if device not in self._rows:
            self._rows[device] = self.rows.to(device)
        return self._rows[device].index_select(0, positions)

    def select(self, positions: Tensor) -> Resident:
        """The part of these positions only; the images are not copied."""
        return Resident(
            self.store, self.rows[positions], self.labels[positions], self.indices[positions],
            self.clean_labels[positions],
        )  # fmt: skip

    def relabelled(self, labels: Tensor) -> Resident:
        """The same images under other labels; ``clean_labels`` keeps what they were."""
        return Resident(self.store, self.rows, labels, self.indices, self.clean_labels)
