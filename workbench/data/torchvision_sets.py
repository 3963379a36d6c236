"""Sets whose files torchvision reads. It is imported when one is used: that takes seconds.

Its own downloads are not used, which show progress on the terminal and unpack without a limit. CIFAR's files are
pickles: torchvision compares the MD5 of each with the known one before it reads it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch

from workbench.data.collection import Collection, Files, Images

Read = Callable[[Path], Collection | None]


def arrays(name: str, train: dict[str, Any], test: dict[str, Any], classes: tuple[str, ...] = ()) -> Read:
    """A reader of a set that torchvision holds in memory; the arguments are those of its constructor."""

    def read(root: Path) -> Collection | None:
        parts = [_opened(name, root, arguments) for arguments in (train, test)]
        if parts[0] is None or parts[1] is None:
            return None
        names = classes or tuple(parts[0].classes)
        return Collection(names, _images(parts[0]), None, _images(parts[1]))

    return read


def files(
    name: str,
    folder: str,
    train: str,
    validation: str | None,
    test: str | None,
    arguments: dict[str, Any] | None = None,
) -> Read:
    """A reader of a set of image files that unpacks to ``folder``, by the names of its splits."""

    def read(root: Path) -> Collection | None:
        if not (root / folder).is_dir():
            return None
        parts = {
            split: _opened(name, root, {"split": split, **(arguments or {})})
            for split in (train, validation, test)
            if split
        }
        if any(part is None for part in parts.values()):
            return None
        names = tuple(_class_name(entry) for entry in parts[train].classes)
        listed = {split: _listed(part) for split, part in parts.items()}
        return Collection(names, listed[train], listed.get(validation or ""), listed.get(test or ""))

    return read


def _opened(name: str, root: Path, arguments: dict[str, Any]) -> Any:
    """torchvision's set, or None if its files are not there or not whole."""
    from torchvision import datasets

    try:
        return getattr(datasets, name)(str(root), download=False, **arguments)
    except (RuntimeError, FileNotFoundError):
        return None


def _images(opened: Any) -> Images:
    pixels = torch.as_tensor(np.asarray(opened.data))
    if pixels.ndim == 3:
        pixels = pixels[:, None]
    elif pixels.shape[1] not in (1, 3):
        pixels = pixels.permute(0, 3, 1, 2)
    labels = opened.labels if hasattr(opened, "labels") else opened.targets
    return Images(pixels.contiguous(), torch.as_tensor(np.asarray(labels)).long())


def _listed(opened: Any) -> Files:
    """Paths and labels, under the names that torchvision's sets of files have for them."""
    if hasattr(opened, "_samples"):
        pairs = opened._samples
    else:
        paths = opened._images if hasattr(opened, "_images") else opened._image_files
        pairs = list(zip(paths, opened._labels, strict=True))
    return Files(tuple(str(path) for path, _ in pairs), tuple(int(label) for _, label in pairs))


def _class_name(entry: Any) -> str:
    return entry if isinstance(entry, str) else entry[0]
