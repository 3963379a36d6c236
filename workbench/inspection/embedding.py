"""Many features of an image as a place in a plane: principal components, or t-SNE."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

Method = Literal["PCA", "t-SNE"]

MOST_POINTS = 1_000
"""t-SNE takes two to three seconds for so many, and nothing can interrupt it."""

_COMPONENTS = 50
_PERPLEXITY = 30.0


@dataclass(frozen=True, slots=True, eq=False)
class Embedding:
    """``points`` is float32 ``(N, 2)``; ``shares`` of the variance that each axis of a PCA has, none of a t-SNE."""

    method: Method
    points: Any
    shares: tuple[float, ...] = ()


def spread_out(count: int, most: int = MOST_POINTS) -> Any:
    """Places of at most so many of ``count`` images, evenly over all."""
    return np.unique(np.linspace(0, count - 1, min(count, most)).round().astype(np.int64))


def embed(features: Any, method: Method) -> Embedding:
    """Features ``(N, D)`` in a plane, the same each time.

    PCA: the two directions in which they differ most (Pearson 1901). t-SNE: neighbours stay neighbours, distances
    between groups say little (van der Maaten and Hinton 2008); it begins with the first principal components.
    """
    count, width = features.shape
    points = np.zeros((count, 2), np.float32)
    values = np.nan_to_num(np.asarray(features, np.float32))
    if count < 3 or not values.any():
        return Embedding(method, points)
    from sklearn.decomposition import PCA

    pca = PCA(min(2 if method == "PCA" else _COMPONENTS, count, width), random_state=0)
    main = pca.fit_transform(values)
    if method == "PCA":
        points[:, : main.shape[1]] = main
        return Embedding(method, points, tuple(map(float, np.nan_to_num(pca.explained_variance_ratio_))))
    from sklearn.manifold import TSNE

    perplexity = min(_PERPLEXITY, (count - 1) / 3)
    init = "pca" if main.shape[1] >= 2 else "random"
    tsne = TSNE(2, perplexity=perplexity, init=init, random_state=0)
    return Embedding(method, tsne.fit_transform(main).astype(np.float32))
