"""One filter sliding over one picture, every number of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]

WORKED_PICTURE = np.array([[[1.0, 10.0], [2.0, 20.0]]])
WORKED_KERNEL = np.array([[[1.0, 2.0], [2.0, 0.0]]])
"""The first example of the lecture: their dot product is 25."""

_FIXED = {
    "Edges": [[0, -1, 0], [-1, 4, -1], [0, -1, 0]],
    "Sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
    "Sobel, upright edges": [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
    "Sobel, level edges": [[-1, -2, -1], [0, 0, 0], [1, 2, 1]],
    "Leave as it is": [[1]],
}
KERNELS = (*_FIXED, "Blur", "Random")


def kernel(name: str, size: int, channels: int = 1, seed: int = 0) -> Array:
    """A filter by name, ``(channels, size, size)``: the same for each channel, which it takes the mean of."""
    if name == "Blur":
        one = np.full((size, size), 1 / size**2)
    elif name == "Random":
        return np.random.default_rng(seed).normal(0, np.sqrt(2 / (channels * size**2)), (channels, size, size))
    else:
        fixed = np.array(_FIXED[name], np.float64)
        one, spare = np.zeros((size, size)), size - len(fixed)
        if spare < 0:
            one = fixed[-spare // 2 :, -spare // 2 :][:size, :size]
        else:
            one[spare // 2 : spare // 2 + len(fixed), spare // 2 : spare // 2 + len(fixed)] = fixed
    return np.repeat(one[None] / channels, channels, 0)


@dataclass(frozen=True, eq=False)
class Window:
    """Where the filter lies for one value, and what it does there.

    ``rows`` and ``columns`` are those of the picture, below 0 or beyond its end in the padding. ``patch`` and
    ``products`` are ``(C, k, k)``; ``sums`` the products' sum of each channel.
    """

    rows: tuple[int, ...]
    columns: tuple[int, ...]
    patch: Array
    products: Array
    sums: tuple[float, ...]
    value: float


@dataclass(frozen=True, eq=False)
class Convolution:
    """A picture ``(C, H, W)``, a filter ``(C, k, k)`` and how it moves. It computes what `torch.nn.Conv2d` does."""

    picture: Array
    kernel: Array
    stride: int = 1
    padding: int = 0
    dilation: int = 1

    @property
    def size(self) -> tuple[int, int]:
        """Rows and columns of the map; not above 0 where the filter does not fit into the picture."""
        reach = self.dilation * (self.kernel.shape[-1] - 1) + 1
        rows, columns = ((side + 2 * self.padding - reach) // self.stride + 1 for side in self.picture.shape[1:])
        return rows, columns

    @property
    def fits(self) -> bool:
        return min(self.size) > 0

    @property
    def weights(self) -> int:
        """Weights of the filter, wherever it lies the same."""
        return int(self.kernel.size)

    @property
    def dense_weights(self) -> int:
        """Weights of a dense layer from every value of the picture to every value of the map."""
        rows, columns = self.size
        return int(self.picture.size) * rows * columns if self.fits else 0

    def size_in_words(self) -> str:
        """The formula of the map's height with its numbers."""
        side, k = self.picture.shape[1], self.kernel.shape[-1]
        rows = self.size[0]
        inside = f"{side} + 2·{self.padding} − {self.dilation}·({k} − 1) − 1"
        return f"⌊({inside}) / {self.stride}⌋ + 1 = {rows}"

    def map(self) -> Array:
        """``(rows, columns)``, all values. Raises `ValueError` where the filter does not fit."""
        if not self.fits:
            raise ValueError("the filter is larger than the picture with its padding")
        (rows, columns), s, d = self.size, self.stride, self.dilation
        padded, result = self._padded(), np.zeros(self.size)
        for i in range(self.kernel.shape[1]):
            for j in range(self.kernel.shape[2]):
                seen = padded[:, i * d : i * d + s * (rows - 1) + 1 : s, j * d : j * d + s * (columns - 1) + 1 : s]
                result += np.einsum("c,chw->hw", self.kernel[:, i, j], seen)
        return result

    def window(self, row: int, column: int) -> Window:
        """What makes the value at this place of the map."""
        k, d, p = self.kernel.shape[-1], self.dilation, self.padding
        rows = tuple(row * self.stride - p + i * d for i in range(k))
        columns = tuple(column * self.stride - p + j * d for j in range(k))
        patch = self._padded()[:, [r + p for r in rows]][:, :, [c + p for c in columns]]
        products = patch * self.kernel
        sums = products.sum((1, 2))
        return Window(rows, columns, patch, products, tuple(sums.tolist()), float(sums.sum()))

    def _padded(self) -> Array:
        return np.pad(self.picture, ((0, 0), (self.padding,) * 2, (self.padding,) * 2))


def sum_in_words(window: Window, kernel: Array, names: tuple[str, ...] = ()) -> str:
    """``1·1 + 10·2 + 2·2 + 20·0 = 25``; of a large filter the sums of its channels."""
    value = figure(window.value).strip("()")
    if window.patch.size <= 9:
        terms = zip(window.patch.ravel(), kernel.ravel(), strict=True)
        return f"{' + '.join(f'{figure(x)}·{figure(w)}' for x, w in terms)} = {value}"
    if len(window.sums) > 1:
        told = names or tuple(f"channel {n}" for n in range(len(window.sums)))
        parts = [f"{name} {figure(value)}" for name, value in zip(told, window.sums, strict=True)]
        return f"{' + '.join(parts)} = {value}"
    return f"sum of {window.patch.size} products = {value}"


def figure(value: float) -> str:
    """A number in few letters, with a true minus; negative ones in brackets where signs would meet."""
    value = value or 0.0  # no minus before a zero
    text = f"{value:.3g}" if abs(value) < 1000 else f"{value:,.0f}"
    return f"(−{text[1:]})" if text.startswith("-") else text
