"""Many features of an image as a place in a plane: principal components, or t-SNE."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Any, Literal

import numpy as np

Method = Literal["PCA", "t-SNE"]

MOST_POINTS = 1_000
"""t-SNE takes one to three seconds for so many."""

_COMPONENTS = 50
_PERPLEXITY = 30.0
_NUMPYS = "libscipy_openblas"
"""The linear algebra that comes with NumPy and SciPy; PyTorch, which may be training, has its own."""
_OWN = ("sklearn.manifold", "sklearn.decomposition", "sklearn.utils.extmath")
"""The modules in whose steps a layout can be given up."""


@dataclass(frozen=True, slots=True, eq=False)
class Embedding:
    """``points`` is float32 ``(N, 2)``; ``shares`` of the variance that each axis of a PCA has, none of a t-SNE."""

    method: Method
    points: Any
    shares: tuple[float, ...] = ()


def spread_out(count: int, most: int = MOST_POINTS) -> Any:
    """Places of at most so many of ``count`` images, evenly over all."""
    return np.unique(np.linspace(0, count - 1, min(count, most)).round().astype(np.int64))


def embed(features: Any, method: Method, check: Callable[[], object] = lambda: None) -> Embedding:
    """Features ``(N, D)`` in a plane, the same each time.

    PCA: the two directions in which they differ most (Pearson 1901). t-SNE: neighbours stay neighbours, distances
    between groups say little (van der Maaten and Hinton 2008); it begins with the first principal components.
    ``check`` is called all the while, and ends it by raising.
    """
    count, width = features.shape
    points = np.zeros((count, 2), np.float32)
    values = np.nan_to_num(np.asarray(features, np.float32))
    if count < 3 or not values.any():
        return Embedding(method, points)
    from sklearn.decomposition import PCA

    pca = PCA(min(2 if method == "PCA" else _COMPONENTS, count, width), random_state=0)
    check()
    with _checking(check):
        main = pca.fit_transform(values)
    if method == "PCA":
        points[:, : main.shape[1]] = main
        return Embedding(method, points, tuple(map(float, np.nan_to_num(pca.explained_variance_ratio_))))
    from sklearn.manifold import TSNE

    perplexity = min(_PERPLEXITY, (count - 1) / 3)
    init = "pca" if main.shape[1] >= 2 else "random"
    tsne = TSNE(2, perplexity=perplexity, init=init, random_state=0)
    with _checking(check):
        laid_out = tsne.fit_transform(main)
    return Embedding(method, laid_out.astype(np.float32))


@contextmanager
def _checking(check: Callable[[], object]) -> Iterator[None]:
    """Call ``check`` between the steps of scikit-learn, which has no call-back of its own.

    The interpreter tells this thread of every call. Only within the modules that lay out does it lead to anything:
    elsewhere something that is asked by C code, which swallows errors, may be under way.
    """
    from threadpoolctl import ThreadpoolController

    before = sys.getprofile()

    def told(frame: FrameType, event: str, argument: Any) -> None:
        if frame.f_globals.get("__name__", "").startswith(_OWN):
            check()

    # On cores that others keep busy, NumPy's threads wait for each other so long that a step of 50 ms takes a second.
    with ThreadpoolController().select(prefix=_NUMPYS).limit(limits=1):
        sys.setprofile(told)
        try:
            yield
        finally:
            sys.setprofile(before)
