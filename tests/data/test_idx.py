"""IDX files, sound and broken."""

import gzip
import struct

import numpy as np
import pytest
import torch

from workbench.data import SOURCES, DataError, load
from workbench.data.idx import read_idx
from workbench.project import DataChoice


def idx(array):
    return bytes((0, 0, 8, array.ndim)) + struct.pack(f">{array.ndim}I", *array.shape) + array.tobytes()


def write_idx(folder, prefix="", test="t10k", pack=True, size=(28, 28)):
    folder.mkdir(parents=True)
    drawn = np.random.default_rng(0)
    for part, count in ((f"{prefix}train", 50), (f"{prefix}{test}", 20)):
        for kind, array in (
            ("images-idx3", drawn.integers(0, 256, (count, *size), dtype=np.uint8)),
            ("labels-idx1", np.arange(count, dtype=np.uint8) % 10),
        ):
            body = idx(array)
            path = folder / f"{part}-{kind}-ubyte{'.gz' if pack else ''}"
            path.write_bytes(gzip.compress(body) if pack else body)
    return folder


@pytest.mark.parametrize("pack", [True, False])
@pytest.mark.parametrize("folder", ["MNIST", "FashionMNIST", "KMNIST"])
def test_idx_files_in_torchvisions_folders_are_read(root, folder, pack):
    name = {"FashionMNIST": "fashion-mnist"}.get(folder, folder.lower())
    write_idx(root / folder / "raw", pack=pack)
    dataset = load(DataChoice(source=name), (1, 28, 28))
    assert [len(part) for part in (dataset.train, dataset.validation, dataset.test)] == [40, 10, 20]
    assert len(dataset.classes) == SOURCES[name].classes


def test_emnist_stands_upright(root):
    folder = write_idx(root / "EMNIST" / "raw", "emnist-balanced-", "test")
    raw = read_idx(folder / "emnist-balanced-train-images-idx3-ubyte.gz", 3)
    collection = SOURCES["emnist"].fetch()
    assert torch.equal(collection.train.images[:, 0], raw.mT)
    assert collection.classes[10] == "A"
    assert len(collection.classes) == 47


def test_a_folder_that_holds_idx_files_is_a_source(tmp_path):
    dataset = load(DataChoice(source=str(write_idx(tmp_path / "any"))), (3, 32, 32))
    assert dataset.classes == tuple("0123456789")
    assert len(dataset.test) == 20


SOUND = idx(np.zeros((2, 2, 2), np.uint8))
HEAD = bytes((0, 0, 8, 3))


@pytest.mark.parametrize(
    "broken",
    [b"", HEAD, bytes((0, 0, 9, 3)) + bytes(12), SOUND[:-1], SOUND + b"x", HEAD + b"\xff" * 12, HEAD + bytes(12)],
)
@pytest.mark.parametrize("ending", ["", ".gz"])
def test_a_broken_idx_file_is_named(tmp_path, broken, ending):
    path = tmp_path / f"file{ending}"
    path.write_bytes(gzip.compress(broken) if ending else broken)
    with pytest.raises(DataError, match="file"):
        read_idx(path, 3)


def test_a_cut_off_gzip_file_is_named(tmp_path):
    (tmp_path / "file.gz").write_bytes(gzip.compress(idx(np.zeros((9, 9, 9), np.uint8)))[:-12])
    with pytest.raises(DataError, match=r"file\.gz: this file is damaged"):
        read_idx(tmp_path / "file.gz", 3)


def test_fashion_mnist_is_recognised_and_whole(real_images):
    dataset = load(DataChoice(source=str(real_images("fashion-mnist")), validation=0), (1, 28, 28))
    assert dataset.classes[0] == "T-shirt/top"
    assert torch.bincount(dataset.train.labels).tolist() == [6000] * 10
    assert (len(dataset.validation), len(dataset.test)) == (0, 10_000)
    assert dataset.mean + dataset.std == pytest.approx((0.2860, 0.3530), abs=5e-5)
