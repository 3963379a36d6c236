"""The IDX format of MNIST and its successors: http://yann.lecun.com/exdb/mnist/, with or without gzip."""

from __future__ import annotations

import gzip
import math
import struct
import zlib
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from workbench.data.collection import Collection, Images
from workbench.data.dataset import DataError

_MOST_BYTES = 1 << 32  # five times the largest set of this format


def idx_files(folder: Path, prefix: str = "") -> dict[str, Path] | None:
    """The training and test files in a folder, or None if it lacks the training ones."""
    found = {}
    for part, name in (("train", f"{prefix}train"), ("test", f"{prefix}test" if prefix else "t10k")):
        for kind in ("images-idx3", "labels-idx1"):
            paths = [folder / f"{name}-{kind}-ubyte{ending}" for ending in ("", ".gz")]
            path = next((path for path in paths if path.is_file()), None)
            if path is not None:
                found[f"{part} {kind[:6]}"] = path
    return found if {"train images", "train labels"} <= found.keys() else None


def read_idx_folder(files: dict[str, Path], classes: tuple[str, ...] = (), transposed: bool = False) -> Collection:
    """The collection of files found by `idx_files`; without ``classes`` their names are the numbers."""
    parts = {}
    for part in ("train", "test"):
        if {f"{part} images", f"{part} labels"} <= files.keys():
            images = read_idx(files[f"{part} images"], 3)
            labels = read_idx(files[f"{part} labels"], 1).long()
            if len(images) != len(labels):
                raise DataError(f"{files[f'{part} labels']}: {len(labels)} labels for {len(images)} images")
            images = images.mT.contiguous() if transposed else images
            parts[part] = Images(images[:, None], labels)
    names = classes or tuple(str(number) for number in range(1 + max(int(p.labels.max()) for p in parts.values())))
    for name, labelled in parts.items():
        if int(labelled.labels.max()) >= len(names):
            highest = int(labelled.labels.max())
            raise DataError(f"{files[f'{name} labels']}: the label {highest}, where there are {len(names)} classes")
    return Collection(names, parts["train"], None, parts.get("test"))


def read_idx(path: Path, dimensions: int) -> Tensor:
    """A uint8 tensor of so many dimensions, none of them empty. Raises `DataError`."""
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            head = file.read(4 + 4 * dimensions)
            if len(head) < 4 + 4 * dimensions or head[:4] != bytes((0, 0, 8, dimensions)):
                raise DataError(f"{path}: this is no IDX file of {dimensions} dimensions of bytes")
            shape = struct.unpack(f">{dimensions}I", head[4:])
            count = math.prod(shape)
            if not 0 < count <= _MOST_BYTES:
                raise DataError(f"{path}: this IDX file says its shape is {shape}, which cannot be read")
            body = file.read(count + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{path}: this file is damaged or cannot be read ({error})") from None
    if len(body) != count:
        raise DataError(f"{path}: this IDX file is {'longer' if len(body) > count else 'shorter'} than its shape says")
    return torch.from_numpy(np.frombuffer(bytearray(body), dtype=np.uint8)).view(shape)
